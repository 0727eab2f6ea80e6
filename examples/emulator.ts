/** The address of the emulated plex.tv; `npm run play` fills it in. */
declare const PLEX_URL: string;

/** For these examples only. Without these three options, an engine uses plex.tv. */
export const emulator = {
  serverURL: PLEX_URL,
  authAppURL: `${PLEX_URL}/auth`,
  linkURL: `${PLEX_URL}/link`,
};
