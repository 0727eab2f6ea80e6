import type { Cell } from '../../check.ts';
import { expectEqual } from '../../probe/probe-check.ts';
import { asksAgain, type Flow, openStarted, reaches, signInElsewhere, until } from '../stage.ts';

const subject = 'network';

export const networkFlows: readonly Flow[] = [
  {
    subject,
    check: 'signs in although answers are broken and refused meanwhile',
    isQuick: true,
    async play(stage) {
      const page = await openStarted(stage);
      const { emulator } = stage.plex;
      emulator.fault({ type: 'truncated' }, { operation: 'getToken' });
      emulator.fault({ type: 'html' }, { operation: 'getToken' });
      emulator.fault({ type: 'status', status: 503 }, { operation: 'getToken' });
      await asksAgain(stage, 4);
      await signInElsewhere(stage, page);
    },
  },
  {
    subject,
    check: 'ends the request that is out when the page cancels',
    async play(stage) {
      stage.plex.emulator.fault({ type: 'hang' }, { operation: 'getPin', times: 10 });
      const page = await stage.open('/engine');
      await reaches(page, 'idle');
      await page.run('auth.start()');
      await until(
        () => stage.plex.emulator.pending,
        (pending) => pending === 1,
        'asks',
      );
      await page.run('auth.cancel()');
      await until(
        () => stage.plex.emulator.pending,
        (pending) => pending === 0,
        'ends the request',
      );
    },
  },
];

/** The drives of the probe, in a page. */
export const driveFlow: Flow = {
  subject: 'virtual time',
  check: 'has the timelines of Node in every drive',
  isQuick: true,
  async play({ open, timelines }) {
    const page = await open('/drives');
    // A command has a time limit of its own; the page has none.
    await page.run(
      `window.runDrives(${JSON.stringify(timelines)}).then((cells) => { window.cells = cells; })`,
    );
    const read = () => page.run<Cell[] | null>('return window.cells ?? null');
    const cells = await until(read, (found) => found !== null, 'ends the drives');
    const failed = (cells ?? []).filter(({ result }) => result === 'fail');
    expectEqual(
      failed.map(({ check, detail }) => `${check}: ${detail}`),
      [],
    );
    expectEqual(cells?.length, 17);
  },
};
