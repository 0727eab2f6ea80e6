/** The address of the emulated plex.tv; `npm run play` fills it in. */
declare const PLEX_URL: string;

/** Where the playground's engine signs in. */
export const emulator = {
  serverURL: PLEX_URL,
  authAppURL: `${PLEX_URL}/auth`,
  linkURL: `${PLEX_URL}/link`,
};
