import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PinReading } from '../../src/pin.ts';
import { check, HOUR_MS, LONGEST_MS, type Row, read } from './answer-rows.ts';
import {
  atTheEnd,
  claimed,
  credentials,
  fault,
  gone,
  LIFE_MS,
  move,
  pending,
  pin,
  pinContext,
  standingIn,
} from './synthetic.ts';

describe('a token, once read, is taken', () => {
  const taken: Pick<Row, 'to' | 'leaves' | 'storeActions'> = {
    to: 'authenticated',
    leaves: { credentials, pin: undefined, lastError: undefined, failures: 0 },
    storeActions: ['keepCredentials', 'forgetPin'],
  };
  const rows: Pick<Row, 'it' | 'given' | 'on'>[] = [
    { it: 'before the deadline', on: read(claimed(5000)) },
    { it: 'at the deadline', on: read(claimed(LIFE_MS)) },
    { it: 'an hour past the deadline', on: read(claimed(LIFE_MS + HOUR_MS)) },
    { it: 'before the PIN was made, by a clock that was set back', on: read(claimed(-HOUR_MS)) },
    { it: 'past the limit of the caller', given: { giveUpAfterMs: 900 }, on: read(claimed(5000)) },
    { it: 'after faults', given: { failures: 9, lastError: fault(4000) }, on: read(claimed(5000)) },
    { it: 'after a hint', given: { isCheckPending: true }, on: read(claimed(5000)) },
    { it: 'with renewals left', given: { renewalsLeft: 1 }, on: read(claimed(LIFE_MS + 1)) },
  ];
  it.each(rows)('$it', (row) => check('fetchingToken', pinContext)({ ...row, ...taken }));

  it('whatever time it is and whatever came before', () => {
    const anyMs = fc.integer({ min: -LONGEST_MS, max: LONGEST_MS });
    fc.assert(
      fc.property(
        fc.record({
          giveUpAfterMs: anyMs,
          spentMs: anyMs,
          expiresAtMs: anyMs,
          failures: fc.nat(100),
          isCheckPending: fc.boolean(),
          renewalsLeft: fc.nat(3),
        }),
        anyMs,
        (given, atMs) =>
          check('fetchingToken', pinContext)({ it: 'is taken', given, on: read(claimed(atMs)), ...taken }),
      ),
    );
  });

  it('under the client identifier that the PIN was made with', () => {
    const moved = move(
      standingIn('fetchingToken', { ...pinContext, pin: { ...pin, clientIdentifier: 'another' } }),
      read(claimed(5000)),
    );
    expect(moved.context.credentials).toEqual({ ...credentials, clientIdentifier: 'another' });
  });
});

