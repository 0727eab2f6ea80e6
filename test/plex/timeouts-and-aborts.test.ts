import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createPlexClient, type PlexClient } from '../../src/plex/client.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';
import {
  type Answer,
  createClient,
  createClientWith,
  errorIn,
  goodPin,
  json,
  refused,
  stalled,
  unreachable,
} from './answering-client.ts';

describe('how long it takes', () => {
  const forever: Answer = () => new Promise(() => {});

  it.each<[string, Answer]>([
    ['a fetch that ignores its signal', forever],
    ['a body that stalls', () => new Response(stalled('{"id":3'), { status: 201 })],
  ])('gives up %s at the time limit', async (_name, answer) => {
    const { clock, advance } = createVirtualTime();
    const startMs = clock.now();
    const { client } = createClientWith({ clock, requestTimeoutMs: 2000 }, answer);
    const fault = errorIn(client.getPin());
    let isOver = false;
    void fault.then(() => {
      isOver = true;
    });
    await advance(1999);
    expect(isOver).toBe(false);
    await advance(1);
    expect(isOver).toBe(true);
    expect(await fault).toMatchObject({ code: 'PLEX_TIMEOUT', retryable: true, atMs: startMs + 2000 });
    expect((await fault).message).toContain('2000 ms');
  });

  it.each(['hang', 'stalled'] as const)(
    'aborts the request in flight at the time limit: %s',
    async (type) => {
      const time = createVirtualTime();
      const emulator = createPlexEmulator({ clock: time.clock });
      emulator.fault({ type });
      const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch });
      const fault = errorIn(client.getPin());
      await time.advance(15_000);
      expect(await fault).toHaveProperty('code', 'PLEX_TIMEOUT');
      expect(emulator.pending).toBe(0);
      expect(time.timers).toBe(0);
    },
  );

  it('allows 15 seconds unless an option says otherwise, and leaves no timer behind an answer', async () => {
    const time = createVirtualTime();
    const { client } = createClientWith({ clock: time.clock }, forever, () => json(201, goodPin));
    const fault = errorIn(client.getPin());
    await time.advance(15_000);
    expect(await fault).toHaveProperty('code', 'PLEX_TIMEOUT');
    await client.getPin();
    expect(time.timers).toBe(0);
  });

  it('says when an answer came and how long it took', async () => {
    const { clock, advance } = createVirtualTime();
    const startMs = clock.now();
    const emulator = createPlexEmulator({ clock });
    const client = createPlexClient({ clientIdentifier: 'tv', clock, fetch: emulator.fetch });
    const { pinID } = await client.getPin();
    emulator.fault({ type: 'slow', delayMs: 700 });
    const reading = client.getToken({ pinID });
    await advance(700);
    expect(await reading).toEqual({
      status: 'pending',
      atMs: startMs + 700,
      tookMs: 700,
      expiresInMs: 899_000,
    });
  });
});

describe('an abort', () => {
  it.each<[string, (client: PlexClient, signal: AbortSignal) => Promise<unknown>]>([
    ['getPin', (client, signal) => client.getPin({ signal })],
    ['getToken', (client, signal) => client.getToken({ pinID: 7, signal })],
    ['getUser', (client, signal) => client.getUser({ token: 'x', signal })],
    ['signOut', (client, signal) => client.signOut({ token: 'x', signal })],
    ['linkPin', (client, signal) => client.linkPin({ token: 'x', code: 'ABCD', signal })],
    ['ping', (client, signal) => client.ping({ signal })],
  ])('rejects %s with the reason of the signal, and leaves nothing behind', async (_name, call) => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    emulator.fault({ type: 'hang' });
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch });
    const abort = new AbortController();
    const outcome = call(client, abort.signal).catch((error: unknown) => error);
    await time.advance(100);
    expect(emulator.pending).toBe(1);
    const reason = { why: 'the page was closed' };
    abort.abort(reason);
    expect(await outcome).toBe(reason);
    expect(emulator.pending).toBe(0);
    expect(time.timers).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    expect(emulator.requests).toHaveLength(1);
  });

  it('breaks a body that is being read', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    emulator.fault({ type: 'stalled' });
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch });
    const abort = new AbortController();
    const outcome = client.getPin({ signal: abort.signal }).catch((error: unknown) => error);
    await time.advance(100);
    abort.abort('enough');
    expect(await outcome).toBe('enough');
    expect(time.timers).toBe(0);
  });

  it('asks nothing with a signal that is aborted already', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    await expect(client.getPin({ signal: AbortSignal.abort('too late') })).rejects.toBe('too late');
    expect(emulator.requests).toEqual([]);
  });

  it('leaves no listener on a signal whose request was answered or failed', async () => {
    const { signal } = new AbortController();
    const { client } = createClient(
      () => json(201, goodPin),
      () => refused(500, undefined),
      unreachable,
    );
    await client.getPin({ signal });
    await errorIn(client.getPin({ signal }));
    await errorIn(client.getPin({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that comes when the answer is in does not drop the token', async () => {
    const abort = new AbortController();
    const { client } = createClient(() => {
      queueMicrotask(() => abort.abort());
      return json(200, { ...goodPin, authToken: 'canary' });
    });
    const reading = await client.getToken({ pinID: 7, signal: abort.signal });
    expect(reading).toHaveProperty('status', 'claimed');
  });
});
