/** An application with both ways to sign in, set up by the parameters in its address. */
import { createBrowserPlexAuth, type PageOpening } from 'plex-auth-flow/browser';

const query = new URLSearchParams(location.search);
const plexURL = query.get('plex') ?? '';
if (query.has('without-locks')) Object.defineProperty(navigator, 'locks', { value: undefined });

const openings: PageOpening[] = [];
const auth = createBrowserPlexAuth({
  product: 'Matrix',
  serverURL: plexURL,
  authAppURL: `${plexURL}/auth`,
  ...(query.has('forward') && { forwardURL: `${location.origin}/signed-in` }),
  ...(query.has('keep') && { credentials: localStorage }),
});
Object.assign(window, { auth, openings, wasRestored: false });

addEventListener('pageshow', ({ persisted }) => Object.assign(window, { wasRestored: persisted }));

const output = document.querySelector('output');
const show = () => {
  if (output) output.textContent = auth.getSnapshot().status;
};
auth.subscribe(show);
show();

// Nobody has clicked yet.
if (query.has('popup-at-once')) openings.push(auth.startInPopup());
document.querySelector('#popup')?.addEventListener('click', () => openings.push(auth.startInPopup()));
document.querySelector('#redirect')?.addEventListener('click', async () => {
  openings.push(await auth.startByRedirect());
});
