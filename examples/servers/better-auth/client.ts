/** The page's end: `npx esbuild client.ts --bundle --minify --format=esm --outfile=client.js` */
import { createAuthClient } from 'better-auth/client';
import { plexAuthClient } from 'plex-auth-flow/better-auth/client';

export const client = createAuthClient({ plugins: [plexAuthClient()] });
export const signIn = () => client.signIn.plex({ callbackURL: '/', errorCallbackURL: '/' });
