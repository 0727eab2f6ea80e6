/** The page under test: an application with both ways to sign in, set up by the parameters in its address. */
import type { BrowserPlexAuth, PageOpening } from '../../src/browser/browser-plex-auth.ts';
import { createBrowserPlexAuth } from '../../src/browser/create-browser-plex-auth.ts';

const query = new URLSearchParams(location.search);
const plexURL = query.get('plex') ?? '';

declare global {
  interface Window {
    auth: BrowserPlexAuth;
    openings: PageOpening[];
    statuses: string[];
    wasRestored?: boolean;
  }
}

const auth = createBrowserPlexAuth({
  product: 'E2E',
  serverURL: plexURL,
  authAppURL: `${plexURL}/auth`,
  ...(query.has('forward') && { forwardURL: `${location.origin}/signed-in` }),
  ...(query.has('keep') && { credentials: localStorage }),
  ...(query.has('renew') && { renewals: 5 }),
  ...(query.has('short') && { strong: false }),
});
const openings: PageOpening[] = [];
const statuses: string[] = [];
Object.assign(window, { auth, openings, statuses });

addEventListener('pageshow', ({ persisted }) => Object.assign(window, { wasRestored: persisted }));

const output = document.querySelector('output');
const show = () => {
  const { status } = auth.getSnapshot();
  statuses.push(status);
  if (output) output.textContent = status;
};
auth.subscribe(show);
show();

document.querySelector('#popup')?.addEventListener('click', () => openings.push(auth.startInPopup()));
document.querySelector('#redirect')?.addEventListener('click', async () => {
  openings.push(await auth.startByRedirect());
});
document.querySelector('#cancel')?.addEventListener('click', () => auth.cancel());
