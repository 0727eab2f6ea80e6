import type { Answer, SignInState } from './sign-in-state.ts';

/** One sign-in: an actor of the chart, alone or inside another machine. */
export interface SignIn {
  /** Counts the sign-ins, from 1. */
  readonly number: number;
  /** The name of the machine that invoked it, if one did. */
  readonly parentName: string | undefined;
  /** When the first flow began, in milliseconds since the epoch. Before that, when the actor was created. */
  startMs: number;
  isStarted: boolean;
  state: SignInState | undefined;
  /** The entries of its last poll, while that is in flight. */
  openPoll: Entry[] | undefined;
  pollRun: PollRun | undefined;
}

/** Consecutive polls that found nothing new. The timeline shows them as one line. */
export interface PollRun {
  readonly kind: 'polls';
  readonly signIn: SignIn;
  count: number;
  fromMs: number;
  toMs: number;
}

interface EntryBase {
  /** Counts all entries from 0, dropped ones included. */
  readonly index: number;
  readonly atMs: number;
  /** The sign-in that it belongs to, if it belongs to one and that is known. */
  readonly signIn: SignIn | undefined;
  pollRun: PollRun | undefined;
}

/** An event that an actor received, and the state it led to. */
export interface EventEntry extends EntryBase {
  readonly kind: 'event';
  readonly type: string;
  /** The actor's name, if it is not a sign-in. */
  readonly actorName: string | undefined;
  /** What the event brought, if a request was answered or failed. */
  readonly answer: Answer | undefined;
  before: string | undefined;
  after: string | undefined;
  /** The sign-in's state from here on. */
  state: SignInState | undefined;
}

/** A request, from its start. */
export interface RequestEntry extends EntryBase {
  readonly kind: 'request';
  readonly method: string;
  readonly path: string;
  status: number | undefined;
  /** The name of the error that took the place of an answer. */
  errorName: string | undefined;
  /** Until its answer. Absent before that. */
  durationMs: number | undefined;
}

export type Entry = EventEntry | RequestEntry;
