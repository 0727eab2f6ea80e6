import { createGrowingNumbers } from './growing-numbers.ts';
import { checkStep } from './invariants.ts';
import { keyOf } from './key.ts';
import { createGraph, type Graph } from './liveness.ts';
import type { Move } from './move.ts';
import { movesOf } from './moves.ts';
import { createStepChart, type StepChart } from './run-chart.ts';
import type { Scenario } from './scenario.ts';
import { takeMove } from './take-move.ts';
import { type Chart, createWorld, isOver, stateOf, type World } from './world.ts';

export interface SearchOptions {
  /** The chart to search: the real one, or one with a planted flaw. */
  readonly machine: Chart;
  readonly scenario: Scenario;
  /** What computes the chart's steps. Default: XState's `transition()` of `machine`, each one once. */
  readonly stepChart?: StepChart | undefined;
  /** Called with every move of every world, whether it leads to a new world or to one that was seen. */
  readonly onEdge?: ((world: World, move: Move, next: World) => void) | undefined;
  /** Where to stop. Default: once everything was visited. */
  readonly mostStates?: number | undefined;
}

export interface SearchResult {
  readonly scenario: Scenario;
  readonly states: number;
  readonly edges: number;
  /** How many moves away the farthest world is. */
  readonly depth: number;
  /** Whether every world was visited. */
  readonly isComplete: boolean;
  /** How often each state of the chart was reached, by its name. */
  readonly statesByName: ReadonlyMap<string, number>;
  readonly violation: Violation | undefined;
}

export interface Violation {
  /** The rule, and what was found. */
  readonly finding: string;
  /** The shortest way there: what happens, and the chart's state after it. */
  readonly trace: readonly string[];
}

/** How a world was first reached: from which state, and by which of its moves. */
interface Origins {
  add(parent: number, move: number): void;
  /** The moves that lead to a state, from the first on. */
  wayTo(state: number): number[];
}

/**
 * Visits every world that can be reached, breadth-first, so that the first violation found has the shortest trace.
 *
 * Each move is checked against all rules; at the end the graph is checked for liveness.
 */
export function search(options: SearchOptions): SearchResult {
  const { machine, scenario, onEdge, mostStates = Infinity } = options;
  const { stepChart = createStepChart(machine) } = options;
  const graph = createGraph();
  const origins = createOrigins();
  const statesByName = new Map<string, number>();
  const first = createWorld(machine, scenario);
  let level: Level = [{ state: graph.addState(keyOf(first)).state, world: first }];
  origins.add(0, 0);
  let depth = 0;

  function expand({ state, world }: Visit, found: Level): Violation | undefined {
    const moves = movesOf(world, scenario);
    const isStuck = !isOver(world) && !moves.some((move) => isForced(world, move));
    if (isStuck)
      return violationAt(state, undefined, `everyFlowEnds: ${stateOf(world)}, and nothing follows`);
    for (const [index, move] of moves.entries()) {
      const next = takeMove(stepChart, world, move, scenario);
      const finding = checkStep({ before: world, move, after: next, scenario });
      if (finding) return violationAt(state, index, finding);
      const { state: reached, isNew } = graph.addState(keyOf(next));
      graph.addEdge(state, reached);
      onEdge?.(world, move, next);
      if (!isNew) continue;
      origins.add(state, index);
      found.push({ state: reached, world: next });
      const name = stateOf(next);
      statesByName.set(name, (statesByName.get(name) ?? 0) + 1);
    }
    return undefined;
  }

  function violationAt(state: number, move: number | undefined, finding: string): Violation {
    const way = [...origins.wayTo(state), ...(move === undefined ? [] : [move])];
    return { finding, trace: traceOf(machine, scenario, way) };
  }

  function resultWith(violation: Violation | undefined): SearchResult {
    const { states, edges } = graph;
    return { scenario, states, edges, depth, isComplete: level.length === 0, statesByName, violation };
  }

  while (level.length > 0 && graph.states < mostStates) {
    const found: Level = [];
    for (const visit of level) {
      const violation = expand(visit, found);
      if (violation) return resultWith(violation);
    }
    level = found;
    depth += level.length > 0 ? 1 : 0;
  }
  return resultWith(level.length === 0 ? livenessViolation(graph, violationAt) : undefined);
}

interface Visit {
  readonly state: number;
  readonly world: World;
}

type Level = Visit[];

/** Whether a move happens sooner or later, whatever the user does and however well everything goes. */
function isForced({ budget }: World, { by, change }: Move): boolean {
  return by !== 'user' && (change?.budget === undefined || change.budget === budget);
}

function livenessViolation(
  graph: Graph,
  violationAt: (state: number, move: undefined, finding: string) => Violation,
): Violation | undefined {
  const state = graph.findStateOnCycle();
  return state === undefined
    ? undefined
    : violationAt(state, undefined, 'everyFlowEnds: from here the same worlds come again and again');
}

function createOrigins(): Origins {
  const parents = createGrowingNumbers();
  const moves = createGrowingNumbers();
  return {
    add(parent, move) {
      parents.push(parent);
      moves.push(move);
    },
    wayTo(state) {
      const way: number[] = [];
      for (let at = state; at > 0; at = parents.at(at)) way.push(moves.at(at));
      return way.reverse();
    },
  };
}

/** Goes a way again, to tell what happens on it. */
function traceOf(machine: Chart, scenario: Scenario, way: readonly number[]): string[] {
  const stepChart = createStepChart(machine);
  let world = createWorld(machine, scenario);
  return way.map((index) => {
    const move = movesOf(world, scenario)[index];
    if (!move) throw new Error(`The trace has no move ${index}`);
    world = takeMove(stepChart, world, move, scenario);
    return `${move.name} → ${stateOf(world)}`;
  });
}
