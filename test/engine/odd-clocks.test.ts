import { describe, expect, it } from 'vitest';
import { type Clock, createPlexAuth, PlexAuthError, signIn } from '../../src/index.ts';
import { createVirtualTime, type VirtualTime } from '../../src/testing/index.ts';
import { codeIn, createWorld, link, tokenIn, type World } from '../fixture/create-flow.ts';
import { createFakeProvider } from '../fixture/fake-provider.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

type Method = keyof Clock;

/** Breaks one method of a clock, at the calls that `isBroken` names. */
function breakClock({ clock }: VirtualTime, method: Method, isBroken: (call: number) => boolean): Clock {
  let calls = 0;
  const broken = (...given: Parameters<Clock['setTimeout']>) => {
    if (isBroken(++calls)) throw new Error('broken');
    return (clock[method] as Clock['setTimeout'])(...given);
  };
  return { ...clock, [method]: broken };
}

const toOptions = ({ emulator }: World, clock: Clock) => ({
  product: 'x',
  clientIdentifier: 'tv',
  fetch: emulator.fetch,
  clock,
});

describe('a clock whose', () => {
  const once = (nth: number) => (call: number) => call === nth;
  const calls = Array.from({ length: 12 }, (_, call) => call + 1);

  it.each<Method>(['now', 'clearTimeout'])(
    '%s throws costs neither the sign-in nor the token',
    async (method) => {
      const uncaught = await uncaughtIn(async () => {
        for (const isBroken of [...calls.map(once), () => true]) {
          const world = createWorld();
          const auth = createPlexAuth(toOptions(world, breakClock(world.time, method, isBroken)));
          auth.start();
          await world.time.advance(1500);
          const token = link({ auth, emulator: world.emulator });
          await world.time.advance(3000);
          expect(tokenIn(auth)).toBe(token);
          await auth.dispose();
        }
      });
      expect(uncaught).toEqual([]);
    },
  );

  it.each<[string, number]>([
    ['gives no number', Number.NaN],
    ['gives no end', Infinity],
  ])('now %s costs neither the sign-in nor the token', async (_name, nowMs) => {
    const world = createWorld();
    const auth = createPlexAuth(toOptions(world, { ...world.time.clock, now: () => nowMs }));
    auth.start();
    await world.time.advance(1500);
    const view = auth.getSnapshot();
    expect('expiresAtMs' in view && Number.isFinite(view.expiresAtMs)).toBe(true);
    const token = link({ auth, emulator: world.emulator });
    await world.time.advance(3000);
    expect(tokenIn(auth)).toBe(token);
  });

  it('now throws ends signIn with its token, and leaves no rejection unhandled', async () => {
    const uncaught = await uncaughtIn(async () => {
      const world = createWorld();
      const clock = breakClock(world.time, 'now', () => true);
      const codes: string[] = [];
      const result = signIn({
        ...toOptions(world, clock),
        onView: (view) => view.status === 'awaitingLink' && codes.push(view.code),
      });
      await world.time.advance(500);
      const token = world.emulator.link(codes[0] ?? '');
      await world.time.advance(3000);
      expect((await result).token.reveal()).toBe(token);
    });
    expect(uncaught).toEqual([]);
  });
});

it('a clock that stands still ends a sign-in whose requests fail', async () => {
  const time = createVirtualTime();
  const { wire } = createFakeProvider(time.clock);
  const atMs = time.clock.now();
  let reads = 0;
  const auth = createPlexAuth({
    product: 'x',
    clientIdentifier: 'tv',
    clock: { ...time.clock, now: () => atMs },
    wire: {
      ...wire,
      async getToken() {
        reads += 1;
        throw new PlexAuthError('PLEX_NETWORK', 'down', { atMs, retryable: true });
      },
    },
  });
  auth.start();
  await time.advance(500);
  expect(codeIn(auth)).toBe('WDJB-MJHT');
  await time.advance(3_600_000);
  expect(auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'pin' });
  expect(reads).toBeLessThan(200);
});
