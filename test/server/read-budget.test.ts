import { afterEach, describe, expect, it, vi } from 'vitest';

import { createReadBudget, type ReadRequest } from '../../src/server/read-budget.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { createApplication, openBrowser } from './sign-in-server.ts';

afterEach(() => vi.restoreAllMocks());

function createScene(readsPerSecond = 1) {
  const time = createVirtualTime();
  const clock = {
    ...time.clock,
    shiftMs: 0,
    now() {
      return time.clock.now() + this.shiftMs;
    },
  };
  const budget = createReadBudget(clock, readsPerSecond);
  const beganMs = time.clock.now();
  const turns: [id: string, atMs: number][] = [];
  const missed: string[] = [];
  const want = (id: string, isHinted: boolean, more: Partial<ReadRequest> = {}) =>
    budget.take({ id, isHinted, waitMs: 3_600_000, ...more }).then((isTurn) => {
      if (isTurn) turns.push([id, time.clock.now() - beganMs]);
      else missed.push(id);
    });
  return { time, clock, budget, turns, missed, want };
}

describe('the budget of reads', () => {
  it('gives silent attempts one turn a second, in the order of their ids, and begins again', async () => {
    const { time, turns, want } = createScene();
    for (const id of ['c', 'a', 'd', 'b']) void want(id, false);
    await time.advance(1500);
    void want('a', false);
    await time.advance(10_000);
    expect(turns).toEqual([
      ['c', 0],
      ['d', 1000],
      ['a', 2000],
      ['b', 3000],
      ['a', 4000],
    ]);
  });

  it('gives one that has a hint its turn before all silent ones', async () => {
    const { time, turns, want } = createScene();
    for (let n = 0; n < 50; n++) void want(`silent ${n}`, false);
    await time.advance(2500);
    void want('hinted', true);
    await time.advance(0);
    expect(turns.at(-1)).toEqual(['hinted', 2500]);
  });

  it('starves nobody, however many hints there are', async () => {
    const { time, turns, want } = createScene();
    void want('first', true);
    for (let n = 0; n < 200; n++) void want(`hinted ${n}`, true);
    void want('silent', false);
    await time.advance(10_000);
    expect(turns.map(([id]) => id)).toContain('silent');
    expect(turns.length).toBeLessThanOrEqual(15);
  });

  it('lets those go whose time is over, or who have left', async () => {
    const { time, turns, missed, want } = createScene();
    const leaving = new AbortController();
    void want('first', false);
    void want('short', false, { waitMs: 500 });
    void want('leaves', false, { signal: leaving.signal });
    void want('had left', false, { signal: AbortSignal.abort() });
    void want('stays', false);
    await time.advance(600);
    leaving.abort();
    await time.advance(10_000);
    expect([turns.map(([id]) => id), missed.toSorted()]).toEqual([
      ['first', 'stays'],
      ['had left', 'leaves', 'short'],
    ]);
    expect(time.timers).toBe(0);
  });

  it('stands still while Plex asks to wait', async () => {
    const { time, budget, turns, want } = createScene();
    budget.pause(30_000);
    void want('hinted', true);
    void want('silent', false);
    await time.advance(29_000);
    expect(turns).toEqual([]);
    await time.advance(5000);
    expect(turns.map(([id]) => id)).toEqual(['hinted', 'silent']);
  });

  it.each([
    ['a clock that is set back', ({ clock }: ReturnType<typeof createScene>) => (clock.shiftMs = -600_000)],
    ['a pause of 30 days', ({ budget }: ReturnType<typeof createScene>) => budget.pause(30 * 86_400_000)],
  ])('goes on soon after %s', async (_, disturb) => {
    const scene = createScene();
    for (let n = 0; n < 5; n++) void scene.want(`${n}`, true);
    await scene.time.advance(0);
    disturb(scene);
    void scene.want('after', true);
    await scene.time.advance(125_000);
    expect(scene.turns.map(([id]) => id)).toContain('after');
  });

  it('costs no more per question where thousands wait', async () => {
    const { want } = createScene();
    const measure = () => {
      const beganMs = performance.now();
      for (let n = 0; n < 300; n++) {
        const leaving = new AbortController();
        void want(`hinted ${n}`, true, { signal: leaving.signal });
        leaving.abort();
      }
      return performance.now() - beganMs;
    };
    for (let n = 0; n < 10; n++) void want('first', true);
    const aloneMs = measure();
    for (let n = 0; n < 8000; n++) void want(`${(n * 7919) % 8000}`, false);
    expect(measure()).toBeLessThan(10 * aloneMs + 20);
  });

  it('holds nobody back where there is none', async () => {
    const { time, turns, want } = createScene(Infinity);
    for (let n = 0; n < 1000; n++) void want(`${n}`, false);
    await time.advance(0);
    expect(turns).toHaveLength(1000);
  });
});

it('200 people at once, who approve within a minute, are signed in without a 429, each soon after the callback', async () => {
  const names = Array.from({ length: 200 }, (_, n) => `person ${n}`);
  const app = createApplication({}, { people: names, rateLimit: { requests: 10, perMs: 1000 } });
  const { time, emulator } = app;
  emulator.fault({ type: 'slow', delayMs: 30 }, { times: Infinity });
  const people = [];
  for (let n = 0; n < 200; n++) {
    const browser = openBrowser(app.server.handler);
    const { code } = await whileTimePasses(app, browser.begin(app));
    people.push({ browser, code });
    await time.advance(100);
  }
  const cryptography = watchCryptography();
  let isOver = false;
  // Every page asks every two seconds, without a hint.
  const pages = people.map(async ({ browser }, n) => {
    await new Promise<void>((resolve) => time.clock.setTimeout(resolve, n * 10));
    while (!isOver && !browser.jar.has('session')) {
      await browser.ask('/attempt');
      await new Promise<void>((resolve) => time.clock.setTimeout(resolve, 2000));
    }
  });
  const latencies: number[] = [];
  const approvals = people.map(async ({ browser, code }, n) => {
    await new Promise<void>((resolve) => time.clock.setTimeout(resolve, n * 300));
    emulator.approve(code, { as: `person ${n}` });
    const approvedMs = time.clock.now();
    await browser.comeBack();
    expect(browser.jar.has('session')).toBe(true);
    latencies.push(time.clock.now() - approvedMs);
  });
  await advanceSlowly(app, cryptography, Promise.all(approvals));
  isOver = true;
  await whileTimePasses(app, Promise.all(pages));
  const sorted = latencies.toSorted((one, other) => one - other);
  expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([]);
  expect(sorted).toHaveLength(200);
  // Two requests of 30 ms.
  expect(sorted[100]).toBeLessThanOrEqual(100);
}, 120_000);

/** Counts what the platform's cryptography has still to answer: that takes real time, which must not count. */
function watchCryptography() {
  let pending = 0;
  for (const method of ['encrypt', 'decrypt', 'importKey', 'deriveBits'] as const) {
    const original = crypto.subtle[method].bind(crypto.subtle) as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(crypto.subtle, method).mockImplementation((async (...args: unknown[]) => {
      pending += 1;
      return original(...args).finally(() => {
        pending -= 1;
      });
    }) as never);
  }
  return { isBusy: () => pending > 0 };
}

/** As {@link whileTimePasses}, in small steps, and only while nothing but time is waited for. */
async function advanceSlowly(
  app: ReturnType<typeof createApplication>,
  { isBusy }: ReturnType<typeof watchCryptography>,
  promise: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  void promise.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    do for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    while (isBusy());
    await app.time.advance(10);
  }
  await promise;
}
