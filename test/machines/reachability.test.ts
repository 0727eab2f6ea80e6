import { describe, expect, it } from 'vitest';
import { type AnyTransitionDefinition, getMicrosteps, getNextTransitions } from 'xstate';
import { adjacencyMapToArray, getAdjacencyMap } from 'xstate/graph';
import { type PinAuthEvent, pinAuthMachine } from '../../machines/pin-auth.ts';
import { labelOf, statesOf, transitionsOf } from '../../tools/draw/chart-parts.ts';
import {
  after,
  claimed,
  credentials,
  done,
  fault,
  gone,
  LIFE_MS,
  nameOf,
  type PinAuthSnapshot,
  pending,
  pin,
  thrown,
} from './synthetic.ts';

/** One event for each thing that can happen, so that every guard has both its answers. */
const events: PinAuthEvent[] = [
  { type: 'START' },
  { type: 'START', giveUpAfterMs: 500 },
  { type: 'RESUME', pin },
  { type: 'RESTORE', credentials },
  { type: 'CHECK' },
  { type: 'CANCEL' },
  { type: 'SIGN_OUT' },
  { type: 'REJECTED' },
  { type: 'STORE_FAILED', error: fault(0) },
  done('getPin', pin),
  thrown('getPin', fault(0)),
  thrown('getPin', fault(0, { code: 'PLEX_RATE_LIMITED' })),
  thrown('getPin', fault(0, { retryable: false })),
  after('retryDelay'),
  after('pollDelay'),
  done('getToken', claimed(1000)),
  done('getToken', pending(1000)),
  done('getToken', pending(LIFE_MS)),
  done('getToken', gone(1000)),
  done('getToken', gone(LIFE_MS)),
  thrown('getToken', fault(1000)),
  thrown('getToken', fault(LIFE_MS)),
  thrown('getToken', fault(1000, { code: 'PLEX_RATE_LIMITED' })),
  thrown('getToken', fault(LIFE_MS, { code: 'PLEX_RATE_LIMITED' })),
  thrown('getToken', fault(1000, { retryable: false })),
  done('signOut'),
  thrown('signOut', fault(1000)),
];

/** All that the guards of a state look at, and nothing that grows forever: snapshots that agree here behave alike. */
function serializeState(snapshot: PinAuthSnapshot): string {
  const {
    failures,
    isWaitFixed,
    isCheckPending,
    promptChecks,
    renewalsLeft,
    giveUpAfterMs,
    isResumed,
    isStartPending,
    spentMs,
  } = snapshot.context;
  const name = nameOf(snapshot);
  const isAsking = name.startsWith('requestingPin.');
  const failuresLeft = Math.max(0, (isAsking ? 5 : 2) - failures);
  const isWaiting = name === 'requestingPin.backingOff' || name === 'awaitingLink';
  const hasFlow = isAsking || name === 'awaitingLink' || name === 'fetchingToken';
  return JSON.stringify([
    name,
    hasFlow && [failuresLeft, renewalsLeft, giveUpAfterMs === 500],
    hasFlow && [promptChecks, isResumed, isStartPending],
    isAsking && spentMs >= 4000,
    isWaiting && isWaitFixed,
    hasFlow && isCheckPending,
  ]);
}

/** An actor's answer or a timer's end comes only where the chart waits for it; all else may come at any time. */
function canCome(snapshot: PinAuthSnapshot, { type }: PinAuthEvent): boolean {
  const waitedFor = getNextTransitions(snapshot).map(({ eventType }) => eventType);
  return !type.startsWith('xstate.') || waitedFor.includes(type);
}

/** `pinAuth.fetchingToken: getToken [isGone]` */
function nameOfTransition(transition: AnyTransitionDefinition): string {
  return `${transition.source.id}: ${labelOf(transition)}`;
}

interface Walked {
  states: Set<string>;
  transitions: Set<string>;
  answers: Set<string>;
}

