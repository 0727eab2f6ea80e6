import { createGrowingNumbers } from './growing-numbers.ts';
import { createVisitedStates } from './visited-states.ts';

/** The worlds by number, and which leads to which. */
export interface Graph {
  readonly states: number;
  readonly edges: number;
  addState(key: string): { readonly state: number; readonly isNew: boolean };
  addEdge(from: number, to: number): void;
  /**
   * Finds a state that can be reached from itself. If there is none, every way through the graph is finite, so that every
   * run comes to a state without moves.
   */
  findStateOnCycle(): number | undefined;
}

/** Makes an empty graph. The edges of a state must be added together, which breadth-first search does by itself. */
export function createGraph(): Graph {
  const visited = createVisitedStates();
  const targets = createGrowingNumbers();
  /** For each state whose edges are known: itself, and where its edges begin. */
  const sources = createGrowingNumbers();
  const begins = createGrowingNumbers();

  return {
    get states() {
      return visited.size;
    },
    get edges() {
      return targets.length;
    },
    addState: (key) => visited.add(key),
    addEdge(from, to) {
      if (sources.length === 0 || sources.at(sources.length - 1) !== from) {
        sources.push(from);
        begins.push(targets.length);
      }
      targets.push(to);
    },
    findStateOnCycle() {
      return findStateOnCycle(visited.size, toEdgeRanges(visited.size));
    },
  };

  /** Where the edges of each state begin and end. */
  function toEdgeRanges(states: number): (state: number) => Iterable<number> {
    const range = new Uint32Array(2 * states);
    for (let index = 0; index < sources.length; index++) {
      const state = sources.at(index);
      range[2 * state] = begins.at(index);
      range[2 * state + 1] = index + 1 < begins.length ? begins.at(index + 1) : targets.length;
    }
    return function* (state) {
      const end = range[2 * state + 1] ?? 0;
      for (let edge = range[2 * state] ?? 0; edge < end; edge++) yield targets.at(edge);
    };
  }
}

/**
 * Kahn's algorithm: takes away, again and again, a state that no other one leads to. What cannot be taken away lies on a
 * cycle or behind one. Of these, the one that was reached first is given.
 */
function findStateOnCycle(states: number, next: (state: number) => Iterable<number>): number | undefined {
  const incoming = new Uint32Array(states);
  for (let state = 0; state < states; state++)
    for (const target of next(state)) incoming[target] = (incoming[target] ?? 0) + 1;
  const free: number[] = [];
  for (let state = 0; state < states; state++) if (incoming[state] === 0) free.push(state);
  let taken = 0;
  for (let state = free.pop(); state !== undefined; state = free.pop()) {
    taken += 1;
    for (const target of next(state)) {
      incoming[target] = (incoming[target] ?? 0) - 1;
      if (incoming[target] === 0) free.push(target);
    }
  }
  if (taken === states) return undefined;
  const left = incoming.findIndex((count) => count > 0);
  return left < 0 ? undefined : left;
}
