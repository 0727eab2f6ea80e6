import { describe, expect, it } from 'vitest';
import { type PinAuthContext, type PinAuthEvent, pinAuthMachine } from '../../machines/pin-auth.ts';
import { statesOf } from '../../tools/draw/chart-parts.ts';
import {
  credentials,
  fault,
  freshContext,
  LIFE_MS,
  move,
  pin,
  pinContext,
  type StateName,
  standingIn,
} from './synthetic.ts';

type EventType = PinAuthEvent['type'];

const events: { [Type in EventType]: Extract<PinAuthEvent, { type: Type }> } = {
  START: { type: 'START' },
  RESUME: { type: 'RESUME', pin },
  RESTORE: { type: 'RESTORE', credentials },
  CHECK: { type: 'CHECK' },
  CANCEL: { type: 'CANCEL' },
  SIGN_OUT: { type: 'SIGN_OUT' },
  REJECTED: { type: 'REJECTED' },
  STORE_FAILED: { type: 'STORE_FAILED', error: fault(0, { code: 'PLEX_STORE' }) },
};

/** `ignored`: nothing changes at all. `stays`: only the context does; what runs keeps running. */
const table: Record<StateName, Record<EventType, StateName | 'ignored' | 'stays'>> = {
  idle: {
    START: 'requestingPin.asking',
    RESUME: 'fetchingToken',
    RESTORE: 'authenticated',
    CHECK: 'ignored',
    CANCEL: 'ignored',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  'requestingPin.asking': {
    START: 'ignored',
    RESUME: 'ignored',
    RESTORE: 'authenticated',
    CHECK: 'ignored',
    CANCEL: 'idle',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  'requestingPin.backingOff': {
    START: 'ignored',
    RESUME: 'ignored',
    RESTORE: 'authenticated',
    CHECK: 'requestingPin.asking',
    CANCEL: 'idle',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  awaitingLink: {
    START: 'ignored',
    RESUME: 'ignored',
    RESTORE: 'authenticated',
    CHECK: 'fetchingToken',
    CANCEL: 'idle',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  fetchingToken: {
    START: 'ignored',
    RESUME: 'ignored',
    RESTORE: 'authenticated',
    CHECK: 'stays',
    CANCEL: 'idle',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  authenticated: {
    START: 'ignored',
    RESUME: 'ignored',
    RESTORE: 'ignored',
    CHECK: 'ignored',
    CANCEL: 'ignored',
    SIGN_OUT: 'signingOut',
    REJECTED: 'expired',
    STORE_FAILED: 'stays',
  },
  expired: {
    START: 'requestingPin.asking',
    RESUME: 'ignored',
    RESTORE: 'authenticated',
    CHECK: 'ignored',
    CANCEL: 'ignored',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  failed: {
    START: 'requestingPin.asking',
    RESUME: 'ignored',
    RESTORE: 'authenticated',
    CHECK: 'ignored',
    CANCEL: 'ignored',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
  signingOut: {
    START: 'ignored',
    RESUME: 'ignored',
    RESTORE: 'ignored',
    CHECK: 'ignored',
    CANCEL: 'idle',
    SIGN_OUT: 'ignored',
    REJECTED: 'ignored',
    STORE_FAILED: 'stays',
  },
};

const stateNames = Object.keys(table) as StateName[];
const eventTypes = Object.keys(events) as EventType[];

describe('the transition table', () => {
  it('has a row forevery state in which the chart can stand', () => {
    const leaves = statesOf(pinAuthMachine).filter(({ states }) => Object.keys(states).length === 0);
    expect(stateNames.toSorted()).toEqual(leaves.map(({ path }) => path.join('.')).toSorted());
  });

  it('has a column forevery event that the chart takes from outside', () => {
    const outside = pinAuthMachine.events.filter((type) => !String(type).startsWith('xstate.'));
    expect(eventTypes.toSorted()).toEqual(outside.toSorted());
  });

  const cells = stateNames.flatMap((from) =>
    eventTypes.map((type) => ({ from, type, next: table[from][type] })),
  );
  it.each(cells)('$from: $type → $next', ({ from, type, next }) => {
    const before = standingIn(from, pinContext);
    const { snapshot, name, run, storeActions } = move(before, events[type]);
    expect(name).toBe(next === 'ignored' || next === 'stays' ? from : next);
    expect(snapshot === before).toBe(next === 'ignored');
    if (next === 'stays') expect([run, storeActions]).toEqual([[], []]);
  });
});

interface Row {
  it: string;
  from: StateName;
  given?: Partial<PinAuthContext>;
  event: PinAuthEvent;
  to: StateName;
  leaves?: Partial<PinAuthContext>;
  storeActions?: string[];
  run?: string[];
}

/** What the table cannot say: guards that refuse, what the context holds afterwards, what is started and stopped. */
const rows: Row[] = [
  {
    it: 'begins without a limit',
    from: 'idle',
    event: { type: 'START' },
    to: 'requestingPin.asking',
    leaves: { giveUpAfterMs: undefined, spentMs: 0 },
    run: ['spawnChild'],
  },
  {
    it: 'begins with the limit and the renewals of the caller',
    from: 'idle',
    given: { renewals: 3 },
    event: { type: 'START', giveUpAfterMs: 5000, atMs: 7000 },
    to: 'requestingPin.asking',
    leaves: { giveUpAfterMs: 5000, renewalsLeft: 3, atMs: 7000 },
  },
  {
    it: 'starts again without the error of the last flow',
    from: 'failed',
    given: { error: fault(0), lastError: fault(0), pin, failures: 4, giveUpAfterMs: 9, spentMs: 8 },
    event: { type: 'START' },
    to: 'requestingPin.asking',
    leaves: { ...freshContext(), nextDelayMs: pinContext.nextDelayMs },
  },
  {
    it: 'starts again with all renewals',
    from: 'expired',
    given: { renewals: 2, renewalsLeft: 0, reason: 'pin' },
    event: { type: 'START' },
    to: 'requestingPin.asking',
    leaves: { renewalsLeft: 2, reason: undefined },
  },
  {
    it: 'continues with a stored PIN, and does not store it again',
    from: 'idle',
    given: { ...freshContext(), renewals: 1 },
    event: { type: 'RESUME', pin, giveUpAfterMs: 5000, atMs: 7000 },
    to: 'fetchingToken',
    leaves: { pin, expiresAtMs: LIFE_MS, giveUpAfterMs: 5000, renewalsLeft: 1, atMs: 7000, isResumed: true },
    storeActions: [],
    run: ['spawnChild'],
  },
  {
    it: 'takes a stored PIN of a clock that was ahead for one of now',
    from: 'idle',
    event: { type: 'RESUME', pin: { ...pin, atMs: 9_000_000_000 }, atMs: 7000 },
    to: 'fetchingToken',
    leaves: { expiresAtMs: 7000 + LIFE_MS },
  },
  {
    it: 'remembers a start while it is open whether Plex knows a stored PIN',
    from: 'fetchingToken',
    given: { isResumed: true },
    event: { type: 'START' },
    to: 'fetchingToken',
    leaves: { isStartPending: true },
    run: [],
  },
  {
    it: 'remembers a start there between two reads too',
    from: 'awaitingLink',
    given: { isResumed: true },
    event: { type: 'START' },
    to: 'awaitingLink',
    leaves: { isStartPending: true },
    run: [],
  },
  {
    it: 'takes the late token of an earlier flow, and asks about this PIN no more',
    from: 'fetchingToken',
    event: { type: 'RESTORE', credentials },
    to: 'authenticated',
    leaves: { credentials, pin: undefined },
    storeActions: ['forgetPin'],
    run: ['stopChild'],
  },
  {
    it: 'forgets the very credentials that were rejected',
    from: 'authenticated',
    given: { credentials },
    event: { type: 'REJECTED' },
    to: 'expired',
    leaves: { credentials: undefined, reason: 'token' },
    storeActions: ['forgetCredentials'],
  },
  {
    it: 'continues with stored credentials, and does not store them again',
    from: 'idle',
    event: { type: 'RESTORE', credentials },
    to: 'authenticated',
    leaves: { credentials, pin: undefined },
    storeActions: [],
    run: [],
  },
  {
    it: 'takes a token that comes after all, and asks for no other PIN',
    from: 'requestingPin.asking',
    given: { failures: 2, lastError: fault(0) },
    event: { type: 'RESTORE', credentials },
    to: 'authenticated',
    leaves: { credentials, failures: 0, lastError: undefined },
    run: ['stopChild'],
  },
  {
    it: 'takes a token that another page stored, and forgets how this flow expired',
    from: 'expired',
    given: { reason: 'limit', lastError: fault(0) },
    event: { type: 'RESTORE', credentials },
    to: 'authenticated',
    leaves: { credentials, reason: undefined, lastError: undefined },
    storeActions: [],
    run: [],
  },
  {
    it: 'takes a token that another page stored, and forgets how this flow failed',
    from: 'failed',
    given: { error: fault(0) },
    event: { type: 'RESTORE', credentials },
    to: 'authenticated',
    leaves: { credentials, error: undefined },
    storeActions: [],
    run: [],
  },
  {
    it: 'lets no hint cut short a wait that Plex asked for',
    from: 'awaitingLink',
    given: { isWaitFixed: true },
    event: { type: 'CHECK' },
    to: 'awaitingLink',
    run: [],
  },
  {
    it: 'lets no hint cut short a wait for a PIN that Plex asked for',
    from: 'requestingPin.backingOff',
    given: { isWaitFixed: true },
    event: { type: 'CHECK' },
    to: 'requestingPin.backingOff',
    run: [],
  },
  {
    it: 'remembers a hint that comes during a read',
    from: 'fetchingToken',
    event: { type: 'CHECK' },
    to: 'fetchingToken',
    leaves: { isCheckPending: true },
    run: [],
  },
  {
    it: 'ends the wait and starts the read at a hint, and forgets older hints',
    from: 'awaitingLink',
    given: { isCheckPending: true },
    event: { type: 'CHECK' },
    to: 'fetchingToken',
    leaves: { isCheckPending: false },
    run: ['cancel', 'spawnChild'],
  },
  {
    it: 'stops getPin when cancelled',
    from: 'requestingPin.asking',
    event: { type: 'CANCEL' },
    to: 'idle',
    leaves: { reason: 'cancelled' },
    storeActions: [],
    run: ['stopChild'],
  },
  {
    it: 'stops the wait for a PIN when cancelled',
    from: 'requestingPin.backingOff',
    event: { type: 'CANCEL' },
    to: 'idle',
    leaves: { reason: 'cancelled' },
    run: ['cancel'],
  },
  {
    it: 'stops the wait and forgets the PIN when cancelled',
    from: 'awaitingLink',
    event: { type: 'CANCEL' },
    to: 'idle',
    leaves: { reason: 'cancelled', pin: undefined },
    storeActions: ['forgetPin'],
    run: ['cancel'],
  },
  {
    it: 'stops the read and forgets the PIN when cancelled',
    from: 'fetchingToken',
    event: { type: 'CANCEL' },
    to: 'idle',
    leaves: { reason: 'cancelled', pin: undefined },
    storeActions: ['forgetPin'],
    run: ['stopChild'],
  },
  {
    it: 'stops the sign-out when cancelled, and is signed out all the same',
    from: 'signingOut',
    given: { credentials },
    event: { type: 'CANCEL' },
    to: 'idle',
    leaves: { reason: 'signedOut', credentials: undefined },
    run: ['stopChild'],
  },
  {
    it: 'forgets the stored token before Plex has answered the sign-out, which still needs the token',
    from: 'authenticated',
    given: { credentials },
    event: { type: 'SIGN_OUT' },
    to: 'signingOut',
    leaves: { credentials },
    storeActions: ['forgetCredentials'],
    run: ['spawnChild'],
  },
  {
    it: 'does not renew after a token that Plex refused',
    from: 'authenticated',
    given: { credentials, renewals: 2, renewalsLeft: 2 },
    event: { type: 'REJECTED' },
    to: 'expired',
    leaves: { reason: 'token', credentials: undefined },
    storeActions: ['forgetCredentials'],
    run: [],
  },
  {
    it: 'shows the error of a store and continues',
    from: 'fetchingToken',
    given: { pin, failures: 1 },
    event: events.STORE_FAILED,
    to: 'fetchingToken',
    leaves: { lastError: events.STORE_FAILED.error, pin, failures: 1, error: undefined },
  },
];

describe('beyond the table, the chart', () => {
  it.each(rows)('$it', ({ from, given, event, to, leaves = {}, storeActions, run }) => {
    const moved = move(standingIn(from, { ...pinContext, ...given }), event);
    expect(moved.name).toBe(to);
    expect(moved.context).toMatchObject(leaves);
    if (storeActions) expect(moved.storeActions).toEqual(storeActions);
    if (run) expect(moved.run).toEqual(run);
  });
});
