/**
 * How to run the program. Every command line that the program shows begins with it.
 *
 * `npx` finds the program wherever it is installed, and fetches it where it is not. The bin `plex-auth` works only where it
 * is installed: as a package, that name is free for others to take.
 */
export const programCall = 'npx plex-auth-flow';