/** Sends every event that can come to every snapshot that can be reached, and notes what the chart goes through. */
function walk(usable: PinAuthEvent[]): Walked {
  const walked: Walked = { states: new Set(), transitions: new Set(), answers: new Set() };
  const guards: Record<string, (...given: unknown[]) => boolean> = {};
  for (const [name, guard] of Object.entries(pinAuthMachine.implementations.guards ?? {})) {
    guards[name] = (...given) => {
      const answer = (guard as (...given: unknown[]) => boolean)(...given);
      walked.answers.add(`${name} is ${answer}`);
      return answer;
    };
  }
  const machine = pinAuthMachine.provide({ guards });
  const reached = getAdjacencyMap(machine, {
    input: { renewals: 1 },
    events: usable,
    filterEvents: canCome,
    serializeState,
    serializeEvent: (event) => String(usable.indexOf(event)),
  });
  for (const { state, event } of adjacencyMapToArray(reached)) {
    const steps = getMicrosteps(machine, state, event).map(([snapshot]) => snapshot);
    const taken = [...machine.getTransitionData(state, event), ...steps.flatMap(eventlessBetween)];
    for (const transition of taken) walked.transitions.add(nameOfTransition(transition));
    for (const { id } of [state, ...steps].flatMap(({ _nodes }) => _nodes)) walked.states.add(id);
  }
  return walked;
}

/** The transition without an event that led from one step to the next. */
function eventlessBetween(step: PinAuthSnapshot, index: number, steps: PinAuthSnapshot[]) {
  const arrived = steps[index + 1]?._nodes ?? [];
  const eventless = step._nodes.flatMap(({ always = [] }) => always);
  return eventless.find(({ target = [] }) => target.some((node) => arrived.includes(node))) ?? [];
}

const states = statesOf(pinAuthMachine)
  .filter(({ parent }) => parent)
  .map(({ id }) => id);
const transitions = statesOf(pinAuthMachine).flatMap(transitionsOf).map(nameOfTransition);
const answers = Object.keys(pinAuthMachine.implementations.guards ?? {}).flatMap((name) => [
  `${name} is true`,
  `${name} is false`,
]);

/** What exists and was not walked. */
function missing(walked: Walked): string[] {
  return [
    ...states.filter((name) => !walked.states.has(name)),
    ...transitions.filter((name) => !walked.transitions.has(name)),
    ...answers.filter((name) => !walked.answers.has(name)),
  ];
}

describe('from idle', () => {
  it('gives each transition a name of its own', () => {
    expect(transitions).toEqual([...new Set(transitions)]);
  });

  it('every state, every transition and both answers of every guard are reached', () => {
    const walked = walk(events);
    const count = (all: string[], seen: Set<string>) =>
      `${all.filter((name) => seen.has(name)).length}/${all.length}`;
    console.log(
      `states ${count(states, walked.states)}, transitions ${count(transitions, walked.transitions)}, ` +
        `guard answers ${count(answers, walked.answers)}`,
    );
    expect(missing(walked)).toEqual([]);
  });

  it('what hints alone lead to is named as missing where no hint comes', () => {
    const withoutHints = events.filter(({ type }) => type !== 'CHECK');
    expect(missing(walk(withoutHints))).toEqual([
      'pinAuth.requestingPin.backingOff: CHECK [mayAskNow]',
      'pinAuth.requestingPin.backingOff: CHECK [mayAskSoon]',
      'pinAuth.awaitingLink: CHECK [mayAskNow]',
      'pinAuth.awaitingLink: CHECK [mayAskSoon]',
      'pinAuth.fetchingToken: CHECK',
      'pinAuth.fetchingToken: getToken [isCheckPending]',
      'isCheckPending is true',
      'mayAskNow is true',
      'mayAskNow is false',
      'mayAskSoon is true',
      'mayAskSoon is false',
    ]);
  });
});