describe('after "not yet" the chart', () => {
  const rows: Row[] = [
    {
      it: 'waits and asks again',
      on: read(pending(5000)),
      to: 'awaitingLink',
      leaves: {
        atMs: 5000,
        waitMs: 1000,
        isWaitFixed: false,
        spentMs: 1100,
        expiresAtMs: LIFE_MS,
      },
      storeActions: [],
    },
    {
      it: 'forgets the faults before it',
      given: { failures: 3, lastError: fault(4000), isWaitFixed: true },
      on: read(pending(5000)),
      to: 'awaitingLink',
      leaves: { failures: 0, lastError: undefined, isWaitFixed: false },
    },
    {
      it: 'cuts the wait to the deadline',
      on: read(pending(LIFE_MS - 600)),
      to: 'awaitingLink',
      leaves: { waitMs: 600 },
    },
    {
      it: 'waits the last millisecond',
      on: read(pending(LIFE_MS - 1)),
      to: 'awaitingLink',
      leaves: { waitMs: 1 },
    },
    {
      it: 'cuts the wait to the limit of the caller',
      given: { giveUpAfterMs: 1400 },
      on: read(pending(5000)),
      to: 'awaitingLink',
      leaves: { waitMs: 300 },
    },
    {
      it: 'expires at the deadline',
      on: read(atTheEnd()),
      to: 'expired',
      leaves: { reason: 'pin' },
      storeActions: ['forgetPin'],
    },
    {
      it: 'expires where the timer of the last read was 5 ms early',
      on: read(pending(LIFE_MS + 95, 0)),
      to: 'expired',
      leaves: { reason: 'pin' },
    },
    {
      it: 'reads once more where the read began before the deadline',
      on: read(pending(LIFE_MS + 94, 0)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS + 94, waitMs: 1000, reason: undefined },
      storeActions: [],
    },
    {
      it: 'expires at the limit of the caller',
      given: { giveUpAfterMs: 1000 },
      on: read(pending(5000)),
      to: 'expired',
      leaves: { reason: 'limit' },
      storeActions: ['forgetPin'],
    },
    {
      it: 'names the limit where PIN and limit end together',
      given: { giveUpAfterMs: LIFE_MS, spentMs: LIFE_MS - 1000 },
      on: read(atTheEnd()),
      to: 'expired',
      leaves: { reason: 'limit' },
    },
    {
      it: 'makes a new PIN where renewals are left',
      given: { renewals: 2, renewalsLeft: 2 },
      on: read(atTheEnd()),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 1, pin: undefined, reason: undefined, expiresAtMs: 0, failures: 0 },
      storeActions: ['forgetPin'],
    },
    {
      it: 'keeps the limit of the caller over a renewal',
      given: { renewalsLeft: 1, giveUpAfterMs: 1106 },
      on: read(atTheEnd()),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 0, giveUpAfterMs: 1106, spentMs: 1100 },
    },
    {
      it: 'renews without end where renewals have none',
      given: { renewalsLeft: Infinity },
      on: read(atTheEnd()),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: Infinity },
    },
    {
      it: 'does not renew past the limit of the caller',
      given: { renewalsLeft: 1, giveUpAfterMs: 1000 },
      on: read(atTheEnd()),
      to: 'expired',
      leaves: { reason: 'limit', renewalsLeft: 1 },
    },
    {
      it: 'asks again at once where a hint came meanwhile',
      given: { isCheckPending: true, failures: 1, lastError: fault(4000) },
      on: read(pending(5000)),
      to: 'fetchingToken',
      leaves: { isCheckPending: false, failures: 0, lastError: undefined, atMs: 5000 },
      storeActions: [],
    },
    {
      it: 'lets a fourth hint in a row wait a while',
      given: { isCheckPending: true, promptChecks: 3 },
      on: read(pending(5000)),
      to: 'awaitingLink',
      leaves: { waitMs: 500, isCheckPending: true, promptChecks: 3 },
    },
    {
      it: 'expires at the deadline, hint or no hint',
      given: { isCheckPending: true },
      on: read(atTheEnd()),
      to: 'expired',
      leaves: { reason: 'pin' },
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));

  it('stops the read that is over before it starts the next', () => {
    const hinted = standingIn('fetchingToken', { ...pinContext, isCheckPending: true });
    expect(move(hinted, read(pending(5000))).run).toEqual(['stopChild', 'spawnChild']);
  });
});

describe('by Plex’s count of what is left, the deadline', () => {
  const half = LIFE_MS / 2;
  const rows: Row[] = [
    {
      it: 'moves with a clock that jumps an hour forwards',
      on: read(pending(HOUR_MS + 5000, half)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: HOUR_MS + 5000 + half, waitMs: 1000 },
    },
    {
      it: 'moves with a clock that jumps an hour backwards',
      on: read(pending(5000 - HOUR_MS, half)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: 5000 - HOUR_MS + half, waitMs: 1000 },
    },
    {
      it: 'comes where the count is 0, whatever the clock says, and one more read decides',
      on: read(pending(5000, 0)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: 5000, waitMs: 1000 },
    },
    {
      it: 'cuts the wait where it moved to',
      on: read(pending(HOUR_MS, 700)),
      to: 'awaitingLink',
      leaves: { waitMs: 700 },
    },
    {
      it: 'stays where the count drifts by 2 s, as whole seconds do',
      on: read(pending(5000, LIFE_MS - 7000)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS },
    },
    {
      it: 'stays where the count drifts by 2 s the other way',
      on: read(pending(5000, LIFE_MS - 3000)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS },
    },
    {
      it: 'moves where the count is off by more',
      on: read(pending(5000, LIFE_MS - 7001)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS - 2001 },
    },
    {
      it: 'moves by less where it has come and Plex still counts',
      on: read(pending(LIFE_MS, 1000)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS + 1000, waitMs: 1000 },
    },
    {
      it: 'comes although the count stands still or goes up, once our own waits have spent the PIN’s life',
      given: { spentMs: LIFE_MS - 1000 },
      on: read(atTheEnd(LIFE_MS)),
      to: 'expired',
      leaves: { reason: 'pin', spentMs: LIFE_MS + 100 },
    },
    {
      it: 'is never later than our own waits leave room for, whatever the count says',
      given: { spentMs: half - 1100, pinAtSpentMs: 0 },
      on: read(pending(5000, LIFE_MS)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: 5000 + half },
    },
    {
      it: 'leaves room for the waits since this PIN came, not for those before it',
      given: { spentMs: LIFE_MS + half - 1100, pinAtSpentMs: LIFE_MS },
      on: read(pending(5000, LIFE_MS)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: 5000 + half },
    },
    {
      it: 'takes a wait that hints cut for as long as the clock says',
      given: { atMs: 4000, waitMs: 60_000, promptChecks: 1, spentMs: half },
      on: read(pending(5000)),
      to: 'awaitingLink',
      leaves: { spentMs: half + 1000, promptChecks: 1 },
    },
    {
      it: 'takes a wait that no hint cut for whole, although the clock was set back',
      given: { atMs: HOUR_MS, spentMs: half },
      on: read(pending(5000, half)),
      to: 'awaitingLink',
      leaves: { spentMs: half + 1100 },
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));
});

