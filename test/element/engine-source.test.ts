import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BrowserPlexAuth } from '../../src/browser/browser-plex-auth.ts';
import type { PlexSignInOptions } from '../../src/element/create-from-element.ts';
import { EngineSource } from '../../src/element/engine-source.ts';
import { createFakePage, createFakePopup, type FakePopup } from '../browser/fake-page.ts';
import { createBrowserWorld } from '../browser/open-tab.ts';
import { createFlow } from '../fixture/create-flow.ts';

type EngineHost = ConstructorParameters<typeof EngineSource>[0];

/** What an element has shown in the console: Node has no `reportError`. */
let reported: unknown[] = [];
beforeEach(() => {
  reported = [];
  globalThis.reportError = (error) => reported.push(error);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'reportError');
});

/** An element as far as its engine needs it, put up in a page without attributes. */
function putUp(options: PlexSignInOptions = {}) {
  const world = createBrowserWorld();
  const popups: FakePopup[] = [];
  const { window } = createFakePage(world.browser);
  const parts = {
    ownerDocument: { defaultView: window },
    isConnected: true,
    mode: 'popup',
    product: '',
    getAttribute: () => null,
    options: {
      clock: world.time.clock,
      fetch: world.emulator.fetch,
      window,
      product: 'Moviebox',
      opener() {
        const popup = createFakePopup();
        popups.push(popup);
        return popup;
      },
      ...options,
    },
  };
  const source = new EngineSource(parts as unknown as EngineHost, (isPressed) => source.update(isPressed));
  return { ...world, parts, popups, source };
}

const isOfPage = (engine: object): engine is BrowserPlexAuth => 'startInPopup' in engine;

type Element = ReturnType<typeof putUp>;

describe('an element whose application has a server', () => {
  it('loads the other engine in the background, which needs no product', async () => {
    const { parts, source, time } = putUp({ backendURL: '/auth/plex' });
    Reflect.deleteProperty(parts.options, 'product');
    source.update(false);
    await vi.waitFor(() => expect(source.current).toBeDefined());
    const backend = source.current;
    await time.advance(0);
    expect(backend?.actor.getSnapshot().context.pin).toBeUndefined();
    expect(backend?.getSnapshot()).toMatchObject({ status: 'idle' });

    parts.options = { ...parts.options, product: 'Moviebox', backendURL: undefined };
    source.outdate();
    source.update(false);
    await vi.waitFor(() => expect(source.current).not.toBe(backend));
    source.disposeReplaced();
    source.current?.start();
    await time.advance(0);
    const view = source.current?.getSnapshot();
    expect(view && 'authURL' in view && view.authURL).toContain('Moviebox');
    await source.current?.dispose();
    expect(reported).toEqual([]);
  });

  it('names the attribute that its server decides', async () => {
    const element = putUp({ backendURL: '/auth/plex' });
    Object.assign(element.parts, {
      getAttribute: (name: string) => (name === 'server-url' ? 'https://plex.example' : null),
    });
    expect(await element.source.loadForPress(false)).toBe(undefined);
    expect(element.source.error?.message).toBe(
      'plex-auth-flow: server-url must be left out with backendURL: the server decides it',
    );
  });
});

