import { describe, expect, it } from 'vitest';
import type { PinAuthContext, PinAuthEvent } from '../../machines/pin-auth.ts';
import type { Wait } from '../../src/polling.ts';
import { check, fails, LONGEST_MS, type Row, read, throttled } from './answer-rows.ts';
import { fault, LIFE_MS, move, pending, pin, pinContext, standingIn } from './synthetic.ts';

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
      storeActions: [],
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
      it: 'fails where asking again does not help',
      given: { failures: 1, lastError: passing },
      on: fails(lasting),
      to: 'failed',
      leaves: { error: lasting, lastError: undefined, pin: undefined, failures: 0 },
      storeActions: ['forgetPin'],
    },
    {
      it: 'tries a second time past the limit of the caller too',
      given: { giveUpAfterMs: 900 },
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
      it: 'expires at the third error in a row, once the deadline has passed',
      given: { failures: 2 },
      on: fails(fault(LIFE_MS)),
      to: 'expired',
      leaves: { reason: 'pin', failures: 3 },
      storeActions: ['forgetPin'],
    },
    {
      it: 'continues at the third error in a row, before the deadline',
      given: { failures: 2 },
      on: fails(fault(LIFE_MS - 1)),
      to: 'awaitingLink',
      leaves: { failures: 3, waitMs: 1 },
    },
    {
      it: 'expires at the third error in a row past the limit of the caller',
      given: { failures: 2, giveUpAfterMs: 1000, renewalsLeft: 1 },
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
      storeActions: ['forgetPin'],
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
      storeActions: ['forgetPin'],
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
      storeActions: ['forgetPin'],
    },
    {
      it: 'waits a minute past the deadline, where that has passed',
      on: fails(throttled(LIFE_MS + 9000, 60_000)),
      to: 'awaitingLink',
      leaves: { waitMs: 60_000, isWaitFixed: true },
    },
    { it: 'fails where it is to wait forever', on: fails(throttled(5000, Infinity)), to: 'failed' },
    {
      it: 'waits until the limit of the caller',
      given: { giveUpAfterMs: 4000 },
      on: fails(throttled(5000, 3000)),
      to: 'awaitingLink',
      leaves: { waitMs: 3000, isWaitFixed: true },
    },
    {
      it: 'fails where it is to wait past the limit of the caller',
      given: { giveUpAfterMs: 4000 },
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
    ['forever', Infinity, LIFE_MS - 6000],
  ])('of a policy that says %s is a delay that a timer keeps', (_, says, waitMs) => {
    const given = { nextDelayMs: () => says as number };
    const moved = move(standingIn('fetchingToken', { ...pinContext, ...given }), read(pending(5000)));
    expect(moved.context.waitMs).toBe(waitMs);
  });

  it('is never longer than the longest delay that a timer keeps', () => {
    const given = {
      pin: { ...pin, expiresInMs: Infinity },
      expiresAtMs: Infinity,
      nextDelayMs: () => Infinity,
    };
    const moved = move(standingIn('fetchingToken', { ...pinContext, ...given }), fails(fault(5000)));
    expect(moved.context.waitMs).toBe(LONGEST_MS);
  });

  const cases: [string, Partial<PinAuthContext>, PinAuthEvent, Wait][] = [
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
  it.each(cases)('is asked of the policy %s', (_, given, event, wait) => {
    const asked: Wait[] = [];
    const nextDelayMs = (one: Wait) => asked.push(one) * 1000;
    move(standingIn('fetchingToken', { ...pinContext, ...given, nextDelayMs }), event);
    expect(asked).toEqual([wait]);
  });
});
