import type { FleetDatabase, FlowCommand, FlowWrite } from './fleet-database.ts';
import { mergeWrites } from './flow-entry.ts';

/** Writes the changes of one shard under its fence, some together, and brings what others ask for. */
export interface ShardWriter {
  /** Begins to write, as the owner with this fence. */
  begin(fence: string): void;
  add(write: FlowWrite): void;
  /** Writes what there is, and looks for commands. After an error the next call tries again. */
  sync(): void;
  /** Resolves once nothing is being written. */
  flushed(): Promise<void>;
  /** Writes the rest. @returns Whether Redis has lost what it knew when it gave the fence. */
  end(): Promise<{ hasRedisForgotten: boolean }>;
}

/** What {@link createShardWriter} needs. */
export interface ShardWriterOptions {
  readonly shard: number;
  readonly database: FleetDatabase;
  carryOut(command: FlowCommand): Promise<void>;
  /** Called where nothing was written, since the id belongs to another start by now. */
  onSuperseded(write: FlowWrite): void;
  /** Called if Redis refuses a write: the shard has another owner. */
  onRefused(): void;
}

/** How many flows are written in one step. */
const mostWrites = 200;

/** Makes the writer of a shard that is not owned yet. */
export function createShardWriter(options: ShardWriterOptions): ShardWriter {
  const { shard, database, carryOut, onSuperseded, onRefused } = options;
  const changed = new Map<string, FlowWrite>();
  const done: string[] = [];
  let fence: string | undefined;
  let isOver = false;
  let isAgain = false;
  let flushing: Promise<void> | undefined;

  function sync(): void {
    isAgain = true;
    if (isOver || flushing || !fence) return;
    flushing = flush(fence).finally(() => {
      flushing = undefined;
    });
  }

  async function flush(ownFence: string): Promise<void> {
    while (isAgain && !isOver) {
      isAgain = false;
      if (!(await writeSome(ownFence))) onRefused();
    }
  }

  /** @returns False if the shard has another owner. */
  async function writeSome(ownFence: string): Promise<boolean> {
    const writes = [...changed.values()].slice(0, mostWrites);
    for (const { id } of writes) changed.delete(id);
    const answer = await database.write(shard, ownFence, done.splice(0), writes).catch(() => undefined);
    if (!answer || answer.isRefused) {
      for (const write of writes) changed.set(write.id, mergeWrites(write, changed.get(write.id) ?? write));
      isAgain = false;
      return !answer;
    }
    for (const write of writes) if (answer.superseded.includes(write.id)) onSuperseded(write);
    for (const command of answer.commands) {
      if (isOver || !(await isCarriedOut(command))) break;
      done.push(command.commandID);
    }
    if (changed.size > 0 || done.length > 0) isAgain = true;
    return true;
  }

  /** One that fails is tried again at the next look, and those after it wait: a cancel must not come before its start. */
  function isCarriedOut(command: FlowCommand): Promise<boolean> {
    return carryOut(command).then(
      () => true,
      () => false,
    );
  }

  return {
    begin(own) {
      fence = own;
      sync();
    },
    add(write) {
      changed.set(write.id, mergeWrites(changed.get(write.id), write));
      sync();
    },
    sync,
    flushed: async () => flushing,
    async end() {
      isOver = true;
      await flushing;
      if (!fence) return { hasRedisForgotten: false };
      const answer = await database.write(shard, fence, done, [...changed.values()]);
      return { hasRedisForgotten: answer.isRefused && !answer.isFenceKnown };
    },
  };
}