describe('an element whose product is taken away', () => {
  async function loaded() {
    const element = putUp();
    element.source.update(false);
    await vi.waitFor(() => expect(element.source.current).toBeDefined());
    const takeAway = () => {
      element.parts.options = { ...element.parts.options, product: '' };
      element.source.outdate();
      element.source.update(false);
      element.source.disposeReplaced();
    };
    return { ...element, takeAway };
  }

  it('is as one that never had any, until it has one again', async () => {
    const { source, parts, takeAway } = await loaded();
    takeAway();
    expect([source.current, source.error, source.isUnset, reported]).toEqual([
      undefined,
      undefined,
      true,
      [],
    ]);
    parts.options = { ...parts.options, product: 'Another' };
    source.outdate();
    source.update(false);
    expect([source.current === undefined, source.isUnset]).toEqual([false, false]);
    await source.current?.dispose();
  });

  it('keeps the sign-in that runs', async () => {
    const { source, time, takeAway } = await loaded();
    const engine = source.current;
    engine?.start();
    await time.advance(0);
    takeAway();
    expect([source.current, source.isUnset]).toEqual([engine, false]);
    engine?.cancel();
    expect(source.isUnset).toBe(true);
    source.update(true);
    expect([source.current, source.isUnset, reported]).toEqual([undefined, true, []]);
    await engine?.dispose();
  });

  it('while a press waits for the engine makes none, and complains of nothing', async () => {
    const element = putUp();
    const loading = element.source.loadForPress(true);
    element.parts.options = { ...element.parts.options, product: '' };
    expect(await loading).toBe(undefined);
    element.source.endPress();
    expect([element.source.isUnset, reported]).toEqual([true, []]);
    expect(element.popups.map(({ closed }) => closed)).toEqual([true]);
  });
});

describe('a press that comes before the engine', () => {
  it('opens its window in the call itself, and the engine takes that window over', async () => {
    const { popups, source, time } = putUp();
    const loading = source.loadForPress(true);
    expect([popups.length, source.isLoadingForPress]).toEqual([1, true]);
    const engine = await loading;
    if (!engine || !isOfPage(engine)) throw new Error('no engine of a page');
    expect(engine).toBe(source.current);
    expect(engine.startInPopup()).toEqual({ status: 'opening' });
    source.endPress();
    await time.advance(0);
    expect(popups.map(({ closed, shown }) => [closed, shown.length])).toEqual([[false, 1]]);
    await engine.dispose();
  });

  /** Issue 11: every object inherits what a script gave to Object.prototype. */
  it("opens its window by no opener but the element's", async () => {
    const opened: unknown[] = [];
    const { source, parts } = putUp({ opener: undefined });
    Reflect.deleteProperty(parts.options, 'opener');
    const planted = { value: () => opened.push('planted'), configurable: true };
    Object.defineProperty(Object.prototype, 'opener', planted);
    const loading = source.loadForPress(true);
    Reflect.deleteProperty(Object.prototype, 'opener');
    source.endPress();
    await loading;
    expect(opened).toEqual([]);
  });

  it('opens no window where the mode is another', async () => {
    const { popups, source } = putUp();
    const engine = await source.loadForPress(false);
    expect(popups).toEqual([]);
    await engine?.dispose();
  });

  it('closes its window where no engine can be made, and says why', async () => {
    const { popups, source } = putUp({ linkURL: 'nowhere' });
    expect(await source.loadForPress(true)).toBe(undefined);
    source.endPress();
    expect(popups.map(({ closed }) => closed)).toEqual([true]);
    expect(source.error).toMatchObject({ code: 'PLEX_UNEXPECTED' });
    expect(reported).toEqual([source.error]);
  });

  it.each<[string, (element: Element) => void]>([
    ['the press is cancelled', ({ source }) => source.endPress()],
    [
      'the element is given an engine',
      ({ source }) => {
        source.given = createFlow().auth;
        source.update(false);
      },
    ],
    [
      'the element is taken out of the page',
      ({ parts, source }) => {
        parts.isConnected = false;
        source.update(false);
      },
    ],
  ])('closes its window and starts nothing where %s meanwhile', async (_name, change) => {
    const element = putUp();
    const loading = element.source.loadForPress(true);
    change(element);
    expect(element.popups.map(({ closed }) => closed)).toEqual([true]);
    expect(await loading).toBe(undefined);
    await element.time.advance(1000);
    expect(element.emulator.requests).toEqual([]);
    expect([element.popups.length, reported]).toEqual([1, []]);
    await element.source.current?.dispose();
  });
});
