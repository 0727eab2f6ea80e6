/** The engine's own copy of the chart, which the build makes smaller, beside the source. */
import { describe, expect, it } from 'vitest';
import { transition } from 'xstate';
import { type PinAuthEvent, pinAuthMachine } from '../../../machines/pin-auth.ts';
import { compact } from '../../../tools/build/compact-chart.ts';
import { statesOf } from '../../../tools/draw/chart-parts.ts';
import {
  after,
  atTheEnd,
  claimed,
  credentials,
  done,
  fault,
  freshContext,
  gone,
  LIFE_MS,
  type PinAuthSnapshot,
  pending,
  pin,
  pinContext,
  type StateName,
  standingIn,
  thrown,
} from '../../machines/synthetic.ts';

const built = '../../../dist/index.js';
const { createPlexAuth } = (await import(built)) as typeof import('../../../src/index.ts');
const builtMachine = createPlexAuth({ product: 'My App' }).actor.logic as unknown as typeof pinAuthMachine;

const states = statesOf(pinAuthMachine)
  .filter((state) => Object.keys(state.states).length === 0)
  .map((state) => state.path.join('.') as StateName);

const contexts = {
  'before a PIN': freshContext({ nextDelayMs: () => 1000 }),
  'with a PIN': pinContext,
  'with credentials': { ...pinContext, credentials },
  'with renewals left': { ...pinContext, renewals: 2, renewalsLeft: 2 },
  'while the wait is fixed': { ...pinContext, isWaitFixed: true, renewalsLeft: 1 },
  'after a hint': { ...pinContext, isCheckPending: true },
  'after failures': { ...pinContext, failures: 5, lastError: fault(1000) },
  'past the limit': { ...pinContext, giveUpAfterMs: 500 },
};

const events: readonly PinAuthEvent[] = [
  { type: 'START' },
  { type: 'START', giveUpAfterMs: 60_000 },
  { type: 'RESUME', pin },
  { type: 'RESTORE', credentials },
  { type: 'CHECK' },
  { type: 'CANCEL' },
  { type: 'SIGN_OUT' },
  { type: 'REJECTED' },
  { type: 'STORE_FAILED', error: fault(0, { code: 'PLEX_STORE' }) },
  done('getPin', pin),
  ...[claimed(2000), pending(2000), pending(2000, 5000), atTheEnd(), gone(2000), gone(LIFE_MS + 1)].map(
    (reading) => done('getToken', reading),
  ),
  done('signOut'),
  ...(['getPin', 'getToken', 'signOut'] as const).flatMap((actorID) => [
    thrown(actorID, fault(2000)),
    thrown(actorID, fault(2000, { retryable: false })),
    thrown(actorID, fault(2000, { code: 'PLEX_RATE_LIMITED', retryAfterMs: 9000 })),
    thrown(actorID, fault(LIFE_MS + 1)),
    thrown(actorID, 'anything'),
  ]),
  after('pollDelay'),
  after('retryDelay'),
];

/** The shape of a configuration: its functions stand for themselves in the transitions below. */
function withoutDescriptions(config: unknown): unknown {
  if (typeof config === 'function') return 'a function';
  if (Array.isArray(config)) return config.map(withoutDescriptions);
  if (Object(config) !== config) return config;
  const entries = Object.entries(config as object).filter(
    ([key]) => key !== 'description' && key !== 'schemas',
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutDescriptions(value)]));
}

/** Where an event leads; what the source throws at a move that cannot be, such as a token without a PIN, its copy does. */
function moveBy(machine: typeof pinAuthMachine, from: PinAuthSnapshot, event: PinAuthEvent) {
  try {
    const [{ value, context, status }, actions] = transition(machine, from, event);
    return { value, status, context: { ...context }, actions: actions.map(({ type }) => type) };
  } catch (error) {
    return String(error);
  }
}

describe("the engine's copy of the chart", () => {
  it('is the source but for its descriptions', () => {
    const config = builtMachine.config;
    expect(JSON.stringify(config)).not.toContain('"description"');
    expect(JSON.stringify(pinAuthMachine.config)).toContain('"description"');
    expect(withoutDescriptions(config)).toEqual(withoutDescriptions(pinAuthMachine.config));
  });

  it.each(['actions', 'actors', 'guards', 'delays'] as const)('has the same %s', (what) => {
    expect(Object.keys(builtMachine.implementations[what]).sort()).toEqual(
      Object.keys(pinAuthMachine.implementations[what]).sort(),
    );
  });

  it.each(Object.entries(contexts))(
    'moves as the source from every state by every event, %s',
    (_name, context) => {
      const moves = states.flatMap((name) => events.map((event) => ({ name, event })));
      expect(moves.length).toBeGreaterThan(200);
      for (const { name, event } of moves) {
        const from = standingIn(name, context);
        const [expected, actual] = [pinAuthMachine, builtMachine].map((machine) =>
          moveBy(machine, from, event),
        );
        expect(actual, `${name} by ${event.type}`).toEqual(expected);
      }
    },
  );

  it('begins as the source, without any input', () => {
    const [expected, actual] = [pinAuthMachine, builtMachine].map(
      (machine) => machine.getInitialSnapshot({} as never, undefined as never).context,
    );
    expect(actual).toEqual(expected);
  });
});

describe('the step that makes it', () => {
  it('refuses a chart that is written in another way', () => {
    expect(() => compact('export const pinAuthMachine = createMachine({});')).toThrow(
      /pin-auth\.ts must hold one/,
    );
    expect(() => compact("setup({ actors }).createMachine({ id: 'a', description: 'last' });")).toThrow(
      /must not end an object with description/,
    );
  });
});
