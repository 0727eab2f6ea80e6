import { plexSessionID } from '../src/inspect/message.ts';
import { operationIn, operationOf } from './chart-operation.ts';
import { type Answer, readAnswer, readFacts, type SignInFacts } from './facts.ts';
import { nameOfState, numberIn, objectIn, textIn } from './message-reader.ts';

/** One sign-in: an actor of the chart, alone or inside another machine. */
export interface SignIn {
  /** Counts them, from 1. */
  readonly number: number;
  /** What invoked it, where something did. */
  readonly parentName: string | undefined;
  /** When the first flow began, in milliseconds since the epoch; until then, when the actor was made. */
  startMs: number;
  isStarted: boolean;
  facts: SignInFacts | undefined;
  /** Its last poll, while it is out. */
  round: Entry[] | undefined;
  polls: PollRun | undefined;
}

/** Polls one after another that found nothing new. They are shown as one line. */
export interface PollRun {
  readonly kind: 'polls';
  readonly signIn: SignIn;
  count: number;
  fromMs: number;
  toMs: number;
}

interface EntryBase {
  /** Counts all entries, those that were dropped included, from 0. */
  readonly index: number;
  readonly atMs: number;
  /** Whose it is; none where it is no sign-in's, or nobody knows. */
  readonly signIn: SignIn | undefined;
  polls: PollRun | undefined;
}

/** An event that an actor was sent, and where it led. */
export interface EventEntry extends EntryBase {
  readonly kind: 'event';
  readonly type: string;
  /** The actor's name, where it is no sign-in. */
  readonly actorName: string | undefined;
  /** Whether it came from outside, and is none of XState's own. */
  readonly isOutside: boolean;
  /** What it brought, where a request was answered or failed. */
  readonly answer: Answer | undefined;
  before: string | undefined;
  after: string | undefined;
  /** What the sign-in is like from here on. */
  facts: SignInFacts | undefined;
}

/** A request, from its start. */
export interface RequestEntry extends EntryBase {
  readonly kind: 'request';
  readonly method: string;
  readonly path: string;
  status: number | undefined;
  fault: string | undefined;
  /** Until its answer; absent while it is out. */
  durationMs: number | undefined;
}

export type Entry = EventEntry | RequestEntry;

/** Everything that is known of the sign-ins, as compact as it goes. */
export interface History {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** How many were let go, since they were too many. */
  readonly dropped: number;
  /** How many messages were gone before the first one came here. */
  readonly lost: number;
  readonly signIns: readonly SignIn[];
  /** Takes one message; `false` where it told nothing. */
  receive(message: unknown): boolean;
  noteLost(count: number): void;
}

interface KnownActor {
  readonly createdAt: string;
  readonly name: string;
  readonly signIn: SignIn | undefined;
  /** The sign-in that made it. */
  readonly owner: SignIn | undefined;
  state: string | undefined;
  /** Events whose outcome is not known yet. */
  readonly unsettled: EventEntry[];
}

/** From how many polls on they are one line. */
const foldedFrom = 3;
const mostActors = 1000;
const mostSignIns = 100;
const begins = ['START', 'RESUME', 'RESTORE'];

/**
 * Makes an empty history.
 *
 * @param capacity How many entries are kept; the oldest go first, a tenth at a time.
 */
