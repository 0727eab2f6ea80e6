import { expectEqual, expectThat } from '../../probe/probe-check.ts';
import {
  approve,
  asksAgain,
  click,
  clickToOpen,
  closes,
  expectPins,
  type Flow,
  isOpen,
  reaches,
  running,
  signInElsewhere,
  tokenOf,
  until,
} from '../stage.ts';

const subject = 'popup';

export const popupFlows: readonly Flow[] = [
  {
    subject,
    check: 'signs in, and ends on the forward page, which closes itself',
    isQuick: true,
    async play(stage) {
      const page = await stage.open('/engine', 'forward');
      const popup = await clickToOpen(stage, page, '#popup');
      await approve(popup);
      await reaches(page, 'authenticated');
      await closes(stage, popup);
      expectEqual((await tokenOf(page)).length, 20);
      expectPins(stage, 1);
    },
  },
  {
    subject,
    check: 'signs in where Plex’s page cuts the two windows apart',
    emulator: { openerPolicy: 'same-origin' },
    async play(stage) {
      const page = await stage.open('/engine', 'forward');
      const popup = await clickToOpen(stage, page, '#popup');
      // Longer than the burst that "closed" sets off.
      await asksAgain(stage, 6);
      await reaches(page, running);
      await approve(popup);
      await reaches(page, 'authenticated');
      await closes(stage, popup);
    },
  },
  {
    subject,
    check: 'says that the browser blocked the window, and signs in all the same',
    isQuick: true,
    async play(stage) {
      const page = await stage.open('/engine', 'popup-at-once');
      await reaches(page, running);
      const [opening] = await page.run<{ status: string; error?: { code: string } }[]>('return openings');
      expectEqual([opening?.status, opening?.error?.code], ['refused', 'PLEX_POPUP_BLOCKED']);
      expectEqual(await page.run('return document.visibilityState'), 'visible');
      await signInElsewhere(stage, page);
    },
  },
  {
    subject,
    check: 'waits on where the user closes the window, and takes an approval given elsewhere',
    async play(stage) {
      const page = await stage.open('/engine', 'forward');
      const popup = await clickToOpen(stage, page, '#popup');
      await reaches(page, running);
      await popup.close();
      await asksAgain(stage);
      await signInElsewhere(stage, page);
    },
  },
  {
    subject,
    check: 'closes the window on cancel',
    async play(stage) {
      const page = await stage.open('/engine');
      const popup = await clickToOpen(stage, page, '#popup');
      await until(
        () => popup.run<string>('return location.pathname'),
        (path) => path === '/auth',
        'shows Plex',
      );
      expectThat(await isOpen(stage, popup), 'the window is closed already');
      await page.run('auth.cancel()');
      await reaches(page, 'idle');
      await closes(stage, popup);
    },
  },
  {
    subject,
    check: 'signs in although Plex first has no code, and closes the window without a forward page',
    async play(stage) {
      stage.plex.emulator.fault({ type: 'status', status: 503 }, { operation: 'getPin', times: 2 });
      const page = await stage.open('/engine');
      const popup = await clickToOpen(stage, page, '#popup');
      await approve(popup);
      await reaches(page, 'authenticated');
      await closes(stage, popup);
      await click(page, '#popup');
      await until(
        () => page.run<string>('return openings.at(-1)?.status'),
        (status) => status === 'unneeded',
        'opens none while a token is held',
      );
    },
  },
];
