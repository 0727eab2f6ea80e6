import { describe, expect, it } from 'vitest';
import { createPlexAuth, signIn } from '../../src/index.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import {
  approve,
  createFlow,
  createWorld,
  hourMs,
  link,
  startFlow,
  tokenIn,
} from '../fixture/create-flow.ts';
import { driveFlow } from '../fixture/drive-flow.ts';

/** A Plex that never lets the user approve, and answers each read with the count that `countOf` makes of its number. */
function createCountingPlex(countOf: (read: number) => number) {
  let reads = 0;
  const fetch = async (_url: unknown, init?: RequestInit) => {
    const isNew = init?.method === 'POST';
    const expiresIn = isNew ? 900 : countOf(reads++);
    return Response.json({ id: 5, code: 'ABCD', expiresIn, authToken: null }, { status: isNew ? 201 : 200 });
  };
  return { fetch, reads: () => reads };
}

describe('a sign-in ends with the life of its PIN, by its own timers, where Plex’s count', () => {
  it.each<[string, (read: number) => number]>([
    ['crawls down by a millionth of a second', (read) => 900 - read / 1e6],
    ['stands still', () => 900],
    ['goes up', (read) => 900 + read],
    ['jumps up and down', (read) => (read % 2 ? 900 : 1)],
    ['starts again each time it is nearly over', (read) => 900 - (read % 800)],
  ])('%s', async (_name, countOf) => {
    const { clock, advance } = createVirtualTime();
    const { fetch } = createCountingPlex(countOf);
    const auth = createPlexAuth({ product: 'x', clientIdentifier: 'tv', fetch, clock });
    auth.start();
    await advance(890_000);
    expect(auth.getSnapshot().status).toMatch(/awaitingLink|fetchingToken/);
    await advance(20_000);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('crawls, although the clock is set back again and again', async () => {
    const { clock, advance } = createVirtualTime();
    const { fetch } = createCountingPlex((read) => 900 - read / 1e6);
    let shiftMs = 0;
    const shifted = { ...clock, now: () => clock.now() + shiftMs };
    const auth = createPlexAuth({ product: 'x', clientIdentifier: 'tv', fetch, clock: shifted });
    auth.start();
    for (let step = 0; step < 92; step++) {
      await advance(10_000);
      shiftMs -= hourMs;
    }
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('stands still, although each answer ends as late as it may', async () => {
    const { clock, advance } = createVirtualTime();
    const pending = new TextEncoder().encode('{"id":5,"code":"ABCD","expiresIn":900,"authToken":null}');
    const fetch = async (_url: unknown, init?: RequestInit) => {
      const isNew = init?.method === 'POST';
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(pending);
          if (isNew) controller.close();
        },
      });
      return new Response(body, { status: isNew ? 201 : 200 });
    };
    const auth = createPlexAuth({ product: 'x', clientIdentifier: 'tv', fetch, clock });
    auth.start();
    await advance(890_000);
    expect(auth.getSnapshot().status).toMatch(/awaitingLink|fetchingToken/);
    await advance(45_000);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is shown as it is believed: the view never promises more than is left', async () => {
    const { clock, advance } = createVirtualTime();
    const { fetch } = createCountingPlex(() => 900);
    const auth = createPlexAuth({ product: 'x', clientIdentifier: 'tv', fetch, clock });
    auth.start();
    const startMs = clock.now();
    await advance(600_000);
    const view = auth.getSnapshot();
    expect(view.expiresAtMs && view.expiresAtMs - startMs).toBeLessThanOrEqual(903_000);
  });
});

describe('giveUpAfterMs is a duration', () => {
  it.each([hourMs, -hourMs])('that a clock which is set by %i ms does not change', async (clockByMs) => {
    const { drive } = await driveFlow({
      options: { giveUpAfterMs: 60_000 },
      script: [
        { atMs: 10_500, device: { clockByMs } },
        { atMs: 58_000, test: ({ view }) => expect(view.status).toMatch(/awaitingLink|fetchingToken/) },
      ],
      untilMs: 63_000,
    });
    expect(drive.view).toEqual({ status: 'expired', reason: 'limit' });
  });

  it('in which requests count too, as long as they take', async () => {
    const flow = startFlow({ giveUpAfterMs: 20_000 });
    flow.emulator.fault({ type: 'slow', delayMs: 4000 }, { times: Infinity });
    await flow.time.advance(19_000);
    expect(flow.status()).toMatch(/awaitingLink|fetchingToken/);
    await flow.time.advance(10_000);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'limit' });
  });

  it('that is the reason for the end where it ends a few milliseconds after the last read', async () => {
    const flow = startFlow({ giveUpAfterMs: 10_004 });
    await flow.time.advance(11_000);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'limit' });
  });

  it('says what was last wrong, where Plex was never reached', async () => {
    const { clock, advance } = createVirtualTime();
    const fetch = () =>
      Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      );
    const result = signIn({ product: 'x', clientIdentifier: 'tv', fetch, clock, giveUpAfterMs: 2000 });
    const error = result.catch((reason) => reason);
    await advance(20_000);
    expect(await error).toMatchObject({
      code: 'PLEX_EXPIRED',
      message:
        'The limit of giveUpAfterMs ran out before the user approved. The last request failed: Plex did not answer',
      cause: { code: 'PLEX_NETWORK', cause: { code: 'ECONNREFUSED' } },
    });
  });

  it('says nothing of errors that have passed', async () => {
    const { clock, advance } = createVirtualTime();
    const { fetch } = createCountingPlex((read) => 900 - read);
    const result = signIn({ product: 'x', clientIdentifier: 'tv', fetch, clock, giveUpAfterMs: 5000 });
    const error = result.catch((reason) => reason);
    await advance(20_000);
    expect((await error).message).toBe('The limit of giveUpAfterMs ran out before the user approved');
    expect(await error).not.toHaveProperty('cause');
  });
});

