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
  find('[role=alert]').hidden = view.status !== 'failed';
  find('[role=alert]').textContent = view.status === 'failed' ? view.error.message : '';
  find('#signed-in').hidden = view.status !== 'authenticated';
  find('#sign-in').hidden = view.status === 'authenticated';
});

find('#sign-in').addEventListener('click', auth.startInPopup);
find('#sign-out').addEventListener('click', auth.signOut);
