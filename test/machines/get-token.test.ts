import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    { it: 'past the limit of the caller', given: { giveUpAtMs: 4000 }, on: read(claimed(5000)) },
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
          giveUpAtMs: anyMs,
          expiresAtMs: anyMs,
          expiresInMs: anyMs,
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
        expiresAtMs: LIFE_MS,
        expiresInMs: LIFE_MS - 5000,
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
      given: { giveUpAtMs: 5300 },
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
      given: { giveUpAtMs: 4900 },
      on: read(pending(5000)),
      to: 'expired',
      leaves: { reason: 'limit' },
      storeActions: ['forgetPin'],
    },
    {
      it: 'names the limit where PIN and limit end together',
      given: { giveUpAtMs: LIFE_MS },
      on: read(atTheEnd()),
      to: 'expired',
      leaves: { reason: 'limit' },
    },
    {
      it: 'makes a new PIN where renewals are left',
      given: { renewals: 2, renewalsLeft: 2 },
      on: read(atTheEnd()),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 1, pin: undefined, reason: undefined, expiresAtMs: Infinity, failures: 0 },
      storeActions: ['forgetPin'],
    },
    {
      it: 'keeps the limit of the caller over a renewal',
      given: { renewalsLeft: 1, giveUpAtMs: LIFE_MS + 101 },
      on: read(atTheEnd()),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 0, giveUpAtMs: LIFE_MS + 101 },
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
      given: { renewalsLeft: 1, giveUpAtMs: LIFE_MS },
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
      leaves: { expiresAtMs: HOUR_MS + 5000 + half, expiresInMs: half, waitMs: 1000 },
    },
    {
      it: 'moves with a clock that jumps an hour backwards',
      on: read(pending(5000 - HOUR_MS, half)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: 5000 - HOUR_MS + half, expiresInMs: half, waitMs: 1000 },
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
      leaves: { expiresAtMs: LIFE_MS, expiresInMs: LIFE_MS - 7000 },
    },
    {
      it: 'stays where the count drifts by 2 s the other way',
      on: read(pending(5000, LIFE_MS - 3000)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS, expiresInMs: LIFE_MS - 3000 },
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
      it: 'stays where the count stands still, so that no server keeps a flow forever',
      given: { expiresInMs: half, atMs: LIFE_MS - 6000 },
      on: read(pending(LIFE_MS - 5000, half)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS, expiresInMs: half },
    },
    {
      it: 'comes although the count stands still',
      given: { expiresInMs: half, atMs: LIFE_MS - 2900, waitMs: 1000 },
      on: read(atTheEnd(half)),
      to: 'expired',
      leaves: { reason: 'pin', expiresInMs: half },
    },
    {
      it: 'moves once although the count stands still, where the clock went further than the wait',
      given: { expiresInMs: half, atMs: LIFE_MS - 2901, waitMs: 1000 },
      on: read(atTheEnd(half)),
      to: 'awaitingLink',
      leaves: { expiresAtMs: LIFE_MS + 100 + half, expiresInMs: half - 1 },
    },
    {
      it: 'does not move twice for one count',
      given: { expiresInMs: half - 1, atMs: LIFE_MS - 2901, waitMs: 1000 },
      on: read(atTheEnd(half)),
      to: 'expired',
      leaves: { reason: 'pin' },
    },
    {
      it: 'comes although the count goes up',
      given: { expiresInMs: half },
      on: read(atTheEnd(LIFE_MS)),
      to: 'expired',
      leaves: { reason: 'pin', expiresInMs: half },
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));
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
      given: { giveUpAtMs: LIFE_MS, renewalsLeft: 1 },
      on: read(gone(LIFE_MS)),
      to: 'expired',
      leaves: { reason: 'limit' },
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));
});
