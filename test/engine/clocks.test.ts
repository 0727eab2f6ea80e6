import { describe, expect, it } from 'vitest';
import type { Clock, Fetch, PlexAuthOptions, Wire } from '../../src/index.ts';
import { createPlexWire } from '../../src/plex/plex-wire.ts';
import { createVirtualTime, type DriveMove } from '../../src/testing/index.ts';
import { createFlow, createWorld, hourMs, link, tokenIn } from '../fixture/create-flow.ts';
import { driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

/** A plex.tv whose PINs live two minutes. */
const emulatorOptions = { lifetimeMs: { strong: 120_000 } };

describe('a clock that is set', () => {
  it.each([hourMs, -hourMs, 24 * hourMs, 31_000, -31_000])(
    'by %i ms between two reads neither ends the flow early nor late',
    async (clockByMs) => {
      const { drive } = await driveFlow({
        emulatorOptions,
        script: [
          { atMs: 1500, device: { clockByMs } },
          {
            atMs: 111_500,
            test({ view }) {
              expect(view.status).toMatch(/awaitingLink|fetchingToken/);
              expect(view).not.toHaveProperty('lastError');
            },
          },
        ],
        untilMs: 131_500,
      });
      expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
      expect(drive.askedAtMs('getToken').length).toBeLessThan(2000);
    },
  );

  it.each([hourMs, -hourMs])('by %i ms shows the deadline by the new time', async (clockByMs) => {
    let leftMs = 0;
    await driveFlow({
      emulatorOptions,
      script: [
        { atMs: 1500, device: { clockByMs } },
        {
          atMs: 6500,
          test({ view, time }) {
            if (view.expiresAtMs) leftMs = view.expiresAtMs - (time.clock.now() + clockByMs);
          },
        },
      ],
      untilMs: 6500,
    });
    expect(Math.abs(leftMs - (120_000 - 6500))).toBeLessThanOrEqual(2000);
  });

  it.each([hourMs, -hourMs])('by %i ms between two reads still brings the token', async (clockByMs) => {
    const flow = await driveFlow({
      emulatorOptions,
      script: [
        { atMs: 1500, device: { clockByMs } },
        { atMs: 1500, user: 'approve' },
      ],
      untilMs: 2000,
    });
    expectTokenOf(flow);
  });

  it.each([hourMs, -hourMs])(
    'by %i ms between each two reads never ends the flow early',
    async (clockByMs) => {
      const jumps = Array.from(
        { length: 59 },
        (_, index): DriveMove => ({ atMs: (index + 1) * 1000, device: { clockByMs } }),
      );
      const flow = await driveFlow({
        emulatorOptions,
        script: [...jumps, { atMs: 69_000, user: 'approve' }, { atMs: 69_000, app: 'check' }],
        untilMs: 69_000,
      });
      expectTokenOf(flow);
    },
  );

  it.each([hourMs, -hourMs])(
    'by %i ms before the last read does not blame the client identifier',
    async (clockByMs) => {
      const { drive } = await driveFlow({
        emulatorOptions,
        script: [{ atMs: 119_500, device: { clockByMs } }],
        untilMs: hourMs,
      });
      expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    },
  );

  it('never fools the limit of the caller into a flow without end', async () => {
    const { drive, left } = await driveFlow({
      options: { giveUpAfterMs: 60_000 },
      script: [{ atMs: 1500, device: { clockByMs: -hourMs } }],
      untilMs: 2 * hourMs,
    });
    expect(drive.view.status).toBe('expired');
    expect(left.timers).toBe(0);
  });

  it('past the deadline still brings the token that Plex has', async () => {
    const flow = await driveFlow({
      script: [
        { atMs: 1500, user: 'approve' },
        { atMs: 1500, device: { clockByMs: hourMs } },
      ],
      untilMs: 2000,
    });
    expectTokenOf(flow);
  });
});

// By hand: in a drive, what falls due in a sleep comes when the device wakes; these timers stand still meanwhile.
describe('a sleep in which timers stand still', () => {
  /** The machine sleeps: its timers stand still while its clock, and the world, go on. */
  function createSleeper(options: Partial<PlexAuthOptions> = {}, { isMeasured = true } = {}) {
    const world = createWorld();
    const machine = createVirtualTime();
    const clock: Clock = { ...machine.clock, now: () => world.time.clock.now() };
    const network = { delivers: Promise.resolve() };
    async function fetch(...request: Parameters<Fetch>): Promise<Response> {
      const answer = await world.emulator.fetch(...request);
      await network.delivers;
      return answer;
    }
    const wire = createPlexWire({ product: 'Test', fetch, clock });
    const unmeasured: Wire = {
      ...wire,
      async getToken(request) {
        const reading = await wire.getToken(request);
        return reading.status === 'pending' ? { ...reading, tookMs: 0 } : reading;
      },
    };
    return {
      ...createFlow({ ...options, clock, ...(isMeasured ? { fetch } : { wire: unmeasured }) }, world),
      network,
      timers: () => machine.timers,
      sleep: (ms: number) => world.time.advance(ms),
      async wake(ms: number) {
        for (let pastMs = 0; pastMs < ms; pastMs += 100) {
          await world.time.advance(100);
          await machine.advance(100);
        }
      },
    };
  }

  it('through part of the wait resumes where it was', async () => {
    const flow = createSleeper();
    flow.auth.start();
    await flow.wake(1500);
    await flow.sleep(1_000_000);
    await flow.wake(1000);
    expect(flow.status()).toMatch(/awaitingLink|fetchingToken/);
    const token = link(flow);
    await flow.wake(6000);
    expect(tokenIn(flow.auth)).toBe(token);
  });

  it('through the deadline ends with one read, and without blame', async () => {
    const { auth, sleep, wake, sent, timers } = createSleeper();
    auth.start();
    await wake(1500);
    await sleep(hourMs);
    await wake(3000);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(sent()).toEqual([1000, hourMs + 2000]);
    expect(timers()).toBe(0);
  });

  it.each([
    ['getPin', 'measured'],
    ['getToken', 'measured'],
    // By a clock that stands still in a sleep, say.
    ['getToken', 'unmeasured'],
  ] as const)(
    'through the deadline, while an answer to %s is under way, ends without blame (%s)',
    async (operation, measured) => {
      const isMeasured = measured === 'measured';
      const { auth, sleep, wake, sent, network } = createSleeper({}, { isMeasured });
      let resolve = () => {};
      auth.start();
      if (operation === 'getToken') await wake(500);
      network.delivers = new Promise((done) => (resolve = done));
      await wake(1000);
      await sleep(hourMs);
      resolve();
      await wake(6000);
      expect(sent(operation)).toHaveLength(operation === 'getToken' ? 2 : 1);
      expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    },
  );

  it('through the deadline while the user approves still brings the token that Plex has', async () => {
    const flow = createSleeper({ giveUpAfterMs: 60_000 });
    flow.auth.start();
    await flow.wake(1500);
    await flow.sleep(30_000);
    const token = link(flow);
    await flow.sleep(600_000);
    await flow.wake(1000);
    expect(tokenIn(flow.auth)).toBe(token);
  });
});
