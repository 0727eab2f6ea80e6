/** What the chart makes of each answer: one row for each case, with time as data. Times are ms; the PIN came at 0. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PinAuthContext, PinAuthEvent } from '../../machines/pin-auth.ts';
import type { Wait } from '../../src/polling.ts';
import {
  after,
  atTheEnd,
  claimed,
  credentials,
  done,
  fault,
  gone,
  LIFE_MS,
  move,
  pending,
  pin,
  pinContext,
  type StateName,
  standingIn,
  thrown,
} from './synthetic.ts';

interface Row {
  it: string;
  given?: Partial<PinAuthContext>;
  on: PinAuthEvent;
  to: StateName;
  leaves?: Partial<PinAuthContext>;
  told?: string[];
}

function check(from: StateName, context: PinAuthContext) {
  return ({ given, on, to, leaves = {}, told }: Row) => {
    const moved = move(standingIn(from, { ...context, ...given }), on);
    expect(moved.name).toBe(to);
    expect(moved.context).toMatchObject(leaves);
    if (told) expect(moved.told).toEqual(told);
    // At most one timer, and it runs as long as the context says.
    expect(moved.run.filter((type) => type === 'raise')).toHaveLength(
      to === 'awaitingLink' || to === 'requestingPin.backingOff' ? 1 : 0,
    );
  };
}

const HOUR_MS = 3_600_000;
const LONGEST_MS = 2 ** 31 - 1;
const read = (output: unknown) => done('getToken', output);
const fails = (error: unknown) => thrown('getToken', error);
const throttled = (atMs: number, retryAfterMs?: number) =>
  fault(atMs, { code: 'PLEX_RATE_LIMITED', retryAfterMs });

describe('a token, once read, is taken', () => {
  const taken: Pick<Row, 'to' | 'leaves' | 'told'> = {
    to: 'authenticated',
    leaves: { credentials, pin: undefined, lastError: undefined, failures: 0 },
    told: ['keepCredentials', 'forgetPin'],
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
      told: [],
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
      told: ['forgetPin'],
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
      told: [],
    },
    {
      it: 'expires at the limit of the caller',
      given: { giveUpAtMs: 4900 },
      on: read(pending(5000)),
      to: 'expired',
      leaves: { reason: 'limit' },
      told: ['forgetPin'],
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
      told: ['forgetPin'],
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
      told: [],
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
      it: 'stays where the count stands still, so that no server keeps a flow for ever',
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
      told: ['forgetPin'],
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
      told: ['forgetPin'],
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
      told: ['forgetPin'],
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

describe('after a fault of a read the chart', () => {
  const plain = new TypeError('Not a PlexAuthError');
  const passing = fault(5000);
  const lasting = fault(5000, { code: 'PLEX_HTTP', status: 400, retryable: false });
  const rows: Row[] = [
    {
      it: 'waits and asks again',
      on: fails(passing),
      to: 'awaitingLink',
      leaves: { failures: 1, lastError: passing, atMs: 5000, waitMs: 1000, isWaitFixed: false, pin },
      told: [],
    },
    {
      it: 'counts on',
      given: { failures: 41 },
      on: fails(passing),
      to: 'awaitingLink',
      leaves: { failures: 42 },
    },
    {
      it: 'cuts the wait to the deadline',
      on: fails(fault(LIFE_MS - 600)),
      to: 'awaitingLink',
      leaves: { waitMs: 600 },
    },
    {
      it: 'honours no hint from before it',
      given: { isCheckPending: true },
      on: fails(passing),
      to: 'awaitingLink',
    },
    {
      it: 'fails where asking again does not mend it',
      given: { failures: 1, lastError: passing },
      on: fails(lasting),
      to: 'failed',
      leaves: { error: lasting, lastError: undefined, pin: undefined, failures: 0 },
      told: ['forgetPin'],
    },
    {
      it: 'tries a second time past the limit of the caller too',
      given: { giveUpAtMs: 4000 },
      on: fails(passing),
      to: 'awaitingLink',
      leaves: { failures: 1, waitMs: 1000 },
    },
    {
      it: 'tries a second time past the deadline, in its own time',
      given: { failures: 0 },
      on: fails(fault(LIFE_MS)),
      to: 'awaitingLink',
      leaves: { failures: 1, waitMs: 1000 },
    },
    {
      it: 'tries a third time past the deadline',
      given: { failures: 1 },
      on: fails(fault(LIFE_MS + 1000)),
      to: 'awaitingLink',
      leaves: { failures: 2, waitMs: 1000 },
    },
    {
      it: 'expires at the third fault in a row, once the deadline has passed',
      given: { failures: 2 },
      on: fails(fault(LIFE_MS)),
      to: 'expired',
      leaves: { reason: 'pin', failures: 3 },
      told: ['forgetPin'],
    },
    {
      it: 'goes on at the third fault in a row, before the deadline',
      given: { failures: 2 },
      on: fails(fault(LIFE_MS - 1)),
      to: 'awaitingLink',
      leaves: { failures: 3, waitMs: 1 },
    },
    {
      it: 'expires at the third fault in a row past the limit of the caller',
      given: { failures: 2, giveUpAtMs: 5000, renewalsLeft: 1 },
      on: fails(fault(5000)),
      to: 'expired',
      leaves: { reason: 'limit' },
    },
    {
      it: 'makes a new PIN where Plex is out of reach past the deadline and renewals are left',
      given: { failures: 2, renewalsLeft: 1 },
      on: fails(fault(LIFE_MS)),
      to: 'requestingPin.asking',
      leaves: { renewalsLeft: 0, lastError: undefined, failures: 0 },
      told: ['forgetPin'],
    },
    {
      it: 'makes a new PIN no sooner than Plex asked to wait',
      given: { failures: 2, renewalsLeft: 1 },
      on: fails(fault(LIFE_MS, { code: 'PLEX_RATE_LIMITED', retryAfterMs: 8000 })),
      to: 'requestingPin.backingOff',
      leaves: {
        renewalsLeft: 0,
        atMs: LIFE_MS,
        waitMs: 8000,
        isWaitFixed: true,
        failures: 0,
        pin: undefined,
      },
      told: ['forgetPin'],
    },
    {
      it: 'fails with an error of unknown make',
      on: fails(plain),
      to: 'failed',
      leaves: { error: plain as never },
    },
    {
      it: 'fails with an error made of a string',
      on: fails('out of luck'),
      to: 'failed',
      leaves: { error: expect.objectContaining({ message: 'out of luck' }) },
    },
    {
      it: 'fails with an error made of undefined',
      on: fails(undefined),
      to: 'failed',
      leaves: { error: expect.objectContaining({ message: 'undefined' }) },
    },
    {
      it: 'fails with an error made of null',
      on: fails(null),
      to: 'failed',
      leaves: { error: expect.objectContaining({ message: 'null' }) },
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));
});

describe('when Plex asks to wait, the chart', () => {
  const outage = fault(5000, { code: 'PLEX_HTTP', status: 503, retryAfterMs: 20_000 });
  const tooLong = throttled(LIFE_MS - 1000, 61_001);
  const rows: Row[] = [
    {
      it: 'waits as long',
      on: fails(throttled(5000, 20_000)),
      to: 'awaitingLink',
      leaves: { waitMs: 20_000, isWaitFixed: true, failures: 1 },
    },
    {
      it: 'waits as long for an outage',
      on: fails(outage),
      to: 'awaitingLink',
      leaves: { waitMs: 20_000, isWaitFixed: true },
    },
    {
      it: 'waits 5 s where Plex does not say how long',
      on: fails(throttled(5000)),
      to: 'awaitingLink',
      leaves: { waitMs: 5000, isWaitFixed: true },
    },
    {
      it: 'waits 5 s where Plex says 0',
      on: fails(throttled(5000, 0)),
      to: 'awaitingLink',
      leaves: { waitMs: 5000, isWaitFixed: true },
    },
    {
      it: 'waits longer where its own policy does',
      given: { nextDelayMs: () => 9000 },
      on: fails(throttled(5000, 3000)),
      to: 'awaitingLink',
      leaves: { waitMs: 9000, isWaitFixed: true },
    },
    {
      it: 'does not cut that wait to the deadline',
      on: fails(throttled(LIFE_MS - 1000, 30_000)),
      to: 'awaitingLink',
      leaves: { waitMs: 30_000, isWaitFixed: true },
    },
    {
      it: 'waits until a minute past the deadline',
      on: fails(throttled(LIFE_MS - 1000, 61_000)),
      to: 'awaitingLink',
      leaves: { waitMs: 61_000, isWaitFixed: true },
    },
    {
      it: 'fails where it is to wait longer',
      on: fails(tooLong),
      to: 'failed',
      leaves: { error: tooLong },
      told: ['forgetPin'],
    },
    {
      it: 'waits a minute past the deadline, where that has passed',
      on: fails(throttled(LIFE_MS + 9000, 60_000)),
      to: 'awaitingLink',
      leaves: { waitMs: 60_000, isWaitFixed: true },
    },
    { it: 'fails where it is to wait for ever', on: fails(throttled(5000, Infinity)), to: 'failed' },
    {
      it: 'waits until the limit of the caller',
      given: { giveUpAtMs: 8000 },
      on: fails(throttled(5000, 3000)),
      to: 'awaitingLink',
      leaves: { waitMs: 3000, isWaitFixed: true },
    },
    {
      it: 'fails where it is to wait past the limit of the caller',
      given: { giveUpAtMs: 8000 },
      on: fails(throttled(5000, 3001)),
      to: 'failed',
    },
  ];
  it.each(rows)('$it', check('fetchingToken', pinContext));
});

describe('the wait', () => {
  it.each([
    ['undefined', undefined, 1000],
    ['NaN', Number.NaN, 1000],
    ['-1', -1, 1000],
    ['0', 0, 1000],
    ['250.5', 250.5, 251],
    ['for ever', Infinity, LIFE_MS - 6000],
  ])('of a policy that says %s is a delay that a timer keeps', (_, says, waitMs) => {
    const given = { nextDelayMs: () => says as number };
    const moved = move(standingIn('fetchingToken', { ...pinContext, ...given }), read(pending(5000)));
    expect(moved.context.waitMs).toBe(waitMs);
  });

  it('is never longer than the longest delay that a timer keeps', () => {
    const given = { expiresAtMs: Infinity, nextDelayMs: () => Infinity };
    const moved = move(standingIn('fetchingToken', { ...pinContext, ...given }), fails(fault(5000)));
    expect(moved.context.waitMs).toBe(LONGEST_MS);
  });

  const told: [string, Partial<PinAuthContext>, PinAuthEvent, Wait][] = [
    [
      'after "not yet"',
      { failures: 2 },
      read(pending(5000)),
      { failures: 0, retryAfterMs: 0, tookMs: 100, waitedMs: 5000 },
    ],
    [
      'after a fault',
      { failures: 2 },
      fails(fault(5000)),
      { failures: 3, retryAfterMs: 0, tookMs: 0, waitedMs: 5000 },
    ],
    [
      'after throttling',
      {},
      fails(throttled(5000, 3000)),
      { failures: 1, retryAfterMs: 3000, tookMs: 0, waitedMs: 5000 },
    ],
    [
      'after a clock was set back',
      {},
      read(pending(-5000)),
      { failures: 0, retryAfterMs: 0, tookMs: 100, waitedMs: 0 },
    ],
  ];
  it.each(told)('is asked of the policy %s', (_, given, event, wait) => {
    const asked: Wait[] = [];
    const nextDelayMs = (one: Wait) => asked.push(one) * 1000;
    move(standingIn('fetchingToken', { ...pinContext, ...given, nextDelayMs }), event);
    expect(asked).toEqual([wait]);
  });
});

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
        expiresInMs: 900_000,
        atMs,
        waitMs: 1000,
        isWaitFixed: false,
      },
      told: ['keepPin'],
    },
    {
      it: 'forgets the faults before it',
      given: { failures: 5, lastError: passing, isWaitFixed: true },
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: { failures: 0, lastError: undefined, isWaitFixed: false },
    },
    {
      it: 'cuts the wait to the life of a very short PIN',
      on: done('getPin', { ...made, expiresInMs: 400 }),
      to: 'awaitingLink',
      leaves: { waitMs: 400 },
    },
    {
      it: 'keeps limit and renewals of the caller',
      given: { giveUpAtMs: 9500, renewalsLeft: 2 },
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: { giveUpAtMs: 9500, renewalsLeft: 2, waitMs: 500 },
    },
    {
      it: 'shows a PIN that comes past the limit of the caller, and reads it once',
      given: { giveUpAtMs: 8000 },
      on: done('getPin', made),
      to: 'awaitingLink',
      leaves: { waitMs: 1000 },
      told: ['keepPin'],
    },
    {
      it: 'backs off after a passing fault',
      on: thrown('getPin', passing),
      to: 'requestingPin.backingOff',
      leaves: { failures: 1, lastError: passing, waitMs: 1000, isWaitFixed: false },
      told: [],
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
      given: { failures: 5, lastError: fault(8000) },
      on: thrown('getPin', passing),
      to: 'failed',
      leaves: { error: passing, lastError: undefined },
    },
    {
      it: 'fails where asking again does not mend it',
      on: thrown('getPin', lasting),
      to: 'failed',
      leaves: { error: lasting },
      told: [],
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
      given: { giveUpAtMs: 9200 },
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
  it.each(rows)(
    '$it',
    check('requestingPin.asking', { ...pinContext, pin: undefined, expiresAtMs: Infinity }),
  );
});

describe('after a wait the chart', () => {
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
      given: { giveUpAtMs: 6001 },
      on: after('retryDelay'),
      to: 'requestingPin.asking',
    },
    {
      it: 'expires at the limit of the caller',
      given: { giveUpAtMs: 6000, renewalsLeft: 1 },
      on: after('retryDelay'),
      to: 'expired',
      leaves: { reason: 'limit' },
    },
  ];
  const context = { ...pinContext, pin: undefined, failures: 2, atMs: 5000, waitMs: 1000 };
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
