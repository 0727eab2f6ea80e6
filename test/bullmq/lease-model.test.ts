/** Leases and fences in every order of what can happen to two workers; and rules broken on purpose, which the search finds. */
import { describe, expect, it } from 'vitest';
import { breachIn, type Fault, firstWorld, movesOf, type World } from './lease-model.ts';

interface Found {
  readonly worlds: number;
  /** What was broken first, and what led to it. */
  readonly breach?: string | undefined;
  readonly path: readonly string[];
}

/** A world, and how the search came to it. */
interface Visited {
  readonly world: World;
  readonly by: string;
  readonly from: Visited | undefined;
  /** All worlds from which one move leads here. */
  readonly before: Visited[];
  hasWayOut: boolean;
}

/** Visits every world, the nearest first. */
function search(fault?: Fault): Found {
  const visited = new Map<string, Visited>();
  const queue: Visited[] = [];

  function visit(world: World, by: string, from: Visited | undefined): void {
    const key = keyOf(world);
    let at = visited.get(key);
    if (!at) {
      at = { world, by, from, before: [], hasWayOut: false };
      visited.set(key, at);
      queue.push(at);
    }
    if (from) at.before.push(from);
  }

  visit(firstWorld, 'the start', undefined);
  for (const at of queue) {
    for (const { name, next, breach = breachIn(next) } of movesOf(at.world, fault)) {
      if (breach) return { worlds: queue.length, breach, path: [...pathTo(at), name] };
      visit(next, name, at);
    }
  }
  const stuck = findStuck(queue);
  return { worlds: queue.length, breach: stuck && 'the flow is stuck', path: pathTo(stuck) };
}

/** Finds a world from which nothing leads to a token that is handled. */
function findStuck(visited: readonly Visited[]): Visited | undefined {
  const queue = visited.filter(({ world }) => world.isTokenHandled);
  for (const at of queue) {
    if (at.hasWayOut) continue;
    at.hasWayOut = true;
    queue.push(...at.before);
  }
  return visited.find(({ hasWayOut }) => !hasWayOut);
}

function keyOf({ workers, ...rest }: World): string {
  return [...workers.map((worker) => Object.values(worker).join()), ...Object.values(rest)].join();
}

function pathTo(at: Visited | undefined): string[] {
  return at ? [...pathTo(at.from), at.by] : [];
}

describe('two workers in every order', () => {
  it('lose no token, accept no stale write, read only with the lock, and get stuck nowhere', () => {
    const found = search();
    expect(found).toMatchObject({ breach: undefined, path: [] });
    // So many orders that nothing was left out by mistake.
    expect(found.worlds).toBeGreaterThan(5000);
  });

  it.each<[Fault, string]>([
    ['no fence', 'a stale write'],
    ['the fence stays', 'a stale write'],
    ['the token is fenced', 'the token is lost'],
    ['no time of its own', 'a read without the lock'],
    ['the lock never runs out', 'the flow is stuck'],
  ])('are found at fault where %s: %s', (fault, breach) => {
    const found = search(fault);
    expect(found.breach, found.path.join('\n')).toBe(breach);
    expect(found.path.length).toBeGreaterThan(2);
  });
});
