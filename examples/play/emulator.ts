/** The address of the emulated plex.tv, perhaps relative to the page; what builds the playground fills it in. */
declare const PLEX_URL: string;

const url = new URL(PLEX_URL, location.href).href.replace(/\/$/, '');

/** Where the playground's engine signs in. */
export const emulator = {
  serverURL: `${url}/api/v2`,
  authAppURL: `${url}/auth`,
  linkURL: `${url}/link`,
};