describe('hints', () => {
  it('by the hundred bring three reads at once, and then two a second', async () => {
    const flow = startFlow();
    await flow.time.advance(500);
    for (let hint = 0; hint < 300; hint++) {
      flow.auth.check();
      await flow.time.advance(10);
    }
    const sent = flow.sent();
    expect(sent.length).toBeLessThanOrEqual(9);
    expect(sent.slice(0, 3)).toEqual([500, 510, 520]);
    const gaps = sent.slice(4).map((atMs, index) => atMs - (sent[index + 3] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
  });

  it('by the hundred while Plex cannot be reached use up no attempts faster than that', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'status', status: 503 }, { times: Infinity });
    for (let hint = 0; hint < 150; hint++) {
      flow.auth.check();
      await flow.time.advance(10);
    }
    expect(flow.sent('getPin').length).toBeLessThanOrEqual(7);
    expect(flow.status()).toBe('requestingPin');
    for (let hint = 0; hint < 3000; hint++) {
      flow.auth.check();
      await flow.time.advance(10);
    }
    expect(flow.status()).toBe('failed');
    expect(flow.sent('getPin').length).toBeLessThanOrEqual(16);
  });

  it('are answered at once again, after a read that waited its time', async () => {
    const flow = startFlow();
    await flow.time.advance(500);
    for (let hint = 0; hint < 10; hint++) {
      flow.auth.check();
      await flow.time.advance(100);
    }
    await flow.time.advance(3300);
    const token = await approve(flow);
    expect(tokenIn(flow.auth)).toBe(token);
  });

  it('that come while the third read is out are answered within half a second', async () => {
    const flow = createFlow({}, createWorld());
    flow.auth.start();
    await flow.time.advance(500);
    for (let hint = 0; hint < 3; hint++) {
      flow.auth.check();
      await flow.time.advance(0);
    }
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(500);
    expect(tokenIn(flow.auth)).toBe(token);
  });
});

it('Plex is asked less often in an outage, where the interval is longer than the back-off', async () => {
  const flow = startFlow({ polling: { intervalMs: 60_000 } });
  await flow.time.advance(130_000);
  flow.emulator.fault({ type: 'status', status: 503 }, { times: Infinity });
  const before = flow.sent().length;
  await flow.time.advance(600_000);
  expect(flow.sent().length - before).toBeLessThanOrEqual(6);
});
