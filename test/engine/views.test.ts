import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { count, createFlow, halfAnHourMs, hourMs, signIn } from '../fixture/create-flow.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';
import { arrivals, createArrival, isRunning } from './arrivals.ts';

describe('the view', () => {
  const codeKeys = ['authURL', 'code', 'expiresAtMs', 'linkURL', 'qrURL', 'status'];
  it.each<[name: string, keys: string[]]>([
    ['idle', ['status']],
    ['requestingPin, asking', ['status']],
    ['requestingPin, backing off', ['lastError', 'status']],
    ['awaitingLink', codeKeys],
    ['fetchingToken', codeKeys],
    ['authenticated', ['clientIdentifier', 'status', 'token']],
    ['expired', ['reason', 'status']],
    ['failed', ['error', 'status']],
    ['signingOut', ['status']],
  ])('while %s has exactly these fields: %j', async (name, keys) => {
    const flow = createArrival();
    const [, status, arrive] = arrivals.find(([one]) => one === name) ?? [];
    await arrive?.(flow);
    expect(flow.auth.getSnapshot().status).toBe(status);
    expect(Object.keys(flow.auth.getSnapshot()).sort()).toEqual(keys);
  });

  it('holds what Plex gave, and the deadline by its count', async () => {
    const { auth, emulator, time } = createFlow();
    const startMs = time.clock.now();
    emulator.fault({ type: 'slow', delayMs: 300 });
    auth.start();
    await time.advance(300);
    const [pin] = emulator.pins;
    expect(auth.getSnapshot()).toEqual({
      status: 'awaitingLink',
      code: pin?.code,
      authURL: expect.stringContaining(`#?clientID=tv&code=${pin?.code}&`),
      linkURL: `https://plex.tv/link/?pin=${pin?.code}`,
      qrURL: `https://plex.tv/api/v2/pins/qr/${pin?.code}`,
      expiresAtMs: startMs + 300 + halfAnHourMs,
    });
  });

  it('shows the same code during a read', async () => {
    const { auth, emulator, time, views } = createFlow();
    emulator.fault({ type: 'slow', delayMs: 300 }, { operation: 'getToken' });
    auth.start();
    await time.advance(1100);
    const [, awaiting, fetching] = views;
    expect(fetching).toEqual({ ...awaiting, status: 'fetchingToken' });
  });

  it('shows a token to nobody who does not ask it to', async () => {
    const flow = createFlow();
    const token = await signIn(flow);
    const view = flow.auth.getSnapshot();
    expect(JSON.stringify(view)).toContain('[redacted]');
    expect(`${JSON.stringify(view)}${inspect(view, { depth: 20, showHidden: true })}`).not.toContain(token);
  });

  it('is reported in the order of time', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.auth.signOut();
    await flow.time.advance(0);
    expect(flow.views.map(({ status }) => status)).toEqual([
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
      'signingOut',
      'idle',
    ]);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
  });

  it.each(arrivals)(
    'stays the same object while nothing changes, whatever is ignored: %s',
    async (_name, status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      const view = flow.auth.getSnapshot();
      const seen = flow.views.length;
      expect(flow.auth.getSnapshot()).toBe(view);
      if (status !== 'authenticated') flow.auth.signOut();
      if (!['idle', 'expired', 'failed'].includes(status)) flow.auth.start();
      if (!['awaitingLink', 'requestingPin'].includes(status)) flow.auth.check();
      if (!isRunning(status)) flow.auth.cancel();
      await flow.auth.verify().catch(() => {});
      expect(flow.auth.getSnapshot()).toBe(view);
      expect(flow.views).toHaveLength(seen);
    },
  );

  it('is a new object after each change, and the old ones stay as they were', async () => {
    const flow = createFlow();
    const first = flow.auth.getSnapshot();
    await signIn(flow);
    const all = [first, ...flow.views];
    expect(new Set(all).size).toBe(all.length);
    expect(first).toEqual({ status: 'idle' });
    expect(all.at(-1)).toBe(flow.auth.getSnapshot());
  });
});

describe('subscribers', () => {
  it('that throw stop neither the flow nor the others, and their errors are reported', async () => {
    const flow = createFlow();
    const broken = new Error('listener broke');
    const after: string[] = [];
    flow.auth.subscribe(() => {
      throw broken;
    });
    flow.auth.subscribe(({ status }) => after.push(status));
    const uncaught = await uncaughtIn(() => signIn(flow));
    expect(after).toEqual(['requestingPin', 'awaitingLink', 'fetchingToken', 'authenticated']);
    expect(uncaught).toEqual([broken, broken, broken, broken]);
  });

  it('that throw at the end stop neither the end nor the others', async () => {
    const flow = createFlow();
    let isTold = false;
    const uncaught = await uncaughtIn(async () => {
      flow.auth.start();
      await flow.time.advance(500);
      flow.auth.subscribe(
        () => {},
        () => {
          throw new Error('end broke');
        },
      );
      flow.auth.subscribe(
        () => {},
        () => {
          isTold = true;
        },
      );
      flow.auth.dispose();
    });
    expect(uncaught).toHaveLength(1);
    expect(isTold).toBe(true);
    expect(flow.time.timers).toBe(0);
  });

  it('are not called once they have unsubscribed, not even in the same round', async () => {
    const flow = createFlow();
    const seen: string[] = [];
    const unsubscribes: (() => void)[] = [];
    flow.auth.subscribe(() => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    });
    unsubscribes.push(flow.auth.subscribe(({ status }) => seen.push(status)));
    await signIn(flow);
    expect(seen).toEqual([]);
  });

  it('may each be the same function, and are called each time they subscribed', async () => {
    const flow = createFlow();
    let calls = 0;
    const listener = () => {
      calls += 1;
    };
    const unsubscribe = flow.auth.subscribe(listener);
    flow.auth.subscribe(listener);
    flow.auth.start();
    expect(calls).toBe(2);
    unsubscribe();
    unsubscribe();
    await flow.time.advance(0);
    expect(calls).toBe(3);
  });

  it('may read the view and act on it from within', async () => {
    const flow = createFlow();
    flow.auth.subscribe((view) => {
      expect(flow.auth.getSnapshot()).toBe(view);
      if (view.status === 'awaitingLink') flow.auth.cancel();
    });
    flow.auth.start();
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(count(flow.emulator, 'getToken')).toBe(0);
  });
});

describe('the methods of an engine', () => {
  it('work apart from it', async () => {
    const { auth, time, views } = createFlow();
    const { getSnapshot, subscribe, start, check, cancel, dispose } = auth;
    const statuses: string[] = [];
    const unsubscribe = subscribe(({ status }) => statuses.push(status));
    start();
    await time.advance(500);
    check();
    await time.advance(0);
    cancel();
    unsubscribe();
    dispose();
    expect(statuses).toEqual(['requestingPin', 'awaitingLink', 'fetchingToken', 'awaitingLink', 'idle']);
    expect(getSnapshot()).toBe(views.at(-1));
  });
});
