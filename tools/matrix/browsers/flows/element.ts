import { expectEqual, expectThat } from '../../probe/probe-check.ts';
import type { DrivenWindow } from '../driver.ts';
import { approve, click, clickToOpen, type Flow, reaches, type Stage, textOf, until } from '../stage.ts';

const subject = 'element';

async function expectSignedIn(page: DrivenWindow): Promise<void> {
  await reaches(page, 'authenticated');
  await until(
    () => textOf(page, '#heading'),
    (text) => text === 'Signed in as emulated',
    'says who signed in',
  );
}

/** Waits for the code and its picture, and approves it. */
async function linkShownCode(stage: Stage, page: DrivenWindow): Promise<void> {
  const code = await until(
    () => textOf(page, '#code'),
    (text) => /^[0-9A-Z]{4}$/.test(text),
    'shows a code',
  );
  const picture = () =>
    page.run<string>(
      `return document.querySelector('plex-sign-in').shadowRoot.querySelector('#modules')?.getAttribute('d') ?? ''`,
    );
  await until(picture, (path) => path.startsWith('M4 4h7'), 'shows a QR code');
  stage.plex.emulator.link(code);
}

/** What a page in a sandbox says of itself. */
interface Seen {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly code?: string;
  readonly outcome?: string;
}

export const elementFlows: readonly Flow[] = [
  {
    subject,
    check: 'signs in through a window',
    isQuick: true,
    async play(stage) {
      const page = await stage.open('/element', 'mode=popup');
      await approve(await clickToOpen(stage, page, '#main'));
      await expectSignedIn(page);
    },
  },
  {
    subject,
    check: 'signs in by redirect',
    async play(stage) {
      const page = await stage.open('/element', 'mode=redirect');
      await click(page, '#main');
      await approve(page);
      await expectSignedIn(page);
    },
  },
  {
    subject,
    check: 'signs in by a code and its picture, and shows the token nowhere',
    isQuick: true,
    async play(stage) {
      const page = await stage.open('/element', 'mode=code');
      await click(page, '#main');
      await linkShownCode(stage, page);
      await expectSignedIn(page);
      const shown = await page.run<string>(
        `return document.documentElement.outerHTML + document.querySelector('plex-sign-in').shadowRoot.innerHTML`,
      );
      const token = await page.run<string>(
        `return document.querySelector('plex-sign-in').auth.getSnapshot().token.reveal()`,
      );
      expectThat(token.length > 0 && !shown.includes(token), 'the token is in the page');
    },
  },
  {
    subject,
    check: 'signs in from a television’s screen',
    async play(stage) {
      const page = await stage.open('/element', 'mode=code', 'look=tv');
      await click(page, '#main');
      await linkShownCode(stage, page);
      await reaches(page, 'authenticated');
    },
  },
  {
    subject,
    check: 'signs in with a button and its panel',
    async play(stage) {
      const page = await stage.open('/element', 'mode=popup', 'look=button');
      await approve(await clickToOpen(stage, page, '#trigger'));
      await reaches(page, 'authenticated');
    },
  },
  {
    subject,
    check: 'takes over what a server wrote, and signs in',
    async play(stage) {
      const page = await stage.open('/server', 'mode=popup');
      expectEqual(await page.run(`return document.querySelectorAll('plex-sign-in').length`), 1);
      await until(
        () => page.run<boolean>(`return customElements.get('plex-sign-in') !== undefined`),
        (isDefined) => isDefined,
        'defines the tag',
      );
      await approve(await clickToOpen(stage, page, '#main'));
      await expectSignedIn(page);
    },
  },
  {
    subject,
    check: 'signs in under a strict policy for content and trusted types',
    async play(stage) {
      const page = await stage.open('/strict', 'mode=code');
      await click(page, '#main');
      await linkShownCode(stage, page);
      await expectSignedIn(page);
    },
  },
  {
    subject,
    check: 'signs in by a code in a sandboxed frame, which opens nothing and stores nothing',
    async play(stage) {
      const page = await stage.open('/sandbox', 'mode=code');
      const look = () =>
        page.run<Seen & { left: number; top: number }>(`
          const { x: left, y: top } = document.querySelector('iframe').getBoundingClientRect();
          return { left, top, ...window.seen };`);
      const { left, top, x, y } = await until(look, ({ width }) => width > 0, 'shows its button');
      await page.clickAt(left + x, top + y);
      const { code = '' } = await until(
        look,
        (seen) => /^[0-9A-Z]{4}$/.test(seen.code ?? ''),
        'shows a code',
      );
      stage.plex.emulator.link(code);
      await until(look, ({ outcome }) => outcome === 'authenticated', 'signs in');
    },
  },
];