describe('a sleep during a read, whose answer comes from before it', () => {
  const slept: PinReading = {
    status: 'pending',
    atMs: HOUR_MS,
    tookMs: HOUR_MS - 1000,
    expiresInMs: LIFE_MS - 1000,
  };
  const asleep = move(standingIn('fetchingToken', pinContext), read(slept));
  const awake = check('fetchingToken', { ...asleep.context });

  it('ends no sign-in, and does not show that Plex still knows the PIN', () => {
    expect(asleep.name).toBe('awaitingLink');
    expect(asleep.context).toMatchObject({ isResumed: true, waitMs: 1000 });
  });

  const rows: Row[] = [
    {
      it: 'is followed by the token, where the user approved meanwhile',
      on: read(claimed(HOUR_MS + 1100)),
      to: 'authenticated',
    },
    {
      it: 'is followed by an end, not by blame for another client',
      on: read(gone(HOUR_MS + 1100)),
      to: 'expired',
      leaves: { reason: 'pin' },
    },
    {
      it: 'is followed by "not yet", where the clock was only set',
      on: read(pending(HOUR_MS + 1100, LIFE_MS - 2100)),
      to: 'awaitingLink',
      leaves: { isResumed: false },
    },
  ];
  it.each(rows)('$it', awake);
});

describe('a PIN that Plex does not know', () => {
  const early = gone(LIFE_MS - 30_001);
  const rows: Row[] = [
    {
      it: 'is another client’s, long before the deadline',
      on: read(early),
      to: 'failed',
      leaves: { error: early.status === 'gone' ? early.error : undefined, reason: undefined, pin: undefined },
      storeActions: ['forgetPin'],
    },
    {
      it: 'is another client’s, long before the deadline, renewals or not',
      given: { renewalsLeft: 1 },
      on: read(gone(5000)),
      to: 'failed',
    },
    {
      it: 'has expired, from half a minute before the deadline on',
      on: read(gone(LIFE_MS - 30_000)),
      to: 'expired',
      leaves: { reason: 'pin', error: undefined },
      storeActions: ['forgetPin'],
    },
    {
      it: 'has expired, where the clock was set back since the last answer',
      given: { atMs: LIFE_MS - 30_000 },
      on: read(gone(5000)),
      to: 'expired',
      leaves: { reason: 'pin' },
    },
    {
      it: 'has expired, where it was resumed: another process may have used it up',
      given: { isResumed: true },
      on: read(gone(5000)),
      to: 'expired',
      leaves: { reason: 'pin', error: undefined },
      storeActions: ['forgetPin'],
    },
    {
      it: 'is replaced, where it was resumed and somebody pressed "sign in" meanwhile',
      given: { isResumed: true, isStartPending: true },
      on: read(gone(5000)),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 0, isStartPending: false, pin: undefined },
      storeActions: ['forgetPin'],
    },
    { it: 'has expired, at the deadline', on: read(gone(LIFE_MS)), to: 'expired', leaves: { reason: 'pin' } },
    {
      it: 'has expired, past the deadline',
      on: read(gone(LIFE_MS + HOUR_MS)),
      to: 'expired',
      leaves: { reason: 'pin' },
    },
    {
      it: 'is replaced where renewals are left, at once: an answer ends the wait that Plex asked for',
      given: { renewalsLeft: 1, isWaitFixed: true },
      on: read(gone(LIFE_MS)),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 0 },
      storeActions: ['forgetPin'],
    },
    {
      it: 'ends a flow past the limit of the caller by that limit',
      given: { giveUpAfterMs: 1000, renewalsLeft: 1 },
      on: read(gone(LIFE_MS)),
      to: 'expired',
      leaves: { reason: 'limit' },
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));
});
