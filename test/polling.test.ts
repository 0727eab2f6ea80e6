import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRequestDelayMs, type Pace, type Wait } from '../src/polling.ts';

const polling: Pace = { intervalMs: 1000, maxIntervalMs: 5000, maxBackoffMs: 10_000 };
const calm: Wait = { failures: 0, retryAfterMs: 0, tookMs: 0, waitedMs: 0 };

describe('while all is well', () => {
  it.each([
    ['an answer without delay', { tookMs: 0 }, 1000],
    ['a quick answer', { tookMs: 80 }, 920],
    ['an answer that took half the interval', { tookMs: 500 }, 500],
    ['an answer that took longer', { tookMs: 501 }, 500],
    ['an answer that took a minute', { tookMs: 60_000 }, 500],
    ['a clock that was set back meanwhile', { tookMs: -200 }, 1200],
    ['50 intervals', { waitedMs: 50_000 }, 1000],
    ['75 intervals', { waitedMs: 75_000 }, 1500],
    ['100 intervals', { waitedMs: 100_000 }, 2000],
    ['100 intervals and a slow answer', { waitedMs: 100_000, tookMs: 1500 }, 1000],
    ['250 intervals', { waitedMs: 250_000 }, 5000],
    ['half an hour', { waitedMs: 1_800_000 }, 5000],
  ])('after %s', (_, wait, delayMs) => {
    expect(nextRequestDelayMs({ ...calm, ...wait }, polling, 0)).toBe(delayMs);
  });

  it('spreads by up to a twentieth', () => {
    expect(nextRequestDelayMs(calm, polling, 0.5)).toBe(1025);
    expect(nextRequestDelayMs({ ...calm, waitedMs: 100_000 }, polling, 0.5)).toBe(2050);
  });
});

describe('after failures', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [4, 8000],
    [5, 10_000],
    [6, 10_000],
    [100_000, 10_000],
  ])('%i in a row, waits %i ms', (failures, delayMs) => {
    expect(nextRequestDelayMs({ ...calm, failures }, polling, 0)).toBe(delayMs);
  });

  it.each([
    ['no sooner than Plex asked', { failures: 1, retryAfterMs: 7000 }, 0, 7000],
    ['longer than Plex asked, where it backs off longer', { failures: 4, retryAfterMs: 7000 }, 0, 8000],
    ['no longer for the spread, where Plex asked for more', { failures: 1, retryAfterMs: 7000 }, 0.9, 7000],
    ['spread by up to a quarter', { failures: 1 }, 0.5, 1125],
    ['as long, however slow the failure was', { failures: 1, tookMs: 15_000 }, 0, 1000],
    ['as long, however long the user has had the code', { failures: 1, waitedMs: 900_000 }, 0, 1000],
  ])('waits %s', (_, wait, random, delayMs) => {
    expect(nextRequestDelayMs({ ...calm, ...wait }, polling, random)).toBe(delayMs);
  });
});

describe('whatever happens', () => {
  const anyMs = fc.integer({ min: 0, max: 2 ** 31 - 1 });
  const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const anyPolling = fc
    .tuple(fc.integer({ min: 250, max: 60_000 }), fc.nat(100_000), fc.nat(100_000))
    .map(([intervalMs, longer, longest]) => ({
      intervalMs,
      maxIntervalMs: intervalMs + longer,
      maxBackoffMs: intervalMs + longest,
    }));
  const anyCalm = fc.record({
    failures: fc.constant(0),
    retryAfterMs: fc.constant(0),
    tookMs: anyMs,
    waitedMs: anyMs,
  });
  const anyFailure = fc.record({
    failures: fc.integer({ min: 1, max: 1_000_000 }),
    retryAfterMs: anyMs,
    tookMs: anyMs,
    waitedMs: anyMs,
  });

  it('the delay is finite and above 0', () => {
    fc.assert(
      fc.property(fc.oneof(anyCalm, anyFailure), anyPolling, anyRandom, (wait, options, random) => {
        const delayMs = nextRequestDelayMs(wait, options, random);
        expect(Number.isFinite(delayMs) && delayMs > 0).toBe(true);
      }),
    );
  });

  it('no read follows an answer sooner than half the interval', () => {
    fc.assert(
      fc.property(anyCalm, anyPolling, anyRandom, (wait, options, random) => {
        expect(nextRequestDelayMs(wait, options, random)).toBeGreaterThanOrEqual(options.intervalMs / 2);
      }),
    );
  });

  it('a quick answer makes no difference from request to request', () => {
    fc.assert(
      fc.property(
        anyPolling,
        anyMs,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (options, waitedMs, part) => {
          const unhurriedMs = nextRequestDelayMs({ ...calm, waitedMs }, options, 0);
          const tookMs = options.intervalMs * part;
          const delayMs = nextRequestDelayMs({ ...calm, waitedMs, tookMs }, options, 0);
          expect(tookMs + delayMs).toBeCloseTo(unhurriedMs, 6);
        },
      ),
    );
  });

  it('the pace is 2 % of the time waited, between interval and longest interval', () => {
    fc.assert(
      fc.property(anyPolling, anyMs, (options, waitedMs) => {
        const paceMs = nextRequestDelayMs({ ...calm, waitedMs }, options, 0);
        const { intervalMs, maxIntervalMs } = options;
        expect(paceMs).toBe(Math.min(maxIntervalMs, Math.max(intervalMs, waitedMs / 50)));
      }),
    );
  });

  it('a wait after a failure is no sooner than Plex asked, and no longer than that or the longest back-off', () => {
    fc.assert(
      fc.property(anyFailure, anyPolling, anyRandom, (wait, options, random) => {
        const delayMs = nextRequestDelayMs(wait, options, random);
        expect(delayMs).toBeGreaterThanOrEqual(wait.retryAfterMs);
        expect(delayMs).toBeLessThanOrEqual(Math.max(wait.retryAfterMs, options.maxBackoffMs * 1.25));
      }),
    );
  });

  it('one failure more doubles the wait, up to the longest back-off', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), anyPolling, (failures, options) => {
        const onceMs = nextRequestDelayMs({ ...calm, failures }, options, 0);
        const onceMoreMs = nextRequestDelayMs({ ...calm, failures: failures + 1 }, options, 0);
        expect(onceMoreMs).toBe(Math.min(2 * onceMs, options.maxBackoffMs));
      }),
    );
  });
});
