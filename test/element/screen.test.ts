import { describe, expect, it } from 'vitest';
import { toCodeScreen } from '../../src/element/code-screen.ts';
import { loadLanguage } from '../../src/element/languages.ts';
import { toLaterScreen } from '../../src/element/later-screens.ts';
import { toQRPicture } from '../../src/element/qr-picture.ts';
import { renderPlexSignIn } from '../../src/element/render-plex-sign-in.ts';
import type { ScreenOptions } from '../../src/element/scene.ts';
import { screenOf } from '../../src/element/screen.ts';
import { PlexAuthError, type PlexAuthErrorCode } from '../../src/errors.ts';

const strings = await loadLanguage('en');
const fault = (code: PlexAuthErrorCode) => new PlexAuthError(code, 'A fault', { atMs: 0, retryable: true });
const pin = {
  code: '7RQZ',
  authURL: 'https://app.plex.tv/auth#?code=7RQZ',
  linkURL: 'https://plex.tv/link/?pin=7RQZ',
  qrURL: 'https://plex.tv/api/v2/pins/qr/7RQZ',
  expiresAtMs: 900_000,
};
const show = (options: Partial<ScreenOptions>) =>
  screenOf(
    {
      view: { status: 'awaitingLink', ...pin },
      mode: 'popup',
      strings,
      product: 'My App',
      toCodeScreen,
      ...options,
    },
    toLaterScreen,
  );

