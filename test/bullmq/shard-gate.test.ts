import { describe, expect, it } from 'vitest';
import { createShardGate } from '../../src/bullmq/shard-gate.ts';

function createSurroundings() {
  const lease = { isHeld: true };
  const gate = createShardGate(() => lease.isHeld);
  const log: string[] = [];
  const ask = (name: string) => {
    const isThrough = gate.enter(name, () => ask(name));
    log.push(`${name} ${isThrough ? 'goes' : 'waits'}`);
  };
  return { lease, gate, log, ask };
}

describe('the gate of a shard', () => {
  it('lets a request wait while the lease is not certain, until it is renewed', () => {
    const { lease, gate, log, ask } = createSurroundings();
    ask('one');
    lease.isHeld = false;
    ask('two');
    ask('two');
    gate.reopen();
    expect(log).toEqual(['one goes', 'two waits', 'two waits']);
    lease.isHeld = true;
    gate.reopen();
    gate.reopen();
    expect(log.slice(3)).toEqual(['two goes']);
  });

  it('waits for what is in flight before the shard is handed over, and sends nothing more', async () => {
    const { gate, log, ask } = createSurroundings();
    ask('one');
    let isDrained = false;
    const draining = gate.drain().then(() => {
      isDrained = true;
    });
    ask('two');
    gate.reopen();
    await Promise.resolve();
    expect([isDrained, log]).toEqual([false, ['one goes', 'two waits']]);
    gate.leave();
    await draining;
    gate.close();
    expect(log).toHaveLength(2);
  });

  it('lets nobody through once the shard is lost', () => {
    const { lease, gate, log, ask } = createSurroundings();
    lease.isHeld = false;
    ask('one');
    gate.close();
    lease.isHeld = true;
    gate.reopen();
    ask('two');
    expect(log).toEqual(['one waits', 'two waits']);
  });
});
