import { describe, expect, it } from 'vitest';
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
