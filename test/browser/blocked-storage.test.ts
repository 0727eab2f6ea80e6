import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/testing/index.ts';
import { createFakeBrowser, createFakePage, createFakeStorage } from './fake-page.ts';
import { codeOf, createBrowserWorld, openTab, statusOf } from './open-tab.ts';

describe('a storage that the browser blocks', () => {
  const denied = {
    get() {
      throw new DOMException('denied', 'SecurityError');
    },
  };
  const blocked = Object.defineProperties({}, { localStorage: denied, sessionStorage: denied });
  const full = () => {
    const storage = createFakeStorage();
    return Object.assign(storage, {
      setItem() {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
  };

  it.each([
    ['as a whole', blocked],
    ['for each write', { localStorage: full(), sessionStorage: full() }],
  ])('%s is said in the view, and the flow runs', async (_, missing) => {
    const tab = openTab({}, createBrowserWorld(), createFakePage(createFakeBrowser(), missing));
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'idle', lastError: { code: 'PLEX_STORE' } });
    tab.auth.start();
    await tab.time.advance(0);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('still gives the identifier of an earlier life where it is only full', async () => {
    const localStorage = full();
    localStorage.getItem = (key) => (key === 'plex-auth-flow.client-identifier' ? 'from-before' : null);
    const tab = openTab({}, createBrowserWorld(), createFakePage(createFakeBrowser(), { localStorage }));
    tab.auth.start();
    await tab.time.advance(0);
    expect(tab.emulator.pins[0]?.clientIdentifier).toBe('from-before');
  });

  it('matters to nobody who brings a store', () => {
    const tab = openTab(
      { store: createMemoryStore() },
      createBrowserWorld(),
      createFakePage(createFakeBrowser(), blocked),
    );
    expect(tab.auth.getSnapshot()).toEqual({ status: 'idle' });
  });
});
