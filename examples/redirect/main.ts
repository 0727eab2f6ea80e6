import { toReadable } from 'plex-auth-flow/adapters';
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';

// The page creates it again when the user comes back: it finds the stored PIN and continues automatically.
const auth = createBrowserPlexAuth({
  product: 'My App',
  // Keeps the user signed in for the next visit. Without it, the token is lost with the page.
  credentials: localStorage,
});
const find = (selector: string) => document.querySelector(selector) as HTMLElement;

function complain(message = ''): void {
  find('[role=alert]').hidden = message === '';
  find('[role=alert]').textContent = message;
}

toReadable(auth).subscribe((view) => {
  find('[role=status]').textContent = view.status;
  find('#signed-in').hidden = view.status !== 'authenticated';
  find('#sign-in').hidden = view.status === 'authenticated';
  find('#cancel').hidden = view.status !== 'requestingPin' && !view.code;
  // The end of the sign-in, or what the engine deals with itself.
  complain((view.status === 'failed' ? view.error : view.lastError)?.message);
});

find('#sign-in').addEventListener('click', async () => {
  const opening = await auth.startByRedirect();
  // This browser stores nothing between two pages; a popup would still work.
  if (opening.status === 'refused') complain(opening.error.message);
});
find('#cancel').addEventListener('click', auth.cancel);
find('#sign-out').addEventListener('click', auth.signOut);
