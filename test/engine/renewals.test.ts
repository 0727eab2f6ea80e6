import { describe, expect, it } from 'vitest';
import { approve, codeIn, createFlow, createWorld, hourMs, signIn } from '../fixture/create-flow.ts';

describe('renewals', () => {
  it('replace an expired PIN as often as is allowed, with a new code each', async () => {
    const { auth, emulator, time, views } = createFlow(
      { renewals: 2 },
      createWorld({ lifetimeMs: { strong: 10_000 } }),
    );
    auth.start();
    await time.advance(60_000);
    expect(emulator.pins).toHaveLength(3);
    expect(new Set(views.flatMap((view) => ('code' in view ? [view.code] : []))).size).toBe(3);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(views.filter(({ status }) => status === 'expired')).toHaveLength(1);
    expect(time.timers).toBe(0);
  });

  it('are there again at the next start', async () => {
    const { auth, emulator, time } = createFlow(
      { renewals: 1 },
      createWorld({ lifetimeMs: { strong: 10_000 } }),
    );
    auth.start();
    await time.advance(60_000);
    auth.start();
    await time.advance(60_000);
    expect(emulator.pins).toHaveLength(4);
  });

  it('bring a token from the second PIN', async () => {
    const flow = createFlow({ renewals: 1 }, createWorld({ lifetimeMs: { strong: 10_000 } }));
    flow.auth.start();
    await flow.time.advance(12_500);
    expect(codeIn(flow.auth)).toBe(flow.emulator.pins[1]?.code);
    await approve(flow);
  });

  it('without end still end with the limit', async () => {
    const { auth, emulator, time } = createFlow(
      { renewals: Number.POSITIVE_INFINITY, giveUpAfterMs: 95_000 },
      createWorld({ lifetimeMs: { strong: 10_000 } }),
    );
    auth.start();
    await time.advance(hourMs);
    expect(emulator.pins).toHaveLength(10);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'limit' });
  });
});

describe('giveUpAfterMs', () => {
  it('ends the flow with a last read, and says why', async () => {
    const { auth, emulator, time } = createFlow({ giveUpAfterMs: 4500 });
    const startMs = time.clock.now();
    auth.start();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'limit' });
    expect(emulator.requests.map(({ atMs }) => atMs - startMs)).toEqual([0, 1000, 2000, 3000, 4000, 4500]);
  });

  it('ends a flow that gets no PIN', async () => {
    const { auth, emulator, time } = createFlow({ giveUpAfterMs: 5000 });
    emulator.fault({ type: 'reset' }, { times: Number.POSITIVE_INFINITY });
    auth.start();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'limit' });
    expect(time.timers).toBe(0);
  });

  it('counts from the start, not from the making of the engine', async () => {
    const flow = createFlow({ giveUpAfterMs: 5000 });
    await flow.time.advance(hourMs);
    await signIn(flow);
  });

  it('that is longer than the PIN lives leaves the PIN its own end', async () => {
    const { auth, time } = createFlow({ giveUpAfterMs: hourMs });
    auth.start();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });
});
