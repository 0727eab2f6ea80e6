/** States and events made by hand, so that the chart's tests need no actor, no timer and no clock. */
import { initialTransition, type SnapshotFrom, type StateValueFrom, transition } from 'xstate';
import {
  type PinAuthContext,
  type PinAuthEvent,
  type PinAuthInput,
  pinAuthMachine,
} from '../../machines/pin-auth.ts';
import { PlexAuthError, type PlexAuthErrorCode, type PlexAuthErrorDetails } from '../../src/errors.ts';
import type { Pin, PinReading } from '../../src/pin.ts';
import { Secret } from '../../src/secret.ts';

export type PinAuthSnapshot = SnapshotFrom<typeof pinAuthMachine>;

type ParentIn<Value> = Value extends object ? keyof Value & string : never;
type ChildIn<Value> = Value extends object
  ? { [Parent in keyof Value & string]-?: `${Parent}.${Value[Parent] & string}` }[keyof Value & string]
  : never;
type StateValue = StateValueFrom<typeof pinAuthMachine>;

/** A state in which the chart can stand: `idle`, `requestingPin.asking`, … */
export type StateName = Exclude<Extract<StateValue, string>, ParentIn<StateValue>> | ChildIn<StateValue>;

/** Half an hour, from 0 on: `LIFE_MS` is its deadline too. */
export const LIFE_MS = 1_800_000;
export const pin: Pin = { pinID: 7, code: 'ABCD', clientIdentifier: 'tv', atMs: 0, expiresInMs: LIFE_MS };
const token = new Secret('a-token');
export const credentials = { token, clientIdentifier: 'tv' };

/** The chart before anything has happened. */
export function freshContext(input: PinAuthInput = {}): PinAuthContext {
  return initialTransition(pinAuthMachine, input)[0].context;
}

/** The chart while the user has {@link pin}. */
export const pinContext: PinAuthContext = {
  ...freshContext({ nextDelayMs: () => 1000 }),
  pin,
  expiresAtMs: LIFE_MS,
  waitMs: 1000,
};

export function standingIn(name: StateName, context: PinAuthContext = freshContext()): PinAuthSnapshot {
  const [parent = '', child] = name.split('.');
  return pinAuthMachine.resolveState({ value: child ? { [parent]: child } : parent, context });
}

export function nameOf({ value }: PinAuthSnapshot): StateName {
  return (typeof value === 'string' ? value : Object.entries(value)[0]?.join('.')) as StateName;
}

const hostActions = ['keepPin', 'forgetPin', 'keepCredentials', 'forgetCredentials'];

/** Where an event leads, and what the chart would have done on the way. */
export function move(from: PinAuthSnapshot, event: PinAuthEvent) {
  const [snapshot, actions] = transition(pinAuthMachine, from, event);
  const types = actions.map(({ type }) => type as string);
  return {
    snapshot,
    name: nameOf(snapshot),
    context: snapshot.context,
    /** The actions on the host's stores. */
    storeActions: types.filter((type) => hostActions.includes(type)),
    /** What XState starts and stops: `spawnChild`, `stopChild`, `raise` (a timer), `cancel` (a timer). */
    run: types.filter((type) => type.startsWith('xstate.')).map((type) => type.slice('xstate.'.length)),
  };
}

/** The event by which an invoked actor answers. */
export function done(actorID: 'getPin' | 'getToken' | 'signOut', output?: unknown): PinAuthEvent {
  return { type: `xstate.done.actor.${actorID}`, output, actorId: actorID } as unknown as PinAuthEvent;
}

/** The event by which an invoked actor fails. */
export function thrown(actorID: 'getPin' | 'getToken' | 'signOut', error: unknown): PinAuthEvent {
  return { type: `xstate.error.actor.${actorID}`, error, actorId: actorID } as unknown as PinAuthEvent;
}

/** The event by which a wait ends. */
export function after(delay: 'pollDelay' | 'retryDelay'): PinAuthEvent {
  const state = { pollDelay: 'awaitingLink', retryDelay: 'requestingPin.backingOff' }[delay];
  return { type: `xstate.after.${delay}.pinAuth.${state}` } as unknown as PinAuthEvent;
}

export function claimed(atMs: number): PinReading {
  return { status: 'claimed', atMs, token };
}

/** "Not yet". Without `expiresInMs` Plex's count and the clock agree. */
export function pending(atMs: number, expiresInMs: number = LIFE_MS - atMs): PinReading {
  return { status: 'pending', atMs, tookMs: 100, expiresInMs };
}

/** "Not yet", to a read that began at the deadline. */
export function atTheEnd(expiresInMs = 0): PinReading {
  return pending(LIFE_MS + 100, expiresInMs);
}

export function gone(atMs: number): PinReading {
  return { status: 'gone', atMs, error: fault(atMs, { code: 'PLEX_CLIENT_MISMATCH', retryable: false }) };
}

/** A fault of an actor; one that passes, unless `details` say otherwise. */
export function fault(
  atMs: number,
  { code = 'PLEX_NETWORK', ...details }: Partial<PlexAuthErrorDetails> & { code?: PlexAuthErrorCode } = {},
): PlexAuthError {
  return new PlexAuthError(code, 'A fault', { atMs, retryable: true, ...details });
}
