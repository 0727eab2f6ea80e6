import type { FleetFlow } from './flow.ts';
import type { FlowViews } from './flow-view.ts';
import type { FleetChange, PlexFleetEvent } from './plex-fleet.ts';

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

/** Makes an empty queue. @param onHandled Called once the event that showed this flow was handled. */
export function createEventQueue(views: FlowViews, onHandled: (flow: FleetFlow) => void): EventQueue {
  /** In the order in which their news came. */
  const changed = new Set<FleetFlow>();
  const readers: (() => void)[] = [];
  let isOver = false;

  function wake(): void {
    readers.shift()?.();
  }

  function note(flow: FleetFlow): void {
    if (views.changesOf(flow).length === 0 || changed.has(flow)) return;
    changed.add(flow);
    wake();
  }

  /** The next event, with what to do if its handling breaks off. Some flows may have come back to what was known. */
  function take(): Taken | undefined {
    for (const flow of changed) {
      changed.delete(flow);
      const news = views.changesOf(flow);
      if (news.length === 0) continue;
      const { toldStatus, toldPin, toldError } = flow;
      views.markTold(flow);
      return { flow, before: { toldStatus, toldPin, toldError }, event: toEvent(flow, news) };
    }
    return undefined;
  }

  function toEvent(flow: FleetFlow, news: readonly FleetChange[]): PlexFleetEvent {
    return { id: flow.id, view: views.viewOf(flow), changed: news };
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
        onHandled(taken.flow);
        taken = undefined;
      }
    } finally {
      if (taken) giveBack(taken);
    }
  }

  function giveBack({ flow, before }: Taken): void {
    Object.assign(flow, before);
    changed.add(flow);
    wake();
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
