/** What the owner of a shard writes, and what it says that it did. */
import { describe, expect, it } from 'vitest';
import type { FleetDatabase, FlowCommand, FlowWrite } from '../../src/bullmq/fleet-database.ts';
import { createShardWriter } from '../../src/bullmq/shard-writer.ts';

/** A shard in which these commands wait, until they are said to be done. */
function createSurroundings(kinds: readonly FlowCommand['type'][], options: { failures?: number } = {}) {
  let { failures = 0 } = options;
  const commands = kinds.map((type, index): FlowCommand => ({ commandID: `${index}`, type, id: 'ada' }));
  const carriedOut: string[] = [];
  const written: string[] = [];
  let writeCount = 0;
  let superseded: readonly string[] = [];
  const dropped: string[] = [];
  const write: FleetDatabase['write'] = async (_shard, _fence, done, writes) => {
    writeCount++;
    for (const id of done) {
      const index = commands.findIndex(({ commandID }) => commandID === id);
      if (index >= 0) commands.splice(index, 1);
    }
    written.push(...writes.map(({ text }) => text));
    return { isRefused: false, commands: [...commands], superseded };
  };
  const writer = createShardWriter({
    shard: 3,
    database: { write } as FleetDatabase,
    async carryOut({ type }) {
      if (type === 'start' && failures-- > 0) throw new Error('Redis is busy');
      carriedOut.push(type);
    },
    onSuperseded: ({ id }) => dropped.push(id),
    onRefused: () => expect.fail('refused'),
  });
  return {
    writer,
    commands,
    carriedOut,
    written,
    dropped,
    supersede(ids: readonly string[]) {
      superseded = ids;
    },
    writes: () => writeCount,
  };
}

const change: FlowWrite = { id: 'ada', startID: 'call', text: '1|{}' };

describe('a command', () => {
  it('is done once it was carried out', async () => {
    const { writer, commands, carriedOut } = createSurroundings(['start', 'check']);
    writer.begin('7');
    await writer.flushed();
    expect([carriedOut, commands]).toEqual([['start', 'check'], []]);
  });

  it('that failed stays, with those after it, and is carried out at the next look', async () => {
    const { writer, commands, carriedOut, writes } = createSurroundings(['check', 'start', 'cancel'], {
      failures: 2,
    });
    writer.begin('7');
    await writer.flushed();
    expect([carriedOut, commands.map(({ type }) => type)]).toEqual([['check'], ['start', 'cancel']]);
    // It is not asked for again and again.
    expect(writes()).toBeLessThanOrEqual(2);
    writer.sync();
    await writer.flushed();
    expect([carriedOut, commands]).toEqual([['check', 'start', 'cancel'], []]);
  });

  it('that fails for ever holds up no write', async () => {
    const { writer, written } = createSurroundings(['start'], { failures: Infinity });
    writer.begin('7');
    await writer.flushed();
    writer.add(change);
    await writer.flushed();
    expect(written).toEqual(['1|{}']);
  });
});

describe('a flow whose id belongs to another start', () => {
  it('is told to be so', async () => {
    const { writer, supersede, dropped } = createSurroundings([]);
    writer.begin('7');
    await writer.flushed();
    supersede(['ada']);
    writer.add(change);
    await writer.flushed();
    expect(dropped).toEqual(['ada']);
  });
});
