import type { KnownActor } from './actor-registry.ts';
import type { EventEntry, SignIn } from './history-entry.ts';
import { nameOfState, objectIn, textIn } from './message-reader.ts';
import { addToPoll, beginPoll, endPollRun, settlePoll } from './poll-runs.ts';
import type { RecorderParts } from './request-recorder.ts';
import { readAnswer, readSignInState } from './sign-in-state.ts';

/** Records what actors received, and the states that it led to. Each returns `false` if a message brought nothing new. */
export interface EventRecorder {
  recordEvent(message: object, sessionID: string, atMs: number): boolean;
  recordSnapshot(message: object, sessionID: string, atMs: number): boolean;
}

const startEvents = ['START', 'RESUME', 'RESTORE'];
const mostPendingEvents = 16;

export function createEventRecorder(parts: RecorderParts): EventRecorder {
  const { actors, intern } = parts;
  const findOrAdd = (sessionID: string, message: object) =>
    actors.find(sessionID) ?? actors.add(sessionID, message);

  return {
    recordEvent(message, sessionID, atMs) {
      const event = objectIn(message, 'event');
      const type = textIn(event, 'type');
      if (type === undefined) return false;
      const actor = findOrAdd(sessionID, message);
      if (actor.signIn && startEvents.includes(type)) noteStart(actor.signIn, atMs);
      actor.pendingEvents.push(addEvent(parts, actor, intern(type), atMs, event));
      if (actor.pendingEvents.length > mostPendingEvents) actor.pendingEvents.shift();
      return true;
    },
    recordSnapshot(message, sessionID, atMs) {
      const actor = findOrAdd(sessionID, message);
      const entry = settleEvent(parts, actor, message, atMs);
      const isActive = textIn(objectIn(message, 'snapshot'), 'status') === 'active';
      if (!isActive && !actor.signIn) actors.remove(sessionID);
      return entry !== undefined;
    },
  };
}

function noteStart(signIn: SignIn, atMs: number): void {
  if (signIn.isStarted) return;
  signIn.startMs = atMs;
  signIn.isStarted = true;
}

function addEvent(
  { list }: RecorderParts,
  actor: KnownActor,
  type: string,
  atMs: number,
  event?: object,
): EventEntry {
  const { signIn, owner } = actor;
  if (signIn && !type.startsWith('xstate.')) endPollRun(signIn);
  if (signIn && type.startsWith('xstate.after.pollDelay.')) beginPoll(signIn);
  const entry = list.add<EventEntry>({
    kind: 'event',
    index: list.nextIndex,
    atMs,
    signIn,
    pollRun: undefined,
    type,
    actorName: signIn ? undefined : actor.name,
    answer: signIn && readAnswer(event),
    before: actor.state,
    after: undefined,
    state: undefined,
  });
  addToPoll(entry, signIn ?? owner);
  return entry;
}

/** Completes the event that a snapshot is the outcome of. Returns nothing if the snapshot brings nothing new. */
function settleEvent(
  parts: RecorderParts,
  actor: KnownActor,
  message: object,
  atMs: number,
): EventEntry | undefined {
  const type = textIn(objectIn(message, 'event'), 'type') ?? '';
  const snapshot = objectIn(message, 'snapshot');
  const after = nameOfState(snapshot['value']);
  const place = actor.pendingEvents.findIndex((one) => one.type === type);
  const isEnd = type === 'xstate.stop' && actor.signIn !== undefined;
  if (place < 0 && after === actor.state && !isEnd) return undefined;
  const [pending] = actor.pendingEvents.splice(0, place + 1).slice(-1);
  const entry = pending ?? addEvent(parts, actor, parts.intern(type || 'snapshot'), atMs);
  entry.before = actor.state;
  entry.after = after === undefined ? undefined : parts.intern(after);
  if (actor.signIn && entry.after !== undefined) {
    const state = readSignInState(entry.after, objectIn(snapshot, 'context'), atMs, actor.signIn.state);
    entry.state = isEnd ? { ...state, endedBy: 'engine' } : state;
    actor.signIn.state = entry.state;
    settlePoll(actor.signIn, entry);
  }
  actor.state = entry.after;
  return entry;
}
