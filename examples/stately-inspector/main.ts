import { createBrowserInspector } from '@statelyai/inspect';
import { createPlexAuth } from 'plex-auth-flow';

/** The address of the emulated plex.tv; `serve.mjs` fills it in. */
declare const PLEX_URL: string;

const button = document.querySelector('button') as HTMLButtonElement;
const status = document.querySelector('[role=status]') as HTMLElement;
const approve = document.querySelector('a') as HTMLAnchorElement;

button.addEventListener('click', () => {
  button.disabled = true;
  // Stately's own page needs the internet; `?inspector=` names another page with the same protocol.
  const url = new URLSearchParams(location.search).get('inspector');
  const { inspect } = createBrowserInspector(url ? { url } : {});
  const auth = createPlexAuth({
    product: 'Inspected',
    serverURL: PLEX_URL,
    authAppURL: `${PLEX_URL}/auth`,
    linkURL: `${PLEX_URL}/link`,
    inspect,
  });
  auth.subscribe((view) => {
    status.textContent = view.status;
    approve.hidden = !view.code;
    if (view.code) approve.href = view.authURL;
  });
  addEventListener('focus', () => auth.check());
  auth.start();
});
