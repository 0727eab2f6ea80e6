import type { FlowEvent } from '../fleet/compile-chart.ts';
import type { FleetFlow } from '../fleet/flow.ts';
import { pauseOf } from '../fleet/send-request.ts';
import type { Credentials } from '../pin.ts';
import type { Clock } from '../ports.ts';
import { isRunning } from '../view.ts';
import type { FoundFlows } from './fleet-database.ts';
import { type FlowEntry, updateEntry } from './flow-entry.ts';
import { type FlowTexts, readToken, type SharedFlow } from './flow-text.ts';
import type { Poller } from './poller.ts';

/** The flows of one shard, in memory. */
export interface ShardFlows {
  readonly entries: ReadonlyMap<string, FlowEntry>;
  /** Takes over a flow as Redis has it, and continues it. One that is here already stays as it is. */
  adopt(text: string | undefined, tokenText: string | null | undefined): void;
  /** Takes over all flows of the shard. */
  adoptAll(found: FoundFlows): void;
  /** A token of this flow was found in Redis. */
  takeToken(id: string, credentials: Credentials): void;
  check(id: string): void;
  cancel(id: string): void;
  /** The end of this flow was handled. */
  forget(id: string): void;
  /** The id belongs to another start by now: asks no more for the flow that is here. */
  drop(id: string): void;
  /** Asks for none of them any more. */
  stop(): void;
}

/** What {@link createShardFlows} needs. */
export interface ShardFlowsOptions {
  readonly clock: Clock;
  readonly texts: FlowTexts;
  readonly poller: Poller;
  /** Called when there is something to write. @param newsAfterMs After how long it is an event; undefined if it is none. */
  onChange(stored: SharedFlow, newsAfterMs: number | undefined): void;
}

/** Makes a shard without a flow. */
export function createShardFlows({ clock, texts, poller, onChange }: ShardFlowsOptions): ShardFlows {
  const entries = new Map<string, FlowEntry>();
  const { runner, views } = poller;

  function begin(entry: FlowEntry): void {
    const { pin, lastError, renewalsLeft } = entry.stored;
    const flow = poller.add(entry.stored, runner.begin(renewalsLeft));
    entry.flow = flow;
    // What Redis has is no news.
    const toldStatus = pin ? 'awaitingLink' : 'requestingPin';
    Object.assign(flow, { toldStatus, toldPin: pin, toldError: lastError });
    poller.watch(flow, noteStep);
    runner.send(flow, toFirstEvent(entry.stored, clock.now()));
  }

  function noteStep(flow: FleetFlow): void {
    const entry = entries.get(flow.id);
    if (entry?.flow !== flow || views.changesOf(flow).length === 0) return;
    views.markTold(flow);
    if (flow.context.credentials) {
      // The token is written apart, and nothing refuses it.
      entry.credentials = flow.context.credentials;
      entry.flow = undefined;
    } else {
      const newsAfterMs = updateEntry(entry, flow);
      onChange(entry.stored, newsAfterMs);
    }
    if (!entry.flow) poller.forget(flow);
  }

  function adopt(stored: SharedFlow | undefined, tokenText: string | null | undefined): void {
    if (!stored || entries.has(stored.id)) return;
    const credentials = readToken(tokenText);
    const entry: FlowEntry = { stored, flow: undefined, credentials };
    entries.set(stored.id, entry);
    if (!credentials && isRunning(stored.status)) begin(entry);
  }

  return {
    entries,
    adopt: (text, tokenText) => adopt(texts.read(text), tokenText),
    adoptAll(found) {
      const all = Array.from(found.flows, ([id, text]) => ({ id, stored: texts.read(text) }));
      // Before any of them asks.
      for (const { stored } of all)
        if (stored) poller.pause(stored.clientIdentifier, pauseLeftMs(stored, clock.now()));
      for (const { id, stored } of all) adopt(stored, found.tokens.get(id));
    },
    takeToken(id, credentials) {
      const entry = entries.get(id);
      if (entry?.flow) runner.send(entry.flow, { type: 'RESTORE', credentials });
      else if (entry) entry.credentials = credentials;
    },
    check(id) {
      const flow = entries.get(id)?.flow;
      if (flow) runner.check(flow);
    },
    cancel(id) {
      const flow = entries.get(id)?.flow;
      if (flow) runner.send(flow, { type: 'CANCEL' });
    },
    forget(id) {
      if (!entries.get(id)?.flow) entries.delete(id);
    },
    drop(id) {
      const flow = entries.get(id)?.flow;
      entries.delete(id);
      if (flow) poller.forget(flow);
    },
    stop() {
      for (const { flow } of entries.values()) if (flow) poller.forget(flow);
    },
  };
}

/** What a flow begins with, or continues. */
function toFirstEvent({ pin, giveUpAtMs }: SharedFlow, atMs: number): FlowEvent {
  const giveUpAfterMs = giveUpAtMs === undefined ? undefined : Math.max(0, giveUpAtMs - atMs);
  return pin ? { type: 'RESUME', pin, atMs, giveUpAfterMs } : { type: 'START', atMs, giveUpAfterMs };
}

/** Plex may have asked the former owner to wait. The pause is the client identifier's, so any flow of it tells. */
function pauseLeftMs({ lastError, error = lastError }: SharedFlow, nowMs: number): number {
  return error ? error.atMs + pauseOf(error) - nowMs : 0;
}
