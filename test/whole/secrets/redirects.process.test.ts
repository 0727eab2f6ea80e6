/** Two servers on loopback, and the platform's own fetch: the second never receives what is for the first. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlexAuth, type PlexAuthView } from '../../../src/index.ts';
import { createPlexClient, type PlexClient } from '../../../src/plex/client.ts';

const token = 'tok-canary-5Qz81xWv';
const clientIdentifier = 'client-canary-77aa';

interface Asked {
  readonly address: string;
  readonly headers: IncomingMessage['headers'];
}

let status = 302;
let location = '';
const askedFirst: Asked[] = [];
const askedSecond: Asked[] = [];

const first = createServer(({ url = '', headers }, response) => {
  askedFirst.push({ address: url, headers });
  response.writeHead(status, { Location: location, 'Content-Length': 0 }).end();
});
const second = createServer(({ url = '', headers }, response) => {
  askedSecond.push({ address: url, headers });
  const answer = { id: 7, code: 'thiefs-code', expiresIn: 900, authToken: 'thiefs-token', pong: true };
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
});
const listen = (server: Server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(() => Promise.all([listen(first), listen(second)]));
afterAll(() => {
  first.close();
  second.close();
});
beforeEach(() => {
  askedFirst.length = 0;
  askedSecond.length = 0;
});

const serverURL = () => `http://127.0.0.1:${portOf(first)}/api/v2`;
/** Another name and another port of this machine: for fetch another host. */
const elsewhere = () => `http://localhost:${portOf(second)}/api/v2/stolen`;

const withToken: [string, (client: PlexClient) => Promise<unknown>][] = [
  ['getUser', (client) => client.getUser({ token })],
  ['getServers', (client) => client.getServers({ token })],
  ['hasAccess', (client) => client.hasAccess({ token, machineIdentifier: 'attic' })],
  ['signOut', (client) => client.signOut({ token })],
  ['linkPin', (client) => client.linkPin({ token, code: 'code-canary' })],
  ['ping', (client) => client.ping({ token })],
];
const withoutToken: [string, (client: PlexClient) => Promise<unknown>][] = [
  ['getPin', (client) => client.getPin()],
  ['getToken', (client) => client.getToken({ pinID: 7 })],
];
const statuses = [301, 302, 303, 307, 308];

describe.each(withToken)('%s, which sends a token,', (_operation, call) => {
  it.each(statuses)('leaves the other host of a %d unasked', async (redirect) => {
    status = redirect;
    location = elsewhere();
    const client = createPlexClient({ clientIdentifier, serverURL: serverURL() });
    await expect(call(client)).rejects.toMatchObject({ name: 'PlexAuthError', code: 'PLEX_HTTP', status });
    expect(askedFirst.map(({ headers }) => headers['x-plex-token'])).toEqual([token]);
    expect(askedSecond).toEqual([]);
  });
});

describe.each(withoutToken)('%s, which sends no token,', (_operation, call) => {
  it.each(statuses)('leaves the other host of a %d unasked', async (redirect) => {
    status = redirect;
    location = elsewhere();
    const client = createPlexClient({ clientIdentifier, serverURL: serverURL() });
    await expect(call(client)).rejects.toMatchObject({ name: 'PlexAuthError', retryable: true });
    expect(askedSecond).toEqual([]);
  });
});

it('a flow whose server sends it elsewhere signs nobody in', async () => {
  status = 307;
  location = elsewhere();
  const auth = createPlexAuth({ product: 'Canary', clientIdentifier, serverURL: serverURL() });
  const views: PlexAuthView[] = [];
  auth.subscribe((view) => views.push(view));
  auth.start();
  await expect.poll(() => views.length, { timeout: 10_000 }).toBeGreaterThan(1);
  await auth.dispose();
  expect(views.map(({ status: name }) => name)).not.toContain('awaitingLink');
  expect(askedSecond).toEqual([]);
});

it("the platform's fetch carries a token to another host when it follows, which is why it is not let", async () => {
  status = 302;
  location = elsewhere();
  await fetch(serverURL(), { headers: { 'X-Plex-Token': token } });
  expect(askedSecond.map(({ headers }) => headers['x-plex-token'])).toEqual([token]);
});
