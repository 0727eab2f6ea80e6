import { describe, expect, it } from 'vitest';
import { check, type Row, throttled } from './answer-rows.ts';
import { after, credentials, done, fault, move, pin, pinContext, standingIn, thrown } from './synthetic.ts';

describe('after an answer to getPin the chart', () => {
  const atMs = 9000;
  const made = { ...pin, atMs, expiresInMs: 900_000 };
  const passing = fault(atMs);
  const lasting = fault(atMs, { code: 'PLEX_HTTP', status: 400, retryable: false });
  const tooLong = throttled(atMs, 60_001);
  const rows: Row[] = [
    {
      it: 'shows the PIN, keeps it and waits',
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: {
        pin: made,
        expiresAtMs: 909_000,
        atMs,
        waitMs: 1000,
        isWaitFixed: false,
      },
      storeActions: ['keepPin'],
    },
    {
      it: 'forgets the faults before it',
      given: { failures: 5, lastError: passing, isWaitFixed: true },
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: { failures: 0, lastError: undefined, isWaitFixed: false, isResumed: false },
    },
    {
      it: 'does not believe that Plex still knows a PIN that came after a sleep',
      given: { atMs: 8000 },
      on: done('getPin', { ...made, atMs: 4_000_000 }),
      to: 'awaitingLink',
      leaves: { isResumed: true, waitMs: 1000 },
    },
    {
      it: 'cuts the wait to the life of a very short PIN',
      on: done('getPin', { ...made, expiresInMs: 400 }),
      to: 'awaitingLink',
      leaves: { waitMs: 400 },
    },
    {
      it: 'keeps limit and renewals of the caller',
      given: { giveUpAfterMs: 1500, renewalsLeft: 2 },
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: { giveUpAfterMs: 1500, renewalsLeft: 2, spentMs: 1000, waitMs: 500 },
    },
    {
      it: 'shows a PIN that comes past the limit of the caller, and reads it once',
      given: { giveUpAfterMs: 900 },
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: { waitMs: 1000 },
      storeActions: ['keepPin'],
    },
    {
      it: 'backs off after a passing fault',
      on: thrown('getPin', passing),
      to: 'requestingPin.backingOff',
      leaves: { failures: 1, lastError: passing, waitMs: 1000, isWaitFixed: false },
      storeActions: [],
    },
    {
      it: 'backs off after the fifth fault in a row',
      given: { failures: 4 },
      on: thrown('getPin', passing),
      to: 'requestingPin.backingOff',
      leaves: { failures: 5 },
    },
    {
      it: 'fails at the sixth fault in a row',
      given: { failures: 5, lastError: fault(8000), spentMs: 4000 },
      on: thrown('getPin', passing),
      to: 'failed',
      leaves: { error: passing, lastError: undefined },
    },
    {
      it: 'backs off after the sixth fault in a row, if hints brought them within 5 s',
      given: { failures: 5, spentMs: 3999 },
      on: thrown('getPin', passing),
      to: 'requestingPin.backingOff',
      leaves: { failures: 6 },
    },
    {
      it: 'fails where asking again does not help',
      on: thrown('getPin', lasting),
      to: 'failed',
      leaves: { error: lasting },
      storeActions: [],
    },
    {
      it: 'waits a minute where Plex asks for it',
      on: thrown('getPin', throttled(atMs, 60_000)),
      to: 'requestingPin.backingOff',
      leaves: { waitMs: 60_000, isWaitFixed: true },
    },
    {
      it: 'fails where Plex asks for more',
      on: thrown('getPin', tooLong),
      to: 'failed',
      leaves: { error: tooLong },
    },
    {
      it: 'cuts the wait to the limit of the caller',
      given: { giveUpAfterMs: 1200 },
      on: thrown('getPin', passing),
      to: 'requestingPin.backingOff',
      leaves: { waitMs: 200 },
    },
    {
      it: 'fails with an error of unknown make',
      on: thrown('getPin', undefined),
      to: 'failed',
      leaves: { error: expect.objectContaining({ message: 'undefined' }) },
    },
  ];
  it.each(rows)('$it', check('requestingPin.asking', { ...pinContext, pin: undefined, expiresAtMs: 0 }));
});

describe('after a wait the chart', () => {
  const passing = fault(5000);
  it('reads the PIN', () => {
    const moved = move(standingIn('awaitingLink', pinContext), after('pollDelay'));
    expect([moved.name, moved.run]).toEqual(['fetchingToken', ['cancel', 'spawnChild']]);
  });

  const rows: Row[] = [
    {
      it: 'asks for a PIN again',
      on: after('retryDelay'),
      to: 'requestingPin.asking',
      leaves: { failures: 2 },
    },
    {
      it: 'asks for a PIN again just before the limit of the caller',
      given: { giveUpAfterMs: 6001, spentMs: 5000 },
      on: after('retryDelay'),
      to: 'requestingPin.asking',
    },
    {
      it: 'expires at the limit of the caller',
      given: { giveUpAfterMs: 6000, spentMs: 5000, renewalsLeft: 1 },
      on: after('retryDelay'),
      to: 'expired',
      leaves: { reason: 'limit', lastError: passing },
    },
    {
      it: 'asks at once for a hint, and the third one too',
      given: { promptChecks: 2 },
      on: { type: 'CHECK' },
      to: 'requestingPin.asking',
      leaves: { promptChecks: 3 },
    },
    {
      it: 'lets a fourth hint wait a while',
      given: { promptChecks: 3 },
      on: { type: 'CHECK' },
      to: 'requestingPin.backingOff',
      leaves: { waitMs: 500, isCheckPending: true },
    },
    {
      it: 'makes room for hints again, once a wait ran its time',
      given: { promptChecks: 3 },
      on: after('retryDelay'),
      to: 'requestingPin.asking',
      leaves: { promptChecks: 0 },
    },
  ];
  const context = {
    ...pinContext,
    pin: undefined,
    lastError: passing,
    failures: 2,
    atMs: 5000,
    waitMs: 1000,
  };
  it.each(rows)('$it', check('requestingPin.backingOff', context));
});

describe('after an answer to signOut the chart', () => {
  const refused = fault(5000, { code: 'PLEX_HTTP', status: 401, retryable: false });
  const rows: Row[] = [
    {
      it: 'is idle and holds no token',
      on: done('signOut'),
      to: 'idle',
      leaves: { reason: 'signedOut', credentials: undefined, lastError: undefined },
    },
    {
      it: 'is idle and holds no token, fault or no fault, and shows the fault',
      on: thrown('signOut', refused),
      to: 'idle',
      leaves: { reason: 'signedOut', credentials: undefined, lastError: refused, error: undefined },
    },
  ];
  it.each(rows)('$it', check('signingOut', { ...pinContext, pin: undefined, credentials }));
});
