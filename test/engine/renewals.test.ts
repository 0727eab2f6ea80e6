import { describe, expect, it } from 'vitest';
import { createFlow, hourMs, signIn } from '../fixture/create-flow.ts';
import { driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

/** A plex.tv whose PINs live ten seconds. */
const emulatorOptions = { lifetimeMs: { strong: 10_000 } };

describe('renewals', () => {
  it('replace an expired PIN as often as is allowed, with a new code each', async () => {
    const { drive, left } = await driveFlow({ options: { renewals: 2 }, emulatorOptions, untilMs: 60_000 });
    const views = drive.timeline.flatMap((entry) => (entry.type === 'view' ? [entry.view] : []));
    expect(drive.emulator.pins).toHaveLength(3);
    expect(new Set(views.flatMap((view) => ('code' in view ? [view.code] : []))).size).toBe(3);
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    expect(views.filter(({ status }) => status === 'expired')).toHaveLength(1);
    expect(left.timers).toBe(0);
  });

  it('are there again at the next start', async () => {
    const { drive } = await driveFlow({
      options: { renewals: 1 },
      emulatorOptions,
      script: [
        { atMs: 0, app: 'start' },
        { atMs: 60_000, app: 'start' },
      ],
      untilMs: 120_000,
    });
    expect(drive.emulator.pins).toHaveLength(4);
  });

  it('bring a token from the second PIN', async () => {
    const flow = await driveFlow({
      options: { renewals: 1 },
      emulatorOptions,
      script: [
        {
          atMs: 12_500,
          test: ({ view, emulator }) => expect(view).toHaveProperty('code', emulator.pins[1]?.code),
        },
        { atMs: 12_500, user: 'approve' },
        { atMs: 12_500, app: 'check' },
      ],
      untilMs: 12_500,
    });
    expectTokenOf(flow);
  });

  it('without end still end with the limit', async () => {
    const { drive } = await driveFlow({
      options: { renewals: Number.POSITIVE_INFINITY, giveUpAfterMs: 95_000 },
      emulatorOptions,
      untilMs: hourMs,
    });
    expect(drive.emulator.pins).toHaveLength(10);
    expect(drive.view).toEqual({ status: 'expired', reason: 'limit' });
  });
});

describe('giveUpAfterMs', () => {
  it('ends the flow with a last read, and says why', async () => {
    const { drive } = await driveFlow({ options: { giveUpAfterMs: 4500 }, untilMs: hourMs });
    expect(drive.view).toEqual({ status: 'expired', reason: 'limit' });
    expect(drive.requests.map(({ atMs }) => atMs)).toEqual([0, 1000, 2000, 3000, 4000, 4500]);
  });

  it('ends a flow that gets no PIN', async () => {
    const { drive, left } = await driveFlow({
      options: { giveUpAfterMs: 5000 },
      script: [{ atMs: 0, network: 'down' }],
      untilMs: hourMs,
    });
    expect(drive.view).toMatchObject({ status: 'expired', reason: 'limit' });
    expect(left.timers).toBe(0);
  });

  it('counts from the start, not from the making of the engine', async () => {
    const flow = createFlow({ giveUpAfterMs: 5000 });
    await flow.time.advance(hourMs);
    await signIn(flow);
  });

  it('that is longer than the PIN lives leaves the PIN its own end', async () => {
    const { drive } = await driveFlow({ options: { giveUpAfterMs: hourMs }, untilMs: hourMs });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
  });
});
