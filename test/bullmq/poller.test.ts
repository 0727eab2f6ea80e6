/** What a process asks for the flows of its shards. */
import { describe, expect, it } from 'vitest';
import { createFlowTexts, type SharedFlow } from '../../src/bullmq/flow-text.ts';
import { createPoller } from '../../src/bullmq/poller.ts';
import { createShardFlows } from '../../src/bullmq/shard-flows.ts';
import { createShardGate } from '../../src/bullmq/shard-gate.ts';
import { readSharedFleetOptions } from '../../src/bullmq/shared-fleet-options.ts';
import { PlexAuthError } from '../../src/errors.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';

/** A process with two shards, one for each client identifier. */
function createSurroundings({ connections = 2 } = {}) {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock });
  const leases = { one: { isHeld: true }, two: { isHeld: true } };
  const gates = {
    one: createShardGate(() => leases.one.isHeld),
    two: createShardGate(() => leases.two.isHeld),
  };
  const settings = readSharedFleetOptions({
    product: 'Test',
    connection: 'redis://127.0.0.1:1',
    fetch: emulator.fetch,
    clock: time.clock,
    random: () => 0,
    requestsPerSecond: 100,
  });
  const poller = createPoller({
    settings,
    mostInFlight: () => connections,
    gateOf: (clientIdentifier) => gates[clientIdentifier as keyof typeof gates],
    onToken: () => {},
  });
  const texts = createFlowTexts(() => 0);
  const shard = createShardFlows({ clock: time.clock, texts, poller, onChange: () => {} });
  const toText = (own: Partial<SharedFlow> & Pick<SharedFlow, 'id' | 'clientIdentifier'>) =>
    texts.write({
      startID: own.id,
      version: 0,
      status: 'requestingPin',
      isShown: false,
      renewalsLeft: 0,
      ...own,
    });
  const asked = () => emulator.requests.map(({ clientIdentifier }) => clientIdentifier);
  return { ...time, emulator, leases, gates, poller, shard, toText, asked };
}

describe('a shard whose lease is not certain', () => {
  it('keeps no connection from the others, and asks at once when it is renewed', async () => {
    const { leases, gates, shard, toText, asked, advance, poller } = createSurroundings();
    leases.one.isHeld = false;
    for (const id of ['a', 'b', 'c', 'd']) shard.adopt(toText({ id, clientIdentifier: 'one' }), undefined);
    shard.adopt(toText({ id: 'e', clientIdentifier: 'two' }), undefined);
    await advance(200);
    expect([asked(), poller.runner.queue.counts]).toEqual([['two'], { due: 4, inFlight: 0 }]);
    leases.one.isHeld = true;
    gates.one.reopen();
    await advance(100);
    expect(asked().filter((name) => name === 'one')).toHaveLength(4);
  });

  it('asks no more once it is handed over', async () => {
    const { leases, gates, shard, toText, asked, advance, poller } = createSurroundings();
    leases.one.isHeld = false;
    shard.adopt(toText({ id: 'a', clientIdentifier: 'one' }), undefined);
    await gates.one.drain();
    shard.stop();
    gates.one.close();
    leases.one.isHeld = true;
    gates.one.reopen();
    await advance(1000);
    expect([asked(), poller.runner.queue.counts]).toEqual([[], { due: 0, inFlight: 0 }]);
    await poller.close();
  });
});

describe('a start whose limit ended before a process was there for it', () => {
  it('is over, and Plex is not asked', async () => {
    const { clock, shard, toText, asked, advance } = createSurroundings();
    await advance(100_000);
    shard.adopt(toText({ id: 'a', clientIdentifier: 'one', giveUpAtMs: clock.now() - 5000 }), undefined);
    await advance(100);
    expect([asked(), shard.entries.get('a')?.stored]).toMatchObject([
      [],
      { status: 'expired', reason: 'limit' },
    ]);
  });
});

describe('a shard that moved', () => {
  it.each(['lastError', 'error'] as const)('keeps the pause that Plex asked for: %s', async (field) => {
    const { clock, shard, toText, asked, advance } = createSurroundings();
    await advance(100_000);
    const throttled = new PlexAuthError('PLEX_RATE_LIMITED', 'Plex asks to wait', {
      atMs: clock.now() - 10_000,
      retryable: true,
      retryAfterMs: 30_000,
    });
    const end = field === 'error' ? { status: 'failed' as const } : {};
    const texts = [
      toText({ id: 'a', clientIdentifier: 'one' }),
      toText({ id: 'b', clientIdentifier: 'one', ...end, [field]: throttled }),
      toText({ id: 'c', clientIdentifier: 'two' }),
    ];
    shard.adoptAll({ flows: new Map(texts.map((text, index) => [`${index}`, text])), tokens: new Map() });
    await advance(19_900);
    expect(new Set(asked())).toEqual(new Set(['two']));
    await advance(200);
    expect(asked()).toContain('one');
  });
});