export function createHistory(capacity = 20_000): History {
  let entries: Entry[] = [];
  let [dropped, lost] = [0, 0];
  let made = 0;
  const signIns: SignIn[] = [];
  const actors = new Map<string, KnownActor>();
  const requestsOut = new Map<number, RequestEntry>();
  const texts = new Map<string, string>();

  /** One copy of each text: messages come as fresh ones. */
  function kept(text: string): string {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= mostActors) texts.clear();
    texts.set(text, text);
    return text;
  }

  function add<Kind extends Entry>(entry: Kind): Kind {
    entries.push(entry);
    if (entries.length > capacity * 1.1) {
      dropped += entries.length - capacity;
      entries = entries.slice(-capacity);
    }
    return entry;
  }

  function addActor(sessionID: string, createdAt: string, message: object): KnownActor {
    const parent = actors.get(textIn(message, 'parentId') ?? '');
    const name = kept(textIn(message, 'name') ?? sessionID);
    const isSignIn =
      idOfMachine(textIn(message, 'definition', 1_000_000)) === 'pinAuth' || name === 'pinAuth';
    const actor: KnownActor = {
      createdAt,
      name,
      signIn: isSignIn ? addSignIn(createdAt, parent?.name) : undefined,
      owner: parent?.signIn,
      state: undefined,
      unsettled: [],
    };
    // Polls make an actor each.
    if (actors.size >= mostActors) {
      const [oldest] = [...actors].find(([, { signIn }]) => !signIn) ?? [...actors.keys()];
      if (typeof oldest === 'string') actors.delete(oldest);
    }
    actors.set(sessionID, actor);
    return actor;
  }

  function addSignIn(createdAt: string, parentName: string | undefined): SignIn {
    const startMs = Number(createdAt) || 0;
    const number = (signIns.at(-1)?.number ?? 0) + 1;
    const signIn: SignIn = {
      number,
      parentName,
      startMs,
      isStarted: false,
      facts: undefined,
      round: undefined,
      polls: undefined,
    };
    signIns.push(signIn);
    if (signIns.length > mostSignIns) signIns.shift();
    return signIn;
  }

  function noteActor(message: object, sessionID: string): boolean {
    const createdAt = textIn(message, 'createdAt') ?? '';
    if (actors.get(sessionID)?.createdAt === createdAt) return false;
    addActor(sessionID, createdAt, message);
    return true;
  }

  function noteEvent(message: object, sessionID: string, atMs: number): boolean {
    const event = objectIn(message, 'event');
    const type = textIn(event, 'type');
    if (type === undefined) return false;
    if (sessionID === plexSessionID) return noteRequest(event, atMs, textIn(message, 'sourceId'));
    const actor = actors.get(sessionID) ?? addActor(sessionID, textIn(message, 'createdAt') ?? '', message);
    const { signIn } = actor;
    if (signIn && !signIn.isStarted && begins.includes(type)) {
      signIn.startMs = atMs;
      signIn.isStarted = true;
    }
    const entry = addEvent(actor, kept(type), atMs, event);
    actor.unsettled.push(entry);
    if (actor.unsettled.length > 16) actor.unsettled.shift();
    return true;
  }

  function addEvent(actor: KnownActor, type: string, atMs: number, event?: object): EventEntry {
    const { signIn, owner } = actor;
    const isOutside = !type.startsWith('xstate.');
    if (signIn && isOutside) endRun(signIn);
    if (signIn && type.startsWith('xstate.after.pollDelay.')) signIn.round = [];
    const entry = add<EventEntry>({
      kind: 'event',
      index: made++,
      atMs,
      signIn,
      polls: undefined,
      type,
      actorName: signIn ? undefined : actor.name,
      isOutside,
      answer: signIn && readAnswer(event),
      before: actor.state,
      after: undefined,
      facts: undefined,
    });
    noteInRound(entry, signIn ?? owner);
    return entry;
  }

  /** What belongs to a poll is folded with it. */
  function noteInRound(entry: Entry, signIn: SignIn | undefined): void {
    if (!signIn?.round || signIn.round.length > 20) return;
    signIn.round.push(entry);
    if (signIn.polls && signIn.polls.count >= foldedFrom) entry.polls = signIn.polls;
  }

  function noteRequest(event: object, atMs: number, sourceID: string | undefined): boolean {
    const number = numberIn(event, 'number');
    if (number === undefined) return false;
    const out = requestsOut.get(number);
    const [status, fault] = [numberIn(event, 'status'), textIn(event, 'fault')];
    const isOver = status !== undefined || fault !== undefined;
    if (out && isOver) {
      out.status = status;
      out.fault = fault && kept(fault);
      out.durationMs = numberIn(event, 'durationMs') ?? Math.max(0, atMs - out.atMs);
      requestsOut.delete(number);
      return true;
    }
    const source = actors.get(sourceID ?? '');
    const method = kept(textIn(event, 'method') ?? '?');
    const path = kept(textIn(event, 'path') ?? '?');
    const signIn = source?.signIn ?? source?.owner ?? whoAsks(method, path);
    const entry = add<RequestEntry>({
      kind: 'request',
      index: made++,
      atMs,
      signIn,
      polls: undefined,
      method,
      path,
      status,
      fault: fault && kept(fault),
      durationMs: isOver ? numberIn(event, 'durationMs') : undefined,
    });
    noteInRound(entry, signIn);
    if (isOver) return true;
    if (requestsOut.size >= mostActors) requestsOut.clear();
    requestsOut.set(number, entry);
    return true;
  }

  /** A request does not say whose it is: it is the one sign-in's that is about to ask this, where there is one. */
  function whoAsks(method: string, path: string): SignIn | undefined {
    if (signIns.length < 2) return signIns[0];
    const operation = operationOf({ method, path });
    const asking = signIns.filter((one) => operationIn(one.facts?.state) === operation || one.round);
    return asking.length === 1 ? asking[0] : undefined;
  }

  function noteSnapshot(message: object, sessionID: string, atMs: number): boolean {
    const type = textIn(objectIn(message, 'event'), 'type') ?? '';
    const snapshot = objectIn(message, 'snapshot');
    const actor = actors.get(sessionID) ?? addActor(sessionID, textIn(message, 'createdAt') ?? '', message);
    const { signIn } = actor;
    const after = nameOfState(snapshot['value']);
    const place = actor.unsettled.findIndex((one) => one.type === type);
    const isStopped = type === 'xstate.stop';
    const isNews = place >= 0 || after !== actor.state || (isStopped && signIn !== undefined);
    if (isNews) {
      const [settled] = actor.unsettled.splice(0, place + 1).slice(-1);
      const entry = settled ?? addEvent(actor, kept(type || 'snapshot'), atMs);
      entry.before = actor.state;
      entry.after = after === undefined ? undefined : kept(after);
      if (signIn && after !== undefined) {
        const facts = readFacts(kept(after), objectIn(snapshot, 'context'), atMs, signIn.facts);
        signIn.facts = isStopped ? { ...facts, endedBy: 'engine' } : facts;
        entry.facts = signIn.facts;
        settleRound(signIn, entry);
      }
      actor.state = entry.after;
    }
    if (textIn(snapshot, 'status') !== 'active' && !signIn) actors.delete(sessionID);
    return isNews;
  }

  /** A poll that ends as it began joins the run; any other ends the run and is shown in full. */
  function settleRound(signIn: SignIn, entry: EventEntry): void {
    const { round, facts } = signIn;
    if (entry.after === entry.before || (round && entry.after === 'fetchingToken')) return;
    const isQuiet =
      entry.before === 'fetchingToken' && entry.after === 'awaitingLink' && facts?.lastError === undefined;
    if (!round || !isQuiet) {
      endRun(signIn);
      return;
    }
    signIn.round = undefined;
    const begunMs = round[0]?.atMs ?? entry.atMs;
    signIn.polls ??= { kind: 'polls', signIn, count: 0, fromMs: begunMs, toMs: begunMs };
    signIn.polls.count += 1;
    signIn.polls.toMs = begunMs;
    for (const one of round) one.polls = signIn.polls;
  }

  function endRun(signIn: SignIn): void {
    for (const entry of signIn.round ?? []) entry.polls = undefined;
    signIn.round = undefined;
    signIn.polls = undefined;
  }

  return {
    get entries() {
      return entries;
    },
    get dropped() {
      return dropped;
    },
    get lost() {
      return lost;
    },
    signIns,
    noteLost(count) {
      lost += count;
    },
    receive(message) {
      if (typeof message !== 'object' || message === null) return false;
      const sessionID = textIn(message, 'sessionId');
      const atMs = Number(textIn(message, 'createdAt'));
      if (sessionID === undefined || !Number.isFinite(atMs)) return false;
      switch (textIn(message, 'type')) {
        case '@xstate.actor':
          return noteActor(message, sessionID);
        case '@xstate.event':
          return noteEvent(message, sessionID, atMs);
        case '@xstate.snapshot':
          return noteSnapshot(message, sessionID, atMs);
        default:
          return false;
      }
    },
  };
}

/** Whether a run is long enough to be shown as one line. */
export function isFolded(polls: PollRun | undefined): polls is PollRun {
  return polls !== undefined && polls.count >= foldedFrom;
}

/** What a sign-in was like when an entry had happened. */
export function factsAt(history: History, signIn: SignIn, index: number): EventEntry | undefined {
  const { entries, dropped } = history;
  for (let place = Math.min(index - dropped, entries.length - 1); place >= 0; place--) {
    const entry = entries[place];
    if (entry?.kind === 'event' && entry.signIn === signIn && entry.facts) return entry;
  }
  return undefined;
}

/** The id in a machine's config. */
function idOfMachine(definition: string | undefined): unknown {
  try {
    return (JSON.parse(definition ?? '{}') as { id?: unknown } | null)?.id;
  } catch {
    return undefined;
  }
}
