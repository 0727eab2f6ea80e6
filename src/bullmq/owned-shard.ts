import type { Clock } from '../ports.ts';
import { isRunning } from '../view.ts';
import type { FleetDatabase, FlowCommand, FlowWrite } from './fleet-database.ts';
import type { FlowEntry } from './flow-entry.ts';
import { type FlowTexts, readToken, type SharedFlow } from './flow-text.ts';
import type { Poller } from './poller.ts';
import { createShardFlows, type ShardFlows } from './shard-flows.ts';
import { createShardWriter } from './shard-writer.ts';
import type { TokenWriter } from './token-writer.ts';

/** The flows of a shard, in the memory of the process that owns it. */
export interface OwnedShard {
  /** Becomes the owner, and continues the flows. */
  acquire(): Promise<void>;
  /** Writes what has changed, and carries out what others asked for. */
  sync(): void;
  /** Redis is back: gives it again what it may have lost. */
  reconcile(): Promise<void>;
  /** Forgets the flows, at once, and writes what had changed. Those that Redis does not know any more are given back to it. */
  end(): Promise<void>;
}

/** What an owned shard needs. */
export interface OwnedShardOptions {
  readonly shard: number;
  readonly clock: Clock;
  readonly database: FleetDatabase;
  readonly texts: FlowTexts;
  readonly poller: Poller;
  readonly tokens: TokenWriter;
  /** Called if Redis refuses a write: the shard has another owner. */
  onRefused(): void;
}

/** How many flows are given back in one step. */
const mostRestored = 200;

/** Makes a shard that is not owned yet. */
export function createOwnedShard(options: OwnedShardOptions): OwnedShard {
  const { shard, database, texts, tokens, onRefused } = options;
  const toWrite = createToWrite(texts);
  let isOver = false;
  const flows = createShardFlows({
    ...options,
    onChange: (stored, newsAfterMs) => writer.add(toWrite(stored, newsAfterMs)),
  });
  const { entries } = flows;
  const { supersede, supersedeBy } = createSuperseder(options, flows);
  const writer = createShardWriter({
    shard,
    database,
    carryOut,
    onSuperseded: ({ id, startID }) => supersede(id, startID),
    onRefused,
  });

  async function carryOut({ type, id }: FlowCommand): Promise<void> {
    if (type === 'check' || type === 'cancel' || type === 'forget') flows[type](id);
    else if (type === 'start' || !entries.get(id)?.credentials) await readFlow(id);
  }

  async function readFlow(id: string): Promise<void> {
    const found = await database.read(shard, id);
    if (!found || isOver) return;
    const credentials = readToken(found.token);
    supersedeBy(id, found.text);
    if (!entries.has(id)) flows.adopt(found.text, found.token);
    else if (credentials) {
      tokens.isWritten(credentials);
      flows.takeToken(id, credentials);
    }
  }

  return {
    async acquire() {
      const found = await database.acquire(shard);
      if (isOver) return;
      flows.adoptAll(found);
      writer.begin(found.fence);
    },
    sync: writer.sync,
    async reconcile() {
      writer.sync();
      await writer.flushed();
      const found = await database.readAll(shard);
      if (isOver) return;
      for (const [id, { stored, credentials }] of entries) {
        const there = supersedeBy(id, found.flows.get(id));
        if (!entries.has(id)) continue;
        if (!there || there.version < stored.version) writer.add(toWrite(stored));
        if (credentials && !found.tokens.has(id)) tokens.write(shard, stored, credentials);
      }
      flows.adoptAll(found);
    },
    async end() {
      isOver = true;
      // First of all: what ends their requests now is no error of theirs.
      flows.stop();
      const { hasRedisForgotten } = await writer.end();
      if (hasRedisForgotten) await giveBack(options, [...entries.values()], toWrite);
    },
  };
}

type ToWrite = (stored: SharedFlow, newsAfterMs?: number | undefined) => FlowWrite;

function createToWrite(texts: FlowTexts): ToWrite {
  return (stored, newsAfterMs = isRunning(stored.status) ? undefined : 0) => {
    return { id: stored.id, startID: stored.startID, text: texts.write(stored), newsAfterMs };
  };
}

/** Lets a flow go whose id belongs to another start by now: Redis had lost it. */
interface Superseder {
  /** Lets the flow of this start go. Its token, if it has one, is an event all the same. */
  supersede(id: string, startID: string): void;
  /** Compares what is here of an id with what Redis has. @returns What Redis has. */
  supersedeBy(id: string, text: string | undefined): SharedFlow | undefined;
}

function createSuperseder({ shard, texts, tokens }: OwnedShardOptions, flows: ShardFlows): Superseder {
  function supersede(id: string, startID: string): void {
    const entry = flows.entries.get(id);
    if (entry?.stored.startID !== startID) return;
    if (entry.credentials) tokens.write(shard, entry.stored, entry.credentials);
    flows.drop(id);
  }

  return {
    supersede,
    supersedeBy(id, text) {
      const there = texts.read(text);
      const own = flows.entries.get(id)?.stored.startID;
      if (there && own !== undefined && there.startID !== own) supersede(id, own);
      return there;
    },
  };
}

/** Gives Redis again what it has lost. */
async function giveBack(
  { shard, database, tokens }: OwnedShardOptions,
  entries: readonly FlowEntry[],
  toWrite: ToWrite,
): Promise<void> {
  for (let index = 0; index < entries.length; index += mostRestored) {
    const some = entries.slice(index, index + mostRestored);
    await database.restore(
      shard,
      some.map(({ stored }) => toWrite(stored)),
    );
  }
  for (const { stored, credentials } of entries) if (credentials) tokens.write(shard, stored, credentials);
}
