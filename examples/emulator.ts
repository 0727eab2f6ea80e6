/** Where the emulated plex.tv is; `npm run play` fills it in. */
declare const PLEX_URL: string;

/** For these examples only: without the three, an engine talks to plex.tv. */
export const emulator = {
  serverURL: PLEX_URL,
  authAppURL: `${PLEX_URL}/auth`,
  linkURL: `${PLEX_URL}/link`,
};
