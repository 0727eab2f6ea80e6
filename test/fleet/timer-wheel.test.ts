import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimerWheel, notWaiting, type Waiting } from '../../src/fleet/timer-wheel.ts';
import { createVirtualTime } from '../../src/testing/index.ts';

interface Item extends Waiting {
  readonly name: number;
}

function createItem(name: number): Item {
  return { name, dueMs: 0, slot: notWaiting };
}

function createWorld() {
  const time = createVirtualTime();
  const begunMs = time.clock.now();
  const fired: [name: number, atMs: number][] = [];
  let offsetMs = 0;
  const clock = { ...time.clock, now: () => time.clock.now() + offsetMs };
  const wheel = createTimerWheel<Item>(clock, ({ name }) => fired.push([name, time.clock.now() - begunMs]));
  return {
    time,
    advance: time.advance,
    clock: time.clock,
    wheel,
    fired,
    setClock(byMs: number) {
      offsetMs += byMs;
    },
  };
}

describe('the timer wheel', () => {
  it('ends each wait once, not before its time and within a tick, whatever is added and removed', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), item: fc.nat(7), ms: fc.nat(20_000) }),
      fc.record({ do: fc.constant('remove' as const), item: fc.nat(7) }),
      fc.record({ do: fc.constant('advance' as const), ms: fc.nat(9000) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { wheel, fired, advance, clock } = createWorld();
        const begunMs = clock.now();
        const items = Array.from({ length: 8 }, (_, name) => createItem(name));
        const wanted = new Map<number, number>();
        const check = () => {
          const nowMs = clock.now() - begunMs;
          for (const [name, atMs] of fired.splice(0)) {
            const dueMs = wanted.get(name) ?? expect.fail(`${name} fired for nothing`);
            expect(atMs).toBeGreaterThanOrEqual(dueMs);
            expect(atMs).toBeLessThanOrEqual(dueMs + 16);
            wanted.delete(name);
          }
          for (const dueMs of wanted.values()) expect(dueMs + 16).toBeGreaterThan(nowMs);
        };
        for (const next of steps) {
          if (next.do === 'advance') await advance(next.ms);
          check();
          if (next.do === 'advance') continue;
          const item = items[next.item] as Item;
          wanted.delete(next.item);
          if (next.do === 'remove') wheel.remove(item);
          else {
            wheel.add(item, next.ms);
            wanted.set(next.item, clock.now() - begunMs + next.ms);
          }
        }
        await advance(40_000);
        check();
        expect(wanted.size).toBe(0);
      }),
    );
  });

  it('waits no longer because the clock was set back, and not twice', async () => {
    const { wheel, fired, advance, setClock } = createWorld();
    wheel.add(createItem(1), 5000);
    await advance(1000);
    setClock(-3_600_000);
    await advance(10_000);
    expect(fired.length).toBe(1);
  });

  it('after a sleep of the machine ends what is due, and nothing else', async () => {
    const { wheel, fired, advance, setClock } = createWorld();
    wheel.add(createItem(1), 5000);
    wheel.add(createItem(2), 7_200_000);
    setClock(3_600_000);
    await advance(6000);
    expect(fired.map(([name]) => name)).toEqual([1]);
  });

  it('sets one timer for all, and none where nothing waits', async () => {
    const { wheel, time } = createWorld();
    const items = Array.from({ length: 1000 }, (_, name) => createItem(name));
    for (const item of items) wheel.add(item, item.name * 10);
    expect(time.timers).toBe(1);
    for (const item of items) wheel.remove(item);
    await time.advance(20_000);
    expect(time.timers).toBe(0);
  });
});
