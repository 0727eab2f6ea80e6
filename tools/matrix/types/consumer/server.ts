/** Uses what needs Node. */
import { createServer } from 'node:http';
import { plexAuth } from 'plex-auth-flow/better-auth';
import { createSharedPlexFleet, type SharedPlexFleet } from 'plex-auth-flow/bullmq';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { configFolder, createFileStore, toTerminalQR } from 'plex-auth-flow/node';
import { createPlexAuthServer, type PlexAuthServerOptions, toNodeListener } from 'plex-auth-flow/server';
import { servePlexEmulator } from 'plex-auth-flow/testing';

const options: PlexAuthServerOptions = {
  product: 'My App',
  secret: 'x'.repeat(32),
  baseURL: 'https://example.com/auth/plex',
  access: { machineIdentifier: '1' },
  onSignIn: async ({ user, token, request }) => ({
    headers: { 'Set-Cookie': `id=${user.id}; ${token.reveal()} ${request.url}` },
    redirectTo: '/',
  }),
};
const { handler } = createPlexAuthServer(options);
createServer(toNodeListener(handler));
export const answer: Promise<Response> = handler(new Request('https://example.com/auth/plex'));

export const store = createFileStore(configFolder('my-app'));
export const picture: string = toTerminalQR('https://example.com');
export const address: Promise<string | undefined> = createPlexInspector({ port: 0 }).url;
export const emulated = servePlexEmulator({ port: 0 }).then(({ url, close }) => [url, close] as const);
export const plugin = plexAuth({ product: 'My App', clientIdentifier: 'my-app' });

export const shared: SharedPlexFleet = createSharedPlexFleet({
  product: 'My App',
  connection: 'redis://127.0.0.1:6379',
});
