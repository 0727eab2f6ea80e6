import { toReadable } from 'plex-auth-flow/adapters';
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';

const auth = createBrowserPlexAuth({ product: 'My App' });
const find = (selector: string) => document.querySelector(selector) as HTMLElement;

// A store also calls at once, so this shows the first view too.
toReadable(auth).subscribe((view) => {
  find('[role=status]').textContent = view.status;
  find('#waiting').hidden = !view.code;
  find('code').textContent = view.code ?? '';
  find('a').setAttribute('href', view.authURL ?? '');
  // The end of the sign-in, or what the engine deals with itself.
  const error = view.status === 'failed' ? view.error : view.lastError;
  find('[role=alert]').hidden = !error;
  find('[role=alert]').textContent = error?.message ?? '';
  find('#cancel').hidden = view.status !== 'requestingPin' && !view.code;
  find('#signed-in').hidden = view.status !== 'authenticated';
  find('#sign-in').hidden = view.status === 'authenticated';
});

find('#sign-in').addEventListener('click', auth.startInPopup);
find('#cancel').addEventListener('click', auth.cancel);
find('#sign-out').addEventListener('click', auth.signOut);
