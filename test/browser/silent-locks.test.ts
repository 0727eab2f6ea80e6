import { describe, expect, it } from 'vitest';
import { createFakePage } from './fake-page.ts';
import { codeOf, createBrowserWorld, expectNothingLeft, openTab, statusOf } from './open-tab.ts';

/** A tab whose browser answers no request for a lock until it is told to. */
function openTabWithSilentLocks() {
  const world = createBrowserWorld();
  const held: Promise<unknown>[] = [];
  const answers: ((lock: object | null) => void)[] = [];
  const locks = {
    request: (_name: string, _options: LockOptions, hold: (lock: object | null) => Promise<void>) =>
      new Promise((done) => {
        answers.push((lock) => {
          const holding = Promise.resolve(hold(lock));
          held.push(holding);
          void holding.then(done);
        });
      }),
  };
  const tab = openTab({}, world, createFakePage(world.browser, { locks }));
  const answerAll = () => {
    for (const answer of answers) answer({});
  };
  return { tab, held, answerAll };
}

describe('locks that never answer', () => {
  it('leave the tab on its own after a second, and it signs in', async () => {
    const { tab } = openTabWithSilentLocks();
    expect(tab.auth.startInPopup()).toEqual({ status: 'opening' });
    await tab.time.advance(999);
    expect(statusOf(tab)).toBe('idle');
    await tab.time.advance(1);
    expect([statusOf(tab), tab.popups[0]?.shown.length]).toEqual(['awaitingLink', 1]);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('are given back when they answer late', async () => {
    const { tab, held, answerAll } = openTabWithSilentLocks();
    tab.auth.start();
    await tab.time.advance(2500);
    answerAll();
    let givenBack = 0;
    for (const lock of held) void lock.then(() => givenBack++);
    await tab.time.advance(1000);
    expect([givenBack, statusOf(tab)]).toEqual([held.length, 'awaitingLink']);
  });

  it.each(['cancel', 'dispose'] as const)('leave nothing after %s', async (end) => {
    const { tab, held, answerAll } = openTabWithSilentLocks();
    tab.auth.start();
    await tab.time.advance(100);
    void tab.auth[end]();
    await tab.time.advance(0);
    expect(tab.time.timers).toBe(0);
    answerAll();
    await held[0];
    await tab.time.advance(5000);
    expect([statusOf(tab), tab.emulator.requests]).toEqual(['idle', []]);
    await tab.auth.dispose();
    expectNothingLeft(tab);
  });
});

/** Issue 11: each start ended idle, without an error. */
describe('locks that are granted and then fail', () => {
  it.each([0, 5, 1500])('leave the tab on its own, %d ms after the grant', async (delayMs) => {
    const world = createBrowserWorld();
    const locks = {
      async request(_name: string, _options: LockOptions, hold: (lock: object | null) => Promise<void>) {
        void hold({});
        await new Promise<void>((done) => world.time.clock.setTimeout(done, delayMs));
        throw new DOMException('the lock service is gone', 'UnknownError');
      },
    };
    const tab = openTab({}, world, createFakePage(world.browser, { locks }));
    for (let start = 0; start < 2; start++) {
      tab.auth.start();
      await tab.time.advance(5000);
      expect(statusOf(tab)).toBe('awaitingLink');
    }
    expect(tab.emulator.pins).toHaveLength(1);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(5000);
    expect(statusOf(tab)).toBe('authenticated');
    await tab.auth.dispose();
    expectNothingLeft(tab);
  });
});
