/** What the server end costs, in memory and in one process. Run with `npm run bench:server`. */
import { EncryptJWT, jwtDecrypt } from 'jose';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { createPlexEmulator } from '../../src/testing/index.ts';

const origin = 'https://app.example';
const emulator = createPlexEmulator();
const server = createPlexAuthServer({
  product: 'Bench',
  secret: 'of the bench: 32 bytes or more, please',
  baseURL: origin,
  fetch: emulator.fetch,
  readsPerSecond: Number.POSITIVE_INFINITY,
  onSignIn: () => ({}),
});

const toRequest = (path: string, cookie: string, method = 'GET') =>
  new Request(`${origin}/auth/plex${path}`, {
    method,
    headers: {
      ...(cookie && { Cookie: cookie }),
      'Sec-Fetch-Site': 'same-origin',
      Accept: 'application/json',
    },
  });

async function begin(): Promise<string> {
  const response = await server.handler(toRequest('/attempt', '', 'POST'));
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** The same endpoint as somebody writes it who knows what matters: a sealed cookie, one read at Plex, one answer. */
async function createHandWritten() {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const clientIdentifier = await server.clientIdentifier();
  const { id, code } = await emulator
    .fetch('https://clients.plex.tv/api/v2/pins?strong=true', {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': clientIdentifier },
    })
    .then((response) => response.json() as Promise<{ id: number; code: string }>);
  const cookie = await new EncryptJWT({ id, code })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setExpirationTime('30m')
    .encrypt(key);
  const handler = async (request: Request): Promise<Response> => {
    const sealed = /attempt=([^;]+)/.exec(request.headers.get('Cookie') ?? '')?.[1] ?? '';
    const { payload } = await jwtDecrypt(sealed, key);
    const response = await emulator.fetch(`https://clients.plex.tv/api/v2/pins/${payload['id']}`, {
      headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': clientIdentifier },
    });
    const { authToken, expiresIn } = (await response.json()) as {
      authToken: string | null;
      expiresIn: number;
    };
    return Response.json({ status: authToken ? 'authenticated' : 'pending', expiresInMs: expiresIn * 1000 });
  };
  return { handler, cookie: `attempt=${cookie}` };
}

/** As many ask at once as keep one core busy. */
const atOnce = 20;

/** @returns Requests per second of CPU time: one core's, whatever else the machine does. */
async function perSecond(ask: () => Promise<Response>, count = 3000): Promise<number> {
  const begun = process.cpuUsage();
  const askOften = async () => {
    for (let n = 0; n < count / atOnce; n++) await (await ask()).text();
  };
  await Promise.all(Array.from({ length: atOnce }, askOften));
  const { user, system } = process.cpuUsage(begun);
  return count / ((user + system) / 1e6);
}

async function measureSpeed(): Promise<void> {
  const cookie = await begin();
  const byHand = await createHandWritten();
  const asked = {
    handler: () => server.handler(toRequest('/attempt', cookie)),
    'by hand': () => byHand.handler(toRequest('/attempt', byHand.cookie)),
  };
  const best: Record<string, number> = {};
  // In turns, so that what else the machine does meets both.
  for (let round = 0; round < 5; round++) {
    for (const [name, ask] of Object.entries(asked))
      best[name] = Math.max(best[name] ?? 0, await perSecond(ask));
  }
  const [handler = 0, hand = 1] = Object.values(best);
  console.log(
    `a waiting attempt: ${handler.toFixed(0)} requests per CPU second; written by hand ${hand.toFixed(0)}: ${(hand / handler).toFixed(2)} x`,
  );
}

async function measureMemory(people = 10_000): Promise<void> {
  const heap = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const createWaiting = () =>
    createPlexAuthServer({
      product: 'Bench',
      secret: 'of the bench: 32 bytes or more, please',
      baseURL: origin,
      // Answers without an emulator, which keeps every PIN.
      fetch: async (_input, init) =>
        Response.json({
          ...{ id: 7, code: 'abcd', expiresIn: 1800, authToken: null, clientIdentifier: 'bench' },
          ...(init?.method === 'POST' && { qr: null }),
        }),
      readsPerSecond: Number.POSITIVE_INFINITY,
      onSignIn: () => ({}),
    });
  const waiting = createWaiting();
  const wait = async () => {
    const begun = await waiting.handler(toRequest('/attempt', '', 'POST'));
    const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    await (await waiting.handler(toRequest('/attempt', cookie))).text();
  };
  for (let n = 0; n < 500; n++) await wait();
  const before = heap();
  for (let n = 0; n < people; n++) await wait();
  console.log(`${people} waiting people: ${((heap() - before) / people).toFixed(1)} bytes each`);
}

await measureSpeed();
await measureMemory();
