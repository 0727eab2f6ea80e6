/** The words of the chart's picture: short ones, for readers who do not know the chart's guards yet. */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { labelOf } from './chart-parts.ts';

/** What an arrow says for each transition. A picture cannot be drawn without the words of a new transition. */
const arrowWords: Readonly<Record<string, string>> = {
  START: 'START',
  SIGN_OUT: 'SIGN_OUT',
  REJECTED: 'REJECTED',
  'CHECK [mayAskNow]': 'CHECK',
  getPin: 'a code',
  'getPin error [isPermanent]': 'lasting error',
  'getPin error [isOutOfAttempts]': 'last try failed',
  'getPin error': 'error',
  'after retryDelay': 'retryDelay',
  'after retryDelay [isPastLimit]': 'past limit',
  'after pollDelay': 'pollDelay',
  'getToken [isClaimed]': 'token',
  'getToken [isGoneEarly]': 'gone early',
  'getToken [isGone]': 'gone',
  'getToken [isPastDeadline]': 'deadline',
  getToken: 'not yet',
  'getToken error [isPermanent]': 'lasting error',
  'getToken error [hasLostPlexAtDeadline]': 'deadline',
  'getToken error': 'error',
  '[hasDelayedRenewals]': 'renewal',
  '[hasRenewals]': 'renewal',
};

/** What goes over the wire while an actor runs, below `/api/v2`. */
export const wireWords: Readonly<Record<string, string>> = {
  getPin: 'POST /pins',
  getToken: 'GET /pins/{id}',
  signOut: 'DELETE …/signout',
};

/** What is true in the states where nothing goes over the wire. */
const stateWords: Readonly<Record<string, string>> = {
  backingOff: 'waits longer',
  awaitingLink: 'user has the code',
  authenticated: 'has a token',
  expired: 'pin, limit or token',
  failed: 'error says why',
};

/** What a transition does that leads to no other state. */
const actionWords: Readonly<Record<string, string>> = {
  hasten: 'waits less',
  rememberCheck: 'asks once more at once',
  countCheck: 'asks once more at once',
  rememberStart: 'replaces a resumed PIN that is gone',
  noteLastError: 'noted; the sign-in continues',
};

/** The same, for the narrow picture. */
const briefActionWords: Readonly<Record<string, string>> = {
  hasten: 'asks sooner',
  noteLastError: 'noted',
};

/** Throws if there are no words for a transition. */
export function wordsOf(transition: AnyTransitionDefinition): string {
  return wordsIn(arrowWords, labelOf(transition));
}

/** Says what a transition does that leads to no other state. */
export function deedOf(transition: AnyTransitionDefinition): string {
  return deedIn(actionWords, transition);
}

/** Says the same in two words. */
export function briefDeedOf(transition: AnyTransitionDefinition): string {
  return deedIn(briefActionWords, transition);
}

function deedIn(words: Readonly<Record<string, string>>, { actions }: AnyTransitionDefinition): string {
  const names = (actions as readonly (string | { readonly type: string })[]).map((action) =>
    typeof action === 'string' ? action : action.type,
  );
  const known = names.find((name) => words[name]);
  return wordsIn(words, known ?? names.join());
}

/** The second line in a state; empty if it needs none. */
export function noteOf({ key, invoke: [actor] }: AnyStateNode): string {
  return actor ? wordsIn(wireWords, actor.id) : (stateWords[key] ?? '');
}

function wordsIn(words: Readonly<Record<string, string>>, name: string): string {
  const found = words[name];
  if (found === undefined) throw new Error(`tools/draw/chart-words.ts has no words for "${name}"`);
  return found;
}
