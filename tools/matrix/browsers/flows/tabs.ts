import { expectEqual, expectThat } from '../../probe/probe-check.ts';
import type { DrivenWindow } from '../driver.ts';
import {
  codeOf,
  expectPins,
  type Flow,
  linkCodeOf,
  openStarted,
  reaches,
  running,
  type Stage,
  signInElsewhere,
  startIn,
  textOf,
  tokenOf,
  until,
} from '../stage.ts';

const subject = 'tabs';

async function openTwo(stage: Stage, ...options: string[]): Promise<[DrivenWindow, DrivenWindow]> {
  return [await stage.open('/engine', 'keep', ...options), await stage.open('/engine', 'keep', ...options)];
}

async function expectSameToken(first: DrivenWindow, second: DrivenWindow): Promise<void> {
  for (const tab of [first, second]) await reaches(tab, 'authenticated');
  expectThat((await tokenOf(first)) === (await tokenOf(second)), 'the tokens differ');
}

export const tabFlows: readonly Flow[] = [
  {
    subject,
    check: 'see each other sign in and out',
    isQuick: true,
    async play(stage) {
      const [first, second] = await openTwo(stage);
      await startIn(first);
      await linkCodeOf(stage, first);
      await expectSameToken(first, second);
      await first.run('auth.signOut()');
      await reaches(first, 'idle');
      await reaches(second, 'expired');
    },
  },
  {
    subject,
    check: 'run one sign-in where both start at once',
    async play(stage) {
      const [first, second] = await openTwo(stage);
      await Promise.all([first, second].map((tab) => tab.run('auth.start()')));
      let before = '';
      const look = async () => {
        const statuses = [await textOf(first, 'output'), await textOf(second, 'output')];
        const codes = [await codeOf(first), await codeOf(second)].join();
        const isSame = codes === before;
        before = codes;
        return { statuses, isSame };
      };
      const isAtRest = ({ statuses, isSame }: Awaited<ReturnType<typeof look>>) =>
        isSame && statuses.some((status) => running.test(status)) && statuses.includes('idle');
      // Longer than one tab waits for another.
      await until(look, isAtRest, 'one runs and one is idle', 700);
      const leader = running.test(await textOf(first, 'output')) ? first : second;
      await linkCodeOf(stage, leader);
      await expectSameToken(first, second);
    },
  },
  {
    subject,
    check: 'hand the code on to the one that starts later',
    async play(stage) {
      const [first, second] = await openTwo(stage);
      await startIn(first);
      const code = await codeOf(first);
      await startIn(second);
      await reaches(first, 'idle');
      expectEqual(await codeOf(second), code);
      expectPins(stage, 1);
      await linkCodeOf(stage, second);
      await expectSameToken(first, second);
    },
  },
  {
    subject,
    check: 'see each other sign in where the browser has no locks',
    async play(stage) {
      const [first, second] = await openTwo(stage, 'without-locks');
      await startIn(first);
      await startIn(second);
      await linkCodeOf(stage, first);
      await expectSameToken(first, second);
    },
  },
  {
    subject,
    check: 'take the lead from one that answers nobody',
    async play(stage) {
      const stuck = await stage.open('/elsewhere');
      await stuck.run(`await new Promise((taken) => {
        const hold = () => (taken(), new Promise(() => {}));
        navigator.locks.request('plex-auth-flow.Matrix.${stage.plex.url}', hold).catch(() => {});
      })`);
      const page = await openStarted(stage);
      await signInElsewhere(stage, page);
    },
  },
];
