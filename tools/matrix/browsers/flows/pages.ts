/** What becomes of a sign-in where its page goes, and comes back. */
import { expectEqual, expectThat } from '../../probe/probe-check.ts';
import type { DrivenWindow } from '../driver.ts';
import {
  approve,
  asksAgain,
  click,
  codeOf,
  expectPins,
  type Flow,
  openStarted,
  reaches,
  running,
  type Stage,
  signInElsewhere,
  textOf,
  tokenOf,
  until,
} from '../stage.ts';

const addressIn = (page: DrivenWindow) => page.run<string>('return location.href');

async function leaveForConsent(page: DrivenWindow): Promise<void> {
  await click(page, '#redirect');
  await until(
    () => textOf(page, 'button[value=approve]'),
    (text) => text === 'Approve',
    'shows the consent',
  );
}

const redirectFlows: readonly Flow[] = [
  {
    subject: 'redirect',
    check: 'signs in, and comes back to the same address with nothing added to it',
    isQuick: true,
    async play(stage) {
      const address = `${stage.addressOf('/engine')}#/settings?tab=2`;
      const page = await stage.browser.open();
      await page.goto(address);
      await leaveForConsent(page);
      await approve(page);
      await reaches(page, 'authenticated');
      expectEqual(await addressIn(page), address);
      expectPins(stage, 1);
      expectEqual(await page.run('return Object.keys(sessionStorage)'), []);
    },
  },
  {
    subject: 'redirect',
    check: 'signs in where the token comes later than the approval',
    emulator: { tokenLagMs: 3500 },
    async play(stage) {
      const page = await stage.open('/engine');
      await leaveForConsent(page);
      await approve(page);
      await reaches(page, 'authenticated');
    },
  },
  {
    subject: 'redirect',
    check: 'continues with the same code where the user goes back from Plex’s page',
    async play(stage) {
      const page = await stage.open('/engine');
      await leaveForConsent(page);
      await page.run('history.back()');
      await reaches(page, running);
      await signInElsewhere(stage, page);
      expectPins(stage, 1);
    },
  },
];

const reloadFlows: readonly Flow[] = [
  {
    subject: 'reload',
    check: 'continues with the same code',
    isQuick: true,
    async play(stage) {
      const page = await openStarted(stage);
      const code = await codeOf(page);
      await page.reload();
      await reaches(page, running);
      await asksAgain(stage);
      expectEqual(await codeOf(page), code);
      await signInElsewhere(stage, page);
    },
  },
  {
    subject: 'reload',
    check: 'stays signed in with a store for credentials, until the user signs out',
    async play(stage) {
      const page = await openStarted(stage, 'keep');
      await signInElsewhere(stage, page);
      const token = await tokenOf(page);
      await page.reload();
      await reaches(page, 'authenticated');
      expectThat((await tokenOf(page)) === token, 'the token is another one');
      await page.run('auth.signOut()');
      await reaches(page, 'idle');
      await page.reload();
      await reaches(page, 'idle');
      expectThat(
        !(await page.run<string>('return JSON.stringify(localStorage)')).includes(token),
        'a token is left',
      );
    },
  },
  {
    subject: 'reload',
    check: 'keeps no token without a store for credentials',
    async play(stage) {
      const page = await openStarted(stage);
      await signInElsewhere(stage, page);
      const token = await tokenOf(page);
      const kept = await page.run<string>(
        'return JSON.stringify([localStorage, sessionStorage, document.cookie])',
      );
      expectThat(!kept.includes(token), 'a token is kept');
      await page.reload();
      await reaches(page, 'idle');
    },
  },
];

/** Leaves the page for another one, and waits for that. */
async function leave(stage: Stage, page: DrivenWindow): Promise<void> {
  await page.goto(stage.addressOf('/elsewhere'));
}

async function comeBack(page: DrivenWindow, status: string): Promise<void> {
  await page.run('history.back()');
  await reaches(page, status);
}

/** @throws {Error} Where the page was loaded anew: its sign-in then goes on from what is stored. */
async function expectRestored(page: DrivenWindow): Promise<void> {
  expectThat(await page.run<boolean>('return window.wasRestored'), loadedAnew);
}

const loadedAnew = 'the page was loaded anew';

const cacheFlows: readonly Flow[] = [
  {
    subject: 'page cache',
    check: 'continues when the page is back, with the same code',
    isQuick: true,
    async play(stage) {
      const page = await openStarted(stage);
      const code = await codeOf(page);
      await leave(stage, page);
      stage.plex.emulator.link(code);
      await comeBack(page, 'authenticated');
      expectPins(stage, 1);
    },
  },
  {
    subject: 'page cache',
    check: 'stays in the cache during a sign-in, and leaves that to the tab that began one meanwhile',
    async play(stage) {
      const page = await openStarted(stage, 'keep');
      await leave(stage, page);
      const other = await openStarted(stage, 'keep');
      await comeBack(page, 'idle');
      await signInElsewhere(stage, other);
      await reaches(page, 'authenticated');
      expectThat((await tokenOf(page)) === (await tokenOf(other)), 'the tokens differ');
      await expectRestored(page);
    },
  },
  {
    subject: 'page cache',
    check: 'takes the token of the tab that signed in meanwhile',
    async play(stage) {
      const page = await stage.open('/engine', 'keep');
      await reaches(page, 'idle');
      await leave(stage, page);
      const other = await openStarted(stage, 'keep');
      await signInElsewhere(stage, other);
      await comeBack(page, 'authenticated');
      await expectRestored(page);
    },
  },
];

export const pageFlows: readonly Flow[] = [...redirectFlows, ...reloadFlows, ...cacheFlows];
