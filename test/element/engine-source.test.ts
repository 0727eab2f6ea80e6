import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BrowserPlexAuthOptions } from '../../src/browser/browser-options.ts';
import type { BrowserPlexAuth } from '../../src/browser/browser-plex-auth.ts';
import { EngineSource } from '../../src/element/engine-source.ts';
import type { PlexAuth } from '../../src/index.ts';
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
function putUp(options: Partial<BrowserPlexAuthOptions> = {}) {
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

const isOfPage = (engine: PlexAuth): engine is BrowserPlexAuth => 'startInPopup' in engine;

type Element = ReturnType<typeof putUp>;

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
    const { popups, source } = putUp({ product: '' });
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
