import type { FleetFlow } from './flow.ts';
import type { FlowViews } from './flow-view.ts';
import type { PlexFleetEvent } from './plex-fleet.ts';

/** What has happened in the flows, and was not handled yet. */
export interface EventQueue {
  /** The flow may have changed. One that shows nothing new has no event. */
  note(flow: FleetFlow): void;
  readonly events: AsyncIterable<PlexFleetEvent>;
  /** Ends the iterators once nothing is left. */
  end(): void;
}

/** What a flow was known to be, before an event. */
type Told = Pick<FleetFlow, 'toldStatus' | 'toldPin' | 'toldError'>;

/**
 * Makes an empty queue.
 *
 * @param onHandled Called once the event that shows this flow as it is was handled: what came since has an event of its own.
 */
export function createEventQueue(views: FlowViews, onHandled: (flow: FleetFlow) => void): EventQueue {
  /** In the order in which their news came. */
  const changed = new Set<FleetFlow>();
  const hand = createHand();
  const readers: (() => void)[] = [];
  let isOver = false;

  function note(flow: FleetFlow): void {
    if (views.changesOf(flow).length === 0 || changed.has(flow)) return;
    changed.add(flow);
    readers.shift()?.();
  }

  /** The next event, with what to do if its handling breaks off. Some flows may have come back to what was known. */
  function take(): Taken | undefined {
    for (const flow of changed) {
      changed.delete(flow);
      const news = views.changesOf(flow);
      if (news.length === 0) continue;
      const { toldStatus, toldPin, toldError } = flow;
      views.markTold(flow);
      const taken = {
        flow,
        before: { toldStatus, toldPin, toldError },
        event: { id: flow.id, view: views.viewOf(flow), changed: news },
      };
      hand.take(taken);
      return taken;
    }
    return undefined;
  }

  async function* iterate(): AsyncGenerator<PlexFleetEvent, undefined> {
    let taken: Taken | undefined;
    try {
      while (true) {
        taken = take();
        if (!taken && isOver) return undefined;
        if (!taken) {
          await new Promise<void>((resolve) => readers.push(resolve));
          continue;
        }
        yield taken.event;
        const handled = taken;
        taken = undefined;
        finish(handled);
      }
    } finally {
      if (taken) giveBack(taken);
    }
  }

  function finish(taken: Taken): void {
    const { flow } = taken;
    // A token may have come meanwhile: its own event drops the flow, once that is handled.
    if (hand.leave(taken) && views.changesOf(flow).length === 0) onHandled(flow);
  }

  function giveBack(taken: Taken): void {
    const { flow, before } = taken;
    hand.leave(taken);
    Object.assign(flow, before);
    changed.add(flow);
    readers.shift()?.();
  }

  return {
    note,
    events: { [Symbol.asyncIterator]: iterate },
    end() {
      isOver = true;
      for (const wakeReader of readers.splice(0)) wakeReader();
    },
  };
}

interface Taken {
  readonly flow: FleetFlow;
  readonly before: Told;
  readonly event: PlexFleetEvent;
}

/** The newest event that was given of each flow, while it is handled. */
interface Hand {
  take(taken: Taken): void;
  /** @returns Whether no newer event of this flow was given. */
  leave(taken: Taken): boolean;
}

function createHand(): Hand {
  const newest = new Map<FleetFlow, Taken>();
  return {
    take: (taken) => void newest.set(taken.flow, taken),
    leave: (taken) => newest.get(taken.flow) === taken && newest.delete(taken.flow),
  };
}
