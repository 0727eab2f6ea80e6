import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialTransition } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { PlexAuthError, type PlexAuthErrorDetails } from '../../src/errors.ts';
import { compileChart, type FlowEvent } from '../../src/fleet/compile-chart.ts';
import type { Pin, PinReading } from '../../src/pin.ts';
import { createWaitPolicy } from '../../src/polling.ts';
import { Secret } from '../../src/secret.ts';
import { createForgetfulStepChart } from '../../tools/model/run-chart.ts';
import { runsOf } from '../whole/properties/seed.ts';
import { stepCompiled, toSame } from './compared-steps.ts';

const baseMs = Date.UTC(2026, 0, 1);
/** Times around each other, and some that a clock which was set would show. */
const atMs = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 3_600_000 }).map((ms) => baseMs + ms) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4_000_000_000_000 }) },
);
const leftMs = fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 1_800_000 }), fc.constant(86_400_000));
const tookMs = fc.oneof(fc.nat({ max: 500 }), fc.nat({ max: 200_000 }));

const pin: fc.Arbitrary<Pin> = fc.record({
  pinID: fc.constantFrom(1, 2),
  code: fc.constant('abcd'),
  clientIdentifier: fc.constant('tv'),
  atMs,
  expiresInMs: leftMs,
});

const error = fc
  .record(
    {
      code: fc.constantFrom('PLEX_NETWORK', 'PLEX_TIMEOUT', 'PLEX_RATE_LIMITED', 'PLEX_HTTP' as const),
      atMs,
      retryable: fc.boolean(),
      retryAfterMs: fc.oneof(fc.nat({ max: 10_000 }), fc.nat({ max: 4_000_000 })),
    },
    { requiredKeys: ['code', 'atMs', 'retryable'] },
  )
  .map(({ code, ...details }) => new PlexAuthError(code, 'It failed', details as PlexAuthErrorDetails));

const credentials = fc.constant({ token: new Secret('kept'), clientIdentifier: 'tv' });

const reading: fc.Arbitrary<PinReading> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ status: fc.constant('pending' as const), atMs, tookMs, expiresInMs: leftMs }),
  },
  fc.record({ status: fc.constant('claimed' as const), atMs, token: fc.constant(new Secret('read')) }),
  fc.record({ status: fc.constant('gone' as const), atMs, error }),
);

const limit = { atMs, giveUpAfterMs: fc.nat({ max: 4_000_000 }) };

/** Anything that can happen, whether or not the chart waits for it. */
const event: fc.Arbitrary<FlowEvent> = fc.oneof(
  fc.record({ type: fc.constant('START' as const), ...limit }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constant('RESUME' as const), pin, ...limit }, { requiredKeys: ['type', 'pin'] }),
  fc.record({ type: fc.constant('RESTORE' as const), credentials }),
  fc.record({ type: fc.constantFrom('CHECK', 'CHECK', 'CANCEL', 'SIGN_OUT', 'REJECTED' as const) }),
  fc.record({ type: fc.constant('STORE_FAILED' as const), error }),
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'xstate.after.pollDelay.pinAuth.awaitingLink' as const,
        'xstate.after.retryDelay.pinAuth.requestingPin.backingOff' as const,
        'xstate.done.actor.signOut' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('xstate.done.actor.getPin' as const), output: pin }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('xstate.done.actor.getToken' as const), output: reading }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'xstate.error.actor.getPin' as const,
        'xstate.error.actor.getToken' as const,
        'xstate.error.actor.signOut' as const,
      ),
      error,
    }),
  },
);

const maxIntervalMs = 5000;

describe('the compiled chart, in random worlds', () => {
  it('does what transition() does, whatever happens in whichever order', () => {
    const compiled = compileChart(pinAuthMachine);
    const transition = createForgetfulStepChart(pinAuthMachine);
    const visited = new Set<string>();
    const property = fc.property(
      fc.array(event, { minLength: 1, maxLength: 40 }),
      fc.nat({ max: 2 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (events, renewals, random) => {
        const nextDelayMs = createWaitPolicy({ maxIntervalMs }, () => random, expect.unreachable);
        let [snapshot] = initialTransition(pinAuthMachine, { renewals, nextDelayMs });
        for (const happening of events) {
          // XState itself fails at the error of an actor that does not run. There is none.
          if (/^xstate.error/.test(happening.type) && !snapshot.can(happening as never)) continue;
          const step = transition(snapshot, happening, '');
          expect(stepCompiled(compiled, snapshot, happening)).toStrictEqual(toSame(step, happening));
          [snapshot] = step;
          visited.add(String(JSON.stringify(snapshot.value)));
        }
      },
    );
    fc.assert(property, runsOf(2000));
    expect(visited.size).toBe(9);
  });
});
