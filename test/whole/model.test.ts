/** The model checker: every interleaving of small worlds with the real chart, and whether it sees what it should. */
import { describe, expect, it, vi } from 'vitest';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { keyOf } from '../../tools/model/key.ts';
import { createGraph } from '../../tools/model/liveness.ts';
import type { Move } from '../../tools/model/move.ts';
import { movesOf } from '../../tools/model/moves.ts';
import { plantFlaw } from '../../tools/model/plant-flaw.ts';
import { reportViolation } from '../../tools/model/report.ts';
import { createForgetfulStepChart } from '../../tools/model/run-chart.ts';
import { createScenario, type Scenario } from '../../tools/model/scenario.ts';
import { smallScenarios } from '../../tools/model/scenarios.ts';
import { search } from '../../tools/model/search.ts';
import { takeMove } from '../../tools/model/take-move.ts';
import { createVisitedStates } from '../../tools/model/visited-states.ts';
import { type StateName, stateOf, type World } from '../../tools/model/world.ts';

vi.setConfig({ testTimeout: 120_000 });

const machine = pinAuthMachine;

/** What a search that leaves out would prove nothing about. Numbers are left out of the names. */
const interesting = [
  ...['pin', 'token', 'pending', 'gone', 'signedOut'].map((answer) => `answer ${answer}`),
  ...['reset', 'timeout', 'status 400', '429', '429 for 8 s', '429 for an hour'].map(
    (error) => `error ${error}`,
  ),
  ...['START', 'RESUME', 'RESTORE', 'CHECK', 'CANCEL', 'SIGN_OUT', 'REJECTED', 'STORE_FAILED'],
  ...[
    'xstate.after.pollDelay.pinAuth.awaitingLink',
    'xstate.after.retryDelay.pinAuth.requestingPin.backingOff',
  ],
  ...['the user approves', 'CANCEL, as the token arrives', 'the late token arrives', 'gone, before its end'],
  ...[
    'idle',
    'asking',
    'backingOff',
    'awaitingLink',
    'fetchingToken',
    'authenticated',
    'expired',
    'failed',
  ].map((state) => `state ${state}`),
  ...['pin', 'limit', 'token', 'cancelled', 'signedOut'].map((reason) => `reason ${reason}`),
  'state signingOut',
];
const seen = new Set<string>();

function note(_: World, { name, event, answer }: Move, next: World): void {
  seen.add(name);
  if (event) seen.add(event.type);
  if (answer) seen.add(typeof answer === 'string' ? `answer ${answer}` : `error ${answer.message}`);
  seen.add(`state ${stateOf(next)}`);
  seen.add(`reason ${next.snapshot.context.reason}`);
}

describe('in every interleaving of a small world', () => {
  it.each(smallScenarios.map((scenario) => [scenario.name, scenario] as const))(
    'the chart keeps all rules, and every run ends: %s',
    (_name, scenario) => {
      const { violation, isComplete } = search({ machine, scenario, onEdge: note });
      expect(violation && reportViolation(violation)).toBeUndefined();
      expect(isComplete).toBe(true);
    },
  );

  it('everything of interest happens', () => {
    expect(interesting.filter((what) => !seen.has(what))).toEqual([]);
  });
});

const comparedScenarios: readonly Scenario[] = [
  createScenario('errors and checks', { faults: 1, checks: 1 }, { pinLifeMs: 4000 }),
  createScenario('odd counts and clocks', { oddCounts: 1, clockChanges: 1 }, { pinLifeMs: 4000 }),
  createScenario('a limit', { faults: 1, checks: 1 }, { pinLifeMs: 7000, giveUpAfterMs: 9000 }),
  createScenario(
    'ends',
    { cancels: 1, starts: 1, restores: 1, endings: 1 },
    { pinLifeMs: 4000, renewals: 1 },
  ),
  createScenario('a stored PIN', { starts: 1, checks: 1 }, { pinLifeMs: 4000, isResumed: true }),
];

describe('the key of a world', () => {
  it.each(comparedScenarios.map((scenario) => [scenario.name, scenario] as const))(
    'is the same only for worlds that have the same future: %s',
    (_name, scenario) => {
      const stepChart = createForgetfulStepChart(machine);
      const futureOf = (world: World) =>
        movesOf(world, scenario).map(
          (move) => `${move.name}: ${keyOf(takeMove(stepChart, world, move, scenario))}`,
        );
      const known = new Map<string, World>();
      let compared = 0;
      const onEdge = (_world: World, _move: Move, next: World) => {
        const key = keyOf(next);
        const first = known.get(key);
        if (!first) known.set(key, next);
        else if (compared++ < 500) expect(futureOf(next)).toEqual(futureOf(first));
      };
      search({ machine, scenario, stepChart, onEdge, mostStates: 2000 });
      expect(compared).toBeGreaterThan(50);
    },
  );
});

describe('a trace', () => {
  it('is the shortest way to a violation, in words', async () => {
    const deaf = await plantFlaw({
      flaw: 'a CHECK is not remembered',
      find: 'rememberCheck: assign({ isCheckPending: true }),',
      replace: 'rememberCheck: assign({}),',
    });
    const { violation } = search({ machine: deaf, scenario: createScenario('checks', { checks: 3 }) });
    expect(violation?.finding).toBe('answersChecks: a CHECK waits 5000 ms');
    expect(violation?.trace).toEqual([
      'START → asking',
      'getPin brings: pin → awaitingLink',
      'CHECK → fetchingToken',
      'CHECK → fetchingToken',
      'not yet, 37 s left → awaitingLink',
    ]);
  });
});

describe('a search', () => {
  it('says if it was stopped before its end', () => {
    const { isComplete, states } = search({
      machine,
      scenario: createScenario('all well', {}),
      mostStates: 50,
    });
    expect(isComplete).toBe(false);
    expect(states).toBeGreaterThanOrEqual(50);
  });

  it('visits each state once, and each move of each', () => {
    let moves = 0;
    const reached = new Map<StateName, number>();
    const result = search({
      machine,
      scenario: createScenario('all well', {}),
      onEdge(_world, _move, next) {
        moves += 1;
        reached.set(stateOf(next), (reached.get(stateOf(next)) ?? 0) + 1);
      },
    });
    expect(result.edges).toBe(moves);
    const states = [...result.statesByName.values()].reduce((sum, count) => sum + count, 0);
    // The first one is not reached by a move.
    expect(result.states).toBe(states + 1);
    expect(reached.get('authenticated')).toBeGreaterThan(1);
  });
});

describe('a graph', () => {
  function graphOf(arrows: readonly (readonly [number, number])[]) {
    const graph = createGraph();
    for (const state of [0, 1, 2, 3]) graph.addState(`${state}`);
    for (const [from, to] of arrows) graph.addEdge(from, to);
    return graph;
  }

  it('without a cycle has none', () => {
    expect(
      graphOf([
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
      ]).findStateOnCycle(),
    ).toBeUndefined();
  });

  it('with a cycle shows where it is entered', () => {
    expect(
      graphOf([
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 1],
      ]).findStateOnCycle(),
    ).toBe(1);
    expect(graphOf([[2, 2]]).findStateOnCycle()).toBe(2);
  });
});

describe('the table of visited states', () => {
  it('gives each key one number, however large it grows', () => {
    const visited = createVisitedStates(8);
    for (let index = 0; index < 20_000; index++)
      expect(visited.add(`key ${index}`)).toEqual({ state: index, isNew: true });
    for (let index = 0; index < 20_000; index += 97)
      expect(visited.add(`key ${index}`)).toEqual({ state: index, isNew: false });
    expect(visited.size).toBe(20_000);
  });
});
