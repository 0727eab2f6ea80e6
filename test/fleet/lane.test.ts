import { describe, expect, it } from 'vitest';
import {
  createLane,
  enterLane,
  type FlowLife,
  findUrgent,
  leaveLane,
  type QueuedFlow,
  takeNext,
} from '../../src/fleet/lane.ts';

interface TestFlow extends QueuedFlow<TestFlow>, FlowLife {
  readonly id: string;
}

function createTestFlow(id: string, endsAtMs: number, readAtMs = 0): TestFlow {
  return { id, endsAtMs, readAtMs, line: undefined, before: undefined, after: undefined, queuedAtMs: 0 };
}

/** A lane in which these silent flows wait, in this order. */
function createWaiting(flows: readonly TestFlow[]) {
  const lane = createLane<TestFlow>('tv');
  for (const flow of flows) enterLane(lane, lane.silent, flow);
  const seek = (clockMs: number, intervalMs = 1000) => findUrgent(lane, intervalMs, clockMs, (flow) => flow);
  const takeAll = () => {
    const order: string[] = [];
    for (let flow = takeNext(lane, 0, 0); flow; flow = takeNext(lane, 0, 0)) order.push(flow.id);
    return order;
  };
  return { lane, seek, takeAll };
}

describe('a lane', () => {
  it('takes hinted flows first, and every fourth one from the others', () => {
    const { lane, takeAll } = createWaiting(['a', 'b'].map((id) => createTestFlow(id, Infinity)));
    for (const id of ['1', '2', '3', '4']) enterLane(lane, lane.hinted, createTestFlow(id, Infinity));
    expect(lane.waiting).toBe(6);
    expect(takeAll()).toEqual(['1', '2', '3', 'a', '4', 'b']);
    expect(lane.waiting).toBe(0);
  });

  it('takes starts first, and reads every second time', () => {
    const { lane, takeAll } = createWaiting(['a', 'b'].map((id) => createTestFlow(id, Infinity)));
    for (const id of ['1', '2', '3', '4']) enterLane(lane, lane.starting, createTestFlow(id, Infinity));
    expect(takeAll()).toEqual(['1', 'a', '2', 'b', '3', '4']);
  });

  it('forgets who leaves, wherever it stands', () => {
    const flows = ['a', 'b', 'c', 'd'].map((id) => createTestFlow(id, Infinity));
    const { lane, takeAll } = createWaiting(flows);
    for (const flow of [flows[0], flows[2], flows[3]]) if (flow) leaveLane(lane, flow);
    expect([lane.waiting, takeAll()]).toEqual([1, ['b']]);
  });
});

describe('the last turn of a flow', () => {
  it('comes two seconds before its end, and before all others', () => {
    const { seek, takeAll } = createWaiting([
      createTestFlow('long', 90_000),
      createTestFlow('short', 60_000),
    ]);
    expect(seek(57_900)).toBe(false);
    expect(seek(58_000)).toBe(true);
    expect(takeAll()).toEqual(['short', 'long']);
  });

  it('comes sooner where many end at once: each has one', () => {
    const flows = ['a', 'b', 'c', 'd'].map((id) => createTestFlow(id, 60_000));
    const { seek, takeAll } = createWaiting([createTestFlow('long', 90_000), ...flows]);
    // Two requests for each: a start may come in between.
    expect(seek(51_900)).toBe(false);
    expect(seek(52_100)).toBe(true);
    expect(takeAll().slice(0, 2)).toEqual(['d', 'long']);
  });

  it('comes once: what was read since, or has ended, waits as the others do', () => {
    const flows = [
      createTestFlow('long', 90_000),
      createTestFlow('read', 60_000, 58_100),
      createTestFlow('over', 57_000),
    ];
    const { seek, takeAll } = createWaiting(flows);
    expect(seek(58_500)).toBe(false);
    expect(takeAll()).toEqual(['long', 'read', 'over']);
  });
});
