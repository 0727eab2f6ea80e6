import { describe, expect, it } from 'vitest';
import { createVirtualTime } from '../../src/testing/index.ts';
import {
  type Answer,
  broken,
  createClient,
  createClientWith,
  errorIn,
  getToken,
  goodPin,
  goodUser,
  stalled,
} from './answering-client.ts';

const claimed = JSON.stringify({ ...goodPin, authToken: 'canary' });
const error1020 = JSON.stringify({ errors: [{ code: 1020, message: 'Code not found or expired' }] });

/** Issue 11: Plex may hand out a token only once, and the end of its answer is no part of it. */
describe('an answer that is complete although its body never ends', () => {
  it('is the answer where the connection breaks', async () => {
    const { client } = createClient(() => new Response(broken(claimed)));
    expect(await getToken(client)).toHaveProperty('status', 'claimed');
  });

  it('is the answer at the time limit where the body stalls, as of its last byte', async () => {
    const { clock, advance } = createVirtualTime();
    const startMs = clock.now();
    const { client } = createClientWith(
      { clock, requestTimeoutMs: 2000 },
      () => new Response(stalled(claimed)),
    );
    const reading = getToken(client);
    await advance(2000);
    expect(await reading).toMatchObject({ status: 'claimed', atMs: startMs });
  });

  it('is the answer when the caller aborts', async () => {
    const { clock, advance } = createVirtualTime();
    const abort = new AbortController();
    const { client } = createClientWith({ clock }, () => new Response(stalled(claimed)));
    const reading = getToken(client, { signal: abort.signal });
    await advance(100);
    abort.abort();
    expect(await reading).toHaveProperty('status', 'claimed');
  });

  it('is waited for to its end as long as that may come', async () => {
    const { clock, advance } = createVirtualTime();
    const { client } = createClientWith({ clock }, () => new Response(stalled(claimed)));
    let isOver = false;
    void getToken(client).then(() => {
      isOver = true;
    });
    await advance(14_999);
    expect(isOver).toBe(false);
  });

  it.each<[string, Answer]>([
    ['"not yet"', () => new Response(broken(JSON.stringify(goodPin)))],
    ['an error of Plex', () => new Response(broken(error1020), { status: 404 })],
  ])('counts as %s, too', async (_name, answer) => {
    const { client } = createClient(answer);
    expect(['pending', 'gone']).toContain((await getToken(client)).status);
  });

  it('counts for the other calls', async () => {
    const { client } = createClient(() => new Response(broken(JSON.stringify(goodUser))));
    expect(await client.getUser({ token: 'x' })).toMatchObject({ status: 'valid', user: { id: 1 } });
  });
});

describe('an answer that broke off', () => {
  it.each([claimed.slice(0, -1), '', ' ', '7', '"a text"', 'null', '<pin authToken="canary"/>'])(
    'is none: %j',
    async (start) => {
      const { client } = createClient(() => new Response(broken(start)));
      expect(await errorIn(getToken(client))).toMatchObject({ code: 'PLEX_NETWORK', status: 200 });
    },
  );

  it.each([claimed.slice(0, -1), ''])('is none at the time limit: %j', async (start) => {
    const { clock, advance } = createVirtualTime();
    const { client } = createClientWith({ clock }, () => new Response(stalled(start)));
    const error = errorIn(getToken(client));
    await advance(15_000);
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
  });
});

describe('the time of an answer', () => {
  it('is when its last byte arrived, not its status', async () => {
    const { clock, advance } = createVirtualTime();
    const startMs = clock.now();
    const bytes = new TextEncoder().encode(JSON.stringify(goodPin));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.subarray(0, 9));
        clock.setTimeout(() => {
          controller.enqueue(bytes.subarray(9));
          controller.close();
        }, 700);
      },
    });
    const { client } = createClientWith({ clock }, () => new Response(body));
    const reading = getToken(client);
    await advance(700);
    expect(await reading).toMatchObject({ status: 'pending', atMs: startMs + 700, tookMs: 700 });
  });
});
