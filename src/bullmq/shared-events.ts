import type { LinksOf } from '../engine/to-view.ts';
import type { PlexFleetEvent } from '../fleet/index.ts';
import type { FleetDatabase } from './fleet-database.ts';
import type { FlowTexts } from './flow-text.ts';
import { type SeenFlow, toSeenFlow } from './seen-flow.ts';
import { untilRedisAgrees } from './until-redis-agrees.ts';
import type { WakeUps } from './wake-ups.ts';

/** How long an event is one reader's, in milliseconds. A reader that lives keeps it for as long as it handles it. */
const claimMs = 30_000;
/** How often a reader looks by himself, in milliseconds: an announcement may be lost. */
const lookMs = 2000;

/** What happens in all flows of all machines. */
export interface SharedEvents extends AsyncIterable<PlexFleetEvent> {
  /** Ends all iterators of this process, with this error if one is given. */
  end(error?: Error): void;
}

/** What {@link createSharedEvents} needs. */
export interface SharedEventsOptions {
  readonly database: FleetDatabase;
  readonly texts: FlowTexts;
  readonly linksOf: LinksOf;
  readonly wakeUps: WakeUps;
}

/** What is said of an event whose flow is not there any more. */
const nothingSeen = { startID: '', seen: '', told: '{}', isRunning: true };

interface Taken extends SeenFlow {
  readonly id: string;
  readonly shard: number;
}

/** Makes what reads events, and says that they were handled. */
export function createSharedEvents({ database, texts, linksOf, wakeUps }: SharedEventsOptions): SharedEvents {
  const bell = createBell();
  const ending = new AbortController();
  const { signal } = ending;
  let failure: Error | undefined;
  const stopListening = wakeUps.onNews(bell.ring);

  async function takeNext(): Promise<Taken | undefined> {
    const next = await database.take(claimMs);
    if ('waitMs' in next) {
      if (!signal.aborted) await bell.wait(Math.min(lookMs, next.waitMs ?? lookMs));
      return undefined;
    }
    const stored = await database.read(next.shard, next.id).catch(async (error: unknown) => {
      await database.giveBack(next.id).catch(() => {});
      throw error;
    });
    const seen = stored && toSeenFlow(stored, texts, linksOf);
    const taken = seen && { ...seen, ...next };
    // What cannot be read is taken already: it comes again later, perhaps to a version that can.
    if (!taken && stored) return undefined;
    if (!taken) await database.handled(next.shard, next.id, nothingSeen);
    else if (taken.changed.length === 0) await noteHandled(taken);
    else return taken;
    return undefined;
  }

  function noteHandled(taken: Taken): Promise<void> {
    return database.handled(taken.shard, taken.id, taken);
  }

  async function* iterate(): AsyncGenerator<PlexFleetEvent, undefined> {
    while (!signal.aborted) {
      const taken = await untilRedisAgrees(takeNext, signal).catch(failUnlessOver);
      if (!taken) continue;
      const { id, eventID, view, changed } = taken;
      const stopKeeping = keepClaim(database, id, signal);
      let isHandled = false;
      try {
        yield { id: eventID, view, changed };
        isHandled = true;
        await untilRedisAgrees(() => noteHandled(taken), signal).catch(failUnlessOver);
      } finally {
        stopKeeping();
        if (!isHandled) await database.giveBack(id).catch(() => {});
      }
    }
    if (failure) throw failure;
    return undefined;
  }

  function failUnlessOver(error: unknown): undefined {
    if (!signal.aborted) throw error;
    return undefined;
  }

  return {
    [Symbol.asyncIterator]: iterate,
    end(error) {
      if (!signal.aborted) failure = error;
      ending.abort();
      stopListening();
      bell.ring();
    },
  };
}

/** Keeps an event its reader's while he handles it, until the fleet ends: he may never ask for the next one. @returns Ends that. */
function keepClaim({ claimAgain }: FleetDatabase, id: string, signal: AbortSignal): () => void {
  const timer = setInterval(() => void claimAgain(id, claimMs / 3).catch(() => {}), claimMs / 3);
  const stop = () => clearInterval(timer);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return () => {
    stop();
    signal.removeEventListener('abort', stop);
  };
}

/** Wakes whoever waits, or lets him wake by himself after a while. */
function createBell(): { ring(): void; wait(mostMs: number): Promise<void> } {
  const sleepers = new Set<() => void>();
  return {
    ring() {
      for (const wake of sleepers) wake();
    },
    wait: (mostMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(wake, mostMs);
        function wake(): void {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        }
        sleepers.add(wake);
      }),
  };
}
