import { describe, expect, it } from 'vitest';
import type { OpenedWindow } from '../../src/ports.ts';
import { createFakeBrowser, createFakePage } from './fake-page.ts';
import { codeOf, createBrowserWorld, openTab, statusOf } from './open-tab.ts';

/** A window as browsers give it, and everything that a page does to it. */
function createWindow(parts: Partial<Record<string, unknown>> = {}) {
  const touched: string[] = [];
  const own = {
    closed: false,
    document: { body: { style: {} }, documentElement: { style: {} }, title: '' },
    location: { href: 'about:blank', replace: () => touched.push('replace') },
    close: () => touched.push('close'),
    ...Object.fromEntries(Object.entries(parts).filter(([name]) => !name.startsWith('get '))),
  };
  const denied = { get: () => denyAccess(), configurable: true };
  if (parts['get location']) Object.defineProperty(own.location, 'href', denied);
  if (parts['get document']) Object.defineProperty(own, 'document', denied);
  return { touched, window: own };
}

function denyAccess(): never {
  throw new DOMException('denied', 'SecurityError');
}

/** A tab whose browser answers `window.open` with this. */
function openTabWith(open: (page: object) => unknown, parts: Partial<Record<string, unknown>> = {}) {
  const opens = {
    open() {
      return open(this);
    },
  };
  const page = createFakePage(createFakeBrowser(), { ...opens, ...parts });
  return openTab({ opener: undefined }, createBrowserWorld(), page);
}

describe('the window that a browser opens', () => {
  it('says whose it is, shows the consent page, and is closed at the end', async () => {
    const { touched, window } = createWindow();
    const tab = openTabWith(() => window);
    expect(tab.auth.startInPopup()).toEqual({ status: 'opening' });
    expect(window.document.title).toContain('Living Room');
    await tab.time.advance(0);
    expect(touched).toEqual(['replace']);
    tab.auth.cancel();
    expect(touched).toEqual(['replace', 'close']);
  });

  it('works in a sandboxed frame, which may not read it', async () => {
    const { touched, window } = createWindow({ 'get location': true, 'get document': true });
    const tab = openTabWith(() => window, { origin: 'null' });
    expect(tab.auth.startInPopup()).toEqual({ status: 'opening' });
    await tab.time.advance(0);
    expect(touched).toEqual(['replace']);
  });

  it.each<[string, (page: object) => unknown]>([
    ['the page itself, as an Android WebView does', (page) => page],
    ['a window that is closed', () => createWindow({ closed: true }).window],
    ['a stub', () => ({})],
    ['a stub that says it is open', () => ({ closed: false, location: {} })],
    ['a window that shows a page', () => createWindow({ location: { href: 'https://app.example/' } }).window],
    ['a window that may not be read', () => createWindow({ 'get location': true }).window],
  ])('is refused and left alone where it is %s, and the flow runs', async (_, open) => {
    const tab = openTabWith(open, { document: frozenDocument, close: denyAccess });
    expect(tab.auth.startInPopup()).toMatchObject({
      status: 'refused',
      error: { code: 'PLEX_POPUP_BLOCKED' },
    });
    await tab.time.advance(0);
    expect(tab.page.sentTo).toEqual([]);
    expect(frozenDocument.title).toBe('The application');
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('is refused where it is a blank frame of the page itself', () => {
    const { touched, window } = createWindow({ top: {} });
    const tab = openTabWith(() => window);
    expect(tab.auth.startInPopup()).toMatchObject({ status: 'refused' });
    expect([touched, window.document.title]).toEqual([[], '']);
  });

  it.each(['parent', 'top'])("is refused where it is the frame's %s", (name) => {
    const { touched, window } = createWindow();
    const tab = openTabWith(() => window, { [name]: window });
    expect(tab.auth.startInPopup()).toMatchObject({ status: 'refused' });
    expect([touched, window.document.title]).toEqual([[], '']);
  });
});

const frozenDocument = {
  title: 'The application',
  hidden: false,
  addEventListener() {},
  removeEventListener() {},
};

describe('the window of an opener of the application', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a stub', {}],
    ['a closed window', { closed: true, navigate() {}, close() {} }],
  ])('is refused where it is %s', (_, opened) => {
    const tab = openTab({ opener: () => opened as OpenedWindow });
    expect(tab.auth.startInPopup()).toMatchObject({ status: 'refused' });
  });

  it('throws at each use, and the flow continues', async () => {
    const opened = { closed: false, navigate: denyAccess, close: denyAccess };
    const tab = openTab({ opener: () => opened });
    expect(tab.auth.startInPopup()).toEqual({ status: 'opening' });
    Object.defineProperty(opened, 'closed', { get: denyAccess });
    await tab.time.advance(1000);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
    expect(tab.time.timers).toBe(0);
  });
});
