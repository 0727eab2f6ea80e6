import type { Entry, EventEntry, PollRun, SignIn } from './history-entry.ts';

/** Fewer polls are shown one by one. */
const fewestFolded = 3;
const mostEntriesOfPoll = 20;

/** Whether a run is long enough to be shown as one line. */
export function isFolded(run: PollRun | undefined): run is PollRun {
  return run !== undefined && run.count >= fewestFolded;
}

export function beginPoll(signIn: SignIn): void {
  signIn.openPoll = [];
}

/** Adds an entry to the poll in flight, so that it is folded with it. */
export function addToPoll(entry: Entry, signIn: SignIn | undefined): void {
  if (!signIn?.openPoll || signIn.openPoll.length > mostEntriesOfPoll) return;
  signIn.openPoll.push(entry);
  if (isFolded(signIn.pollRun)) entry.pollRun = signIn.pollRun;
}

/** A poll that leads back to where it began joins the run. Any other step ends the run, and is shown in full. */
export function settlePoll(signIn: SignIn, entry: EventEntry): void {
  const { openPoll, state } = signIn;
  if (entry.after === entry.before || (openPoll && entry.after === 'fetchingToken')) return;
  const isBack = entry.before === 'fetchingToken' && entry.after === 'awaitingLink';
  if (!openPoll || !isBack || state?.lastError !== undefined) {
    endPollRun(signIn);
    return;
  }
  signIn.openPoll = undefined;
  const beganAtMs = openPoll[0]?.atMs ?? entry.atMs;
  signIn.pollRun ??= { kind: 'polls', signIn, count: 0, fromMs: beganAtMs, toMs: beganAtMs };
  const run = signIn.pollRun;
  run.count += 1;
  run.toMs = beganAtMs;
  for (const one of openPoll) one.pollRun = run;
}

export function endPollRun(signIn: SignIn): void {
  for (const entry of signIn.openPoll ?? []) entry.pollRun = undefined;
  signIn.openPoll = undefined;
  signIn.pollRun = undefined;
}
