import type { LinksOf } from '../engine/to-view.ts';
import { isPlexAuthError } from '../errors.ts';
import { toCancelledError } from '../fleet/abort-errors.ts';
import type { StartedFlow } from '../fleet/index.ts';
import { toStarted } from '../fleet/starts.ts';
import { requireOption } from '../require-option.ts';
import type { FleetDatabase } from './fleet-database.ts';
import type { FlowTexts, SharedFlow } from './flow-text.ts';
import { toSeenFlow } from './seen-flow.ts';
import type { WakeUps } from './wake-ups.ts';

/** How often whoever waits for a code looks by himself, in milliseconds: an announcement may be lost. */
const lookMs = 1000;

/** Starts flows, and waits for their first code. */
export interface SharedStarts {
  start(shard: number, flow: SharedFlow): Promise<StartedFlow>;
  /** Nobody gets a code any more, but this error. The flows go on: what they bring comes as an event. */
  end(error: Error): void;
}

/** What {@link createSharedStarts} needs. */
export interface SharedStartsOptions {
  readonly database: FleetDatabase;
  readonly texts: FlowTexts;
  readonly linksOf: LinksOf;
  readonly wakeUps: WakeUps;
}

/** Makes an empty {@link SharedStarts}. */
export function createSharedStarts({ database, texts, linksOf, wakeUps }: SharedStartsOptions): SharedStarts {
  const looks = new Map<string, () => void>();
  let failure: Error | undefined;
  const stopListening = wakeUps.onNews((id) => looks.get(id)?.());

  async function look(shard: number, { id, startID }: SharedFlow): Promise<StartedFlow | undefined> {
    const stored = await database.read(shard, id);
    // The code is shown although the token is here already: that is the next event.
    const seen = stored && toSeenFlow({ ...stored, token: null }, texts, linksOf);
    if (seen?.startID !== startID) throw toCancelledError();
    if (seen.view.status === 'requestingPin') return undefined;
    await database.handled(shard, id, seen);
    return toStarted(id, seen.view);
  }

  /** The flow runs, and has the id: whoever started it is not sent away because Redis refuses for a while. */
  function waitIfPassing(error: unknown): undefined {
    if (!isPlexAuthError(error) || error.code !== 'PLEX_STORE' || !error.retryable) throw error;
  }

  /** Waits for an announcement of this flow, or a while. */
  function waitForNews(id: string): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lookMs);
      looks.set(id, () => {
        clearTimeout(timer);
        resolve();
      });
      if (failure) resolve();
    });
  }

  return {
    async start(shard, flow) {
      const { id, startID } = flow;
      const isNew = await database.start(shard, id, texts.write(flow), startID);
      requireOption(isNew, 'id', 'one that no flow has, whose end was not handled yet');
      try {
        while (!failure) {
          const started = await look(shard, flow).catch(waitIfPassing);
          if (started) return started;
          await waitForNews(id);
        }
      } finally {
        looks.delete(id);
      }
      throw failure;
    },
    end(error) {
      failure ??= error;
      stopListening();
      for (const wake of looks.values()) wake();
    },
  };
}
