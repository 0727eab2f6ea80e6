import type { Mutant } from './mutant.ts';

const startLineTest = 'test/fleet/start-line.test.ts';
const fleetStoreTest = 'test/fleet/fleet-store.test.ts';
const pollerTest = 'test/bullmq/poller.test.ts';
const databaseTest = 'test/bullmq/fleet-database.e2e.test.ts';

/** Flaws of many sign-ins that wait at once, in one process and on many machines. */
export const fleetMutants: readonly Mutant[] = [
  {
    flaw: 'a user waits for a code behind all reads that are due',
    file: 'src/fleet/request-queue.ts',
    find: 'if (isStart(flow)) return lane.starting;',
    replace: '',
    namedIn: startLineTest,
  },
  {
    flaw: 'starts come in a burst, which Plex throttles',
    file: 'src/fleet/lane.ts',
    find: 'return isStarting || lane.isAfterStart',
    replace: 'return false',
    namedIn: startLineTest,
  },
  {
    flaw: 'who has approved is not heard while starts keep coming',
    file: 'src/fleet/lane.ts',
    find: '!(read && lane.isAfterStart)',
    replace: 'true',
    namedIn: startLineTest,
  },
  {
    flaw: 'the limit of a flow does not count the time in the queue',
    file: 'src/fleet/queue-time.ts',
    find: 'if (queuedMs > 0)',
    replace: 'if (queuedMs < 0)',
    namedIn: 'test/fleet/queue-time.test.ts',
  },
  {
    flaw: 'a fleet that ends stores a flow whose code nobody was given',
    file: 'src/fleet/create-plex-fleet.ts',
    find: 'settings.store !== undefined && isPinRequested(flow)',
    replace: 'false',
    namedIn: 'test/fleet/dispose-fleet.test.ts',
  },
  {
    flaw: 'a token that the store did not take is lost at the restart, although the store is back',
    file: 'src/fleet/stored-texts.ts',
    find: 'if (pauseMs > 0) void write();',
    replace: '',
    namedIn: fleetStoreTest,
  },
  {
    flaw: 'the next process asks within the pause that Plex asked the former one for',
    file: 'src/fleet/flow-runner.ts',
    find: 'if (pauseMs > 0) onPause?.(flow.lane.clientIdentifier, pauseMs);',
    replace: '',
    namedIn: fleetStoreTest,
  },
  {
    flaw: 'a flow is never asked for, because Redis was busy when its owner read it',
    file: 'src/bullmq/shard-writer.ts',
    find: 'if (isOver || !(await isCarriedOut(command))) break;',
    replace: 'if (isOver) break;\n      await isCarriedOut(command);',
    namedIn: 'test/bullmq/shard-writer.test.ts',
  },
  {
    flaw: 'a process asks for flows that may be another one’s by now',
    file: 'src/bullmq/poller.ts',
    find: 'return !gate || gate.enter(lane, () => runner.queue.open(lane));',
    replace: 'return true;',
    namedIn: pollerTest,
  },
  {
    flaw: 'the next owner of a shard asks within the pause that Plex asked for',
    file: 'src/bullmq/shard-flows.ts',
    find: 'error ? error.atMs + pauseOf(error) - nowMs : 0',
    replace: 'error ? 0 : 0',
    namedIn: pollerTest,
  },
  {
    flaw: 'a lease counts from when Redis answered, and is over there sooner than here',
    file: 'src/bullmq/shard-lease.ts',
    find: 'renewedAtMs = sentAtMs;',
    replace: 'renewedAtMs = elapsed();',
    namedIn: 'test/bullmq/shard-lease.test.ts',
  },
  {
    flaw: 'a process that was paused writes what it knew over what happened since',
    file: 'src/bullmq/redis-scripts.ts',
    find: "if redis.call('HGET', owner, 'fence') ~= fence then",
    replace: 'if false then',
    namedIn: databaseTest,
  },
  {
    flaw: 'an earlier start writes its code over that of the later one with its id',
    file: 'src/bullmq/redis-scripts.ts',
    find: 'return stored and not string.find(stored, startID, 1, true)',
    replace: 'return false',
    namedIn: databaseTest,
  },
];