describe('a screen', () => {
  it('is the same during a read as between reads', () => {
    expect(show({ view: { status: 'fetchingToken', ...pin } })).toEqual(show({}));
  });

  it('shows a short code, spelled for screen readers', () => {
    const { steps, said } = show({ mode: 'code' });
    expect(steps).toMatchObject({
      code: '7RQZ',
      address: 'plex.tv/link',
      href: pin.linkURL,
      spelled: 'Code: 7 R Q Z',
    });
    expect(said).toBe('Go to plex.tv/link and enter the code 7 R Q Z');
  });

  it('shows the consent page for a code that nobody would type', () => {
    const view = { status: 'awaitingLink', ...pin, code: 'abcdefghijklmnopqrstuvwxy' } as const;
    const { steps, main } = show({ mode: 'code', view });
    expect(steps).toMatchObject({ code: '', href: pin.authURL, address: 'app.plex.tv/auth', spelled: '' });
    expect(main).toBeUndefined();
  });

  it('says the same to a screen reader while the connection is poor', () => {
    const lastError = fault('PLEX_NETWORK');
    for (const mode of ['popup', 'redirect', 'code'] as const) {
      const poor = show({ mode, view: { status: 'awaitingLink', ...pin, lastError } });
      expect(poor.note).toBe(strings.trouble);
      const { heading, text, said } = show({ mode });
      expect(poor).toMatchObject({ heading, text, ...(said && { said }) });
    }
  });

  it('says to everybody that there is no connection at all, before any request has failed', () => {
    for (const mode of ['popup', 'redirect', 'code'] as const) {
      for (const view of [{ status: 'requestingPin' }, { status: 'awaitingLink', ...pin }] as const)
        expect(show({ mode, view, isOffline: true })).toMatchObject({
          note: strings.noConnection,
          brief: strings.noConnectionShort,
          said: strings.noConnection,
        });
      expect(show({ mode, view: { status: 'idle' }, isOffline: true }).note).toBeUndefined();
    }
  });

  it.each([
    [40_000, 'en', 'Plex asks us to wait · 40 sec'],
    [40_000, 'de', 'Plex bittet uns zu warten · 40 Sek.'],
    [90_000, 'en', 'Plex asks us to wait · 2 min'],
    [3_570_000, 'en', 'Plex asks us to wait · 60 min'],
    [7_200_000, 'en', 'Plex asks us to wait · 2 hr'],
    [86_300_000, 'en', 'Plex asks us to wait · 24 hr'],
    [610_000, 'en', 'Plex asks us to wait · 11 min'],
  ])('says how long Plex asks to wait: %i ms in %s', async (retryAfterMs, language, words) => {
    const details = { atMs: 0, retryable: true, retryAfterMs };
    const error = new PlexAuthError('PLEX_RATE_LIMITED', 'A fault', details);
    const spoken = { language, strings: await loadLanguage(language), waitMs: retryAfterMs };
    for (const mode of ['popup', 'code'] as const)
      expect(show({ ...spoken, mode, view: { status: 'awaitingLink', ...pin, lastError: error } }).note).toBe(
        words,
      );
    const failed = show({ ...spoken, view: { status: 'failed', error } });
    expect([failed.heading, failed.text]).toEqual([spoken.strings.busy, words]);
  });

  it('offers to try again at once only when the wait that Plex asked for is over, and says the wait once', () => {
    const details = { atMs: 0, retryable: true, retryAfterMs: 90_000 };
    const view = {
      status: 'failed',
      error: new PlexAuthError('PLEX_RATE_LIMITED', 'A fault', details),
    } as const;
    const [first, later, over] = [90_000, 1000, 0].map((waitMs) => show({ view, waitMs }));
    expect([first?.main?.isMain, later?.main?.isMain, over?.main?.isMain]).toEqual([false, false, true]);
    expect([first?.text, later?.text, over?.text]).toEqual([
      'Plex asks us to wait · 2 min',
      'Plex asks us to wait · 1 sec',
      '',
    ]);
    for (const { said } of [first, later, over] as { said?: string }[])
      expect(said).toBe('Plex is busy. Plex asks us to wait · 2 min');
  });

  it('speaks of no window where none was opened', () => {
    const { heading, text, main } = show({ isWindowMissing: true });
    expect([heading, text]).toEqual([strings.redirecting, strings.popupText]);
    expect(main).toEqual({ label: strings.openPlex, command: 'start', isMain: true });
    for (const mode of ['redirect', 'code'] as const)
      expect(show({ mode, isWindowMissing: true })).toEqual(show({ mode }));
    expect(show({ refusal: null, isWindowMissing: true })).toEqual(show({}));
  });

  it('says that Plex is busy where Plex did not say how long to wait', () => {
    const lastError = fault('PLEX_RATE_LIMITED');
    expect(show({ view: { status: 'awaitingLink', ...pin, lastError } }).note).toBe(strings.busy);
  });

  it('says nothing of the connection where the store fails', () => {
    const lastError = fault('PLEX_STORE');
    for (const mode of ['popup', 'code'] as const)
      expect(show({ mode, view: { status: 'awaitingLink', ...pin, lastError } }).note).toBeUndefined();
  });

  it('says on a phone, from the first screen on, that Plex’s page opens there', () => {
    const idle = { view: { status: 'idle' }, mode: 'code' } as const;
    const { text, main } = show({ ...idle, isPhone: true });
    expect([text, main?.label]).toEqual([strings.redirectText, strings.signIn]);
    expect(show({ mode: 'code', isPhone: true }).text).toBe(strings.redirectText);
    expect(show({ mode: 'code', isPhone: true, view: { status: 'requestingPin' } }).text).toBe(
      strings.redirectText,
    );
    for (const other of [{}, { isPhone: true, look: 'tv' }] as const) {
      const { text, main } = show({ ...idle, ...other });
      expect([text, main?.label]).toEqual([strings.codeText, strings.getCode]);
    }
  });

  /** A code for the consent page, shown in the mode `code` or on a television: its address is of no use without it. */
  describe('of a code that nobody types', () => {
    const view = { status: 'awaitingLink', ...pin, code: 'abcdefghijklmnopqrstuvwxy' } as const;

    it('offers the consent page itself, and its picture', () => {
      const { text, link, main, steps } = show({ mode: 'code', view });
      expect(text).toBe(strings.redirectText);
      expect(link).toMatchObject({ label: strings.openPlex, href: pin.authURL, isNewTab: true });
      expect([main, steps?.href]).toEqual([undefined, pin.authURL]);
    });

    it('offers the picture alone on a television', () => {
      const { text, said, link, steps } = show({ mode: 'code', look: 'tv', view });
      expect([text, said, steps?.caption, link, steps?.isLink]).toEqual([
        strings.scanFilled,
        strings.scanFilled,
        '',
        undefined,
        false,
      ]);
    });

    it('offers the consent page alone on a phone', () => {
      const { heading, link, main, steps } = show({ mode: 'code', isPhone: true, view });
      expect([heading, main, steps]).toEqual([strings.redirecting, undefined, undefined]);
      expect(link).toMatchObject({ href: pin.authURL, isMain: true, isNewTab: true });
    });

    it('offers a code to type where the element can begin anew with one', () => {
      for (const look of ['card', 'tv'] as const)
        expect(show({ mode: 'code', look, view, canShorten: true }).main).toEqual({
          label: strings.getCode,
          command: 'restart',
        });
    });
  });

  it.each(['PLEX_POPUP_BLOCKED', 'PLEX_STORE'] as const)(
    'keeps the place of the link from the start where no window opens (%s)',
    (code) => {
      const refusal = fault(code);
      const before = show({ view: { status: 'requestingPin' }, refusal });
      const after = show({ refusal });
      expect(before.link).toEqual({ ...after.link, href: '' });
      expect(before).toEqual({ ...after, link: before.link });
    },
  );

  it('leads by a link where the engine opens no pages', () => {
    const { main, link } = show({ canOpen: false });
    expect(main).toBeUndefined();
    expect(link).toMatchObject({ href: pin.authURL, isMain: true, isNewTab: true });
    expect(show({ canOpen: false, mode: 'redirect' }).link).toMatchObject({ isNewTab: false });
  });

  it('offers only a new tab where the browser keeps nothing between pages', () => {
    const { heading, main, link } = show({ refusal: fault('PLEX_STORE') });
    expect(heading).toBe(strings.unkept);
    expect(main).toBeUndefined();
    expect(link).toMatchObject({ href: pin.authURL, isMain: true });
  });

  it.each(['PLEX_POPUP_BLOCKED', 'PLEX_FRAMED'] as const)(
    'offers only a new tab for %s in a frame, which cannot leave for Plex',
    (code) => {
      const { heading, main, link } = show({ refusal: fault(code), isFramed: true });
      expect(heading).toBe(strings.redirecting);
      expect(main).toBeUndefined();
      expect(link).toMatchObject({ href: pin.authURL, isMain: true, isNewTab: true });
    },
  );

  it.each([
    ['PLEX_NETWORK', 'offline'],
    ['PLEX_TIMEOUT', 'offline'],
    ['PLEX_RATE_LIMITED', 'busy'],
    ['PLEX_HTTP', 'broken'],
    ['PLEX_BAD_REPLY', 'broken'],
    ['PLEX_CLIENT_MISMATCH', 'misconfigured'],
    ['PLEX_STORE', 'misconfigured'],
    ['PLEX_UNEXPECTED', 'misconfigured'],
  ] as const)('has words for %s', (code, name) => {
    const screen = show({ view: { status: 'failed', error: fault(code) } });
    expect(screen).toMatchObject({ heading: strings[name], text: strings[`${name}Text`] });
    expect(screen.footnote).toBe(`Error code: ${code}`);
  });
});

