import { lastOf } from './from-the-end.ts';
import type { History } from './history.ts';
import type { Entry, EventEntry, SignIn } from './history-entry.ts';
import { exchangesOf, type RecordedExchange } from './recorded-exchanges.ts';

/** What a history holds of one sign-in, as far as a drive can replay it. */
export interface Recording {
  readonly signIn: SignIn;
  readonly events: readonly EventEntry[];
  readonly exchanges: readonly RecordedExchange[];
  /** The states that a user of the engine sees, one after another. */
  readonly reached: readonly Reached[];
  /** Whether the end is left out, because no script can bring it about. */
  readonly isCut: boolean;
}

/** A state of the engine's view, and when the recording came to it, in milliseconds since the flow began. */
interface Reached {
  readonly status: string;
  readonly atMs: number;
}

const statuses = [
  'idle',
  'requestingPin',
  'awaitingLink',
  'authenticated',
  'expired',
  'failed',
  'signingOut',
];

export function readRecording(history: History, signIn: SignIn): Recording {
  const own = history.entries.filter((entry) => entry.signIn === signIn || entry.kind === 'request');
  const all = own.filter((entry) => isEventOfFlow(entry, signIn));
  const cutAt = all.findIndex(isBeyondReplay);
  const events = cutAt < 0 ? all : all.slice(0, cutAt);
  const lastIndex = lastOf(events)?.index ?? 0;
  const kept = own.filter(
    (one) => one.index <= lastIndex && (one.kind === 'request' || events.includes(one)),
  );
  const exchanges = exchangesOf(kept, signIn);
  return { signIn, events, exchanges, reached: reachedIn(events, signIn), isCut: cutAt >= 0 };
}

function isEventOfFlow(entry: Entry, { isStarted, startMs }: SignIn): entry is EventEntry {
  return entry.kind === 'event' && entry.actorName === undefined && (!isStarted || entry.atMs >= startMs);
}

/** A poll leads back to where it began, and is left out. */
function reachedIn(events: readonly EventEntry[], signIn: SignIn): Reached[] {
  const reached: Reached[] = [{ status: 'idle', atMs: 0 }];
  for (const { type, after, atMs: at } of events) {
    const [status = ''] = after?.split('.') ?? [];
    const atMs = Math.max(0, Math.round(at - signIn.startMs));
    // The drive has no stored code, and asks for one.
    if (type === 'RESUME') reached.push({ status: 'requestingPin', atMs }, { status: 'awaitingLink', atMs });
    if (statuses.includes(status)) reached.push({ status, atMs });
  }
  return reached.filter(({ status }, index) => status !== reached[index - 1]?.status);
}

/** Whether no script can bring about this event. */
function isBeyondReplay({ type, before, after }: EventEntry): boolean {
  return type === 'RESTORE' && after === 'authenticated' && before !== after;
}
