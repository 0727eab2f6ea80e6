import { toReadable } from 'plex-auth-flow/adapters';
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { emulator } from '../emulator.ts';

// Made again when the user comes back: it finds the PIN that it left with, and goes on by itself.
const auth = createBrowserPlexAuth({
  product: 'My App',
  // Keeps the user signed in at the next visit. Leave it out, and the token is gone with the page.
  credentials: localStorage,
  ...emulator,
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
  complain(view.status === 'failed' ? view.error.message : '');
});

find('#sign-in').addEventListener('click', async () => {
  const opening = await auth.startByRedirect();
  // A browser that keeps nothing between two pages; a popup would still do.
  if (opening.status === 'refused') complain(opening.error.message);
});
find('#sign-out').addEventListener('click', auth.signOut);