describe('rendering on a server', () => {
  it('imports the element where there are no elements, and defines none', async () => {
    expect('customElements' in globalThis).toBe(false);
    const element = await import('../../src/element/index.ts');
    expect(Object.keys(element).sort()).toEqual(['PlexSignIn', 'renderPlexSignIn']);
  });

  it('writes the first screen, and nothing that a product name could break', async () => {
    const html = await renderPlexSignIn({ product: '<img src=x> "A" & B', attributes: { id: 'sign-in' } });
    expect(html).toMatch(
      /^<plex-sign-in product="&#60;img src=x&#62; &#34;A&#34; &#38; B" mode="popup" lang="en" id="sign-in"><template shadowrootmode="open"><style>/,
    );
    expect(html).toContain('>Sign in to &#60;img src=x&#62; &#34;A&#34; &#38; B</h2>');
    expect(html).not.toContain('<img');
    expect(html.endsWith('</p></template></plex-sign-in>')).toBe(true);
  });

  it('needs no product where a server signs users in', async () => {
    const html = await renderPlexSignIn({ backendURL: '/auth/plex' });
    expect(html).toMatch(/^<plex-sign-in backend-url="\/auth\/plex" mode="popup" lang="en"><template/);
    expect(html).toContain('>Sign in with Plex</h2>');
  });

  it('speaks the language, and gives the style its nonce', async () => {
    const html = await renderPlexSignIn({ product: 'My App', mode: 'code', lang: 'ar-EG', nonce: 'r4nd0m' });
    expect(html).toContain('<style nonce="r4nd0m">');
    expect(html).toContain('lang="ar" dir="rtl" data-mode="code" data-look="card" data-icon="person"');
    expect(html).toContain('>الحصول على رمز</button>');
  });

  it('writes the look button as one control, with the card closed behind it', async () => {
    const html = await renderPlexSignIn({ product: 'My App', look: 'button', headingLevel: 4 });
    expect(html).toMatch(
      /^<plex-sign-in product="My App" mode="popup" look="button" heading-level="4" lang="en">/,
    );
    expect(html).toMatch(/<button id="trigger"[^>]*>.*>Sign in with Plex<\/span>.*<\/button><div id="card"/);
    expect(html).toContain('>Sign in to My App</h4>');
    expect(html).toContain('#trigger');
    expect(html).not.toContain('#qr');
  });

  it('writes the look tv in the mode code, unless another is wanted', async () => {
    const html = await renderPlexSignIn({ product: 'My App', look: 'tv' });
    expect(html).toContain(' mode="code" look="tv"');
    expect(html).toContain('>Get a code</button>');
    expect(html).toContain('#qr');
    const other = await renderPlexSignIn({ product: 'My App', look: 'tv', mode: 'redirect' });
    expect(other).toContain(' mode="redirect" look="tv"');
  });

  it.each([
    ['look', { look: 'buton' as never }],
    ['headingLevel', { headingLevel: 7 }],
    ['headingLevel', { headingLevel: 2.5 }],
  ])('rejects a bad %s by its name', async (name, options) => {
    await expect(renderPlexSignIn({ product: 'My App', ...options })).rejects.toThrow(
      new RegExp(`^plex-auth-flow: ${name} must`),
    );
  });
});

describe('a QR picture', () => {
  it('is one path over a square with a margin', () => {
    const { size, path } = toQRPicture('https://plex.tv/link/?pin=7RQZ');
    expect(size).toBe(33);
    expect(path).toMatch(/^M4 4h7v1h-7z(M\d+ \d+h\d+v1h-\d+z)+$/);
  });
});
