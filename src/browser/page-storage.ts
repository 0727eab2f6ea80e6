import type { KeyValueStore } from '../ports.ts';

/** What a page can store. */
export interface PageStorage {
  /** The client identifier in `localStorage`, for all tabs; the pending PIN in `sessionStorage`, for this tab alone. */
  readonly store: KeyValueStore;
  /** Whether the client identifier outlives this page. */
  readonly keepsIdentifier: boolean;
  /** Whether a pending PIN outlives this page, as a redirect needs. */
  readonly keepsPin: boolean;
}

/**
 * Opens a page's storage. Where the browser blocks it, memory takes its place and nothing throws.
 *
 * @param flowKey Engines with another key in the same page do not find this one's PIN.
 */
export function openPageStorage(page: Window | undefined, flowKey: string): PageStorage {
  const local = openArea(page, 'localStorage');
  const session = openArea(page, 'sessionStorage');
  const placeOf = (key: string) =>
    key.endsWith('.client-identifier')
      ? ([local.area, key] as const)
      : ([session.area, key + flowKey] as const);
  return {
    store: {
      getItem(key) {
        const [area, own] = placeOf(key);
        return area.getItem(own);
      },
      setItem(key, value) {
        const [area, own] = placeOf(key);
        return area.setItem(own, value);
      },
      removeItem(key) {
        const [area, own] = placeOf(key);
        return area.removeItem(own);
      },
    },
    keepsIdentifier: local.keeps,
    keepsPin: session.keeps,
  };
}

/** Whether a store is an area of the page's own storage, which all applications of the origin share. */
export function isPageStorage(page: Window | undefined, store: KeyValueStore): boolean {
  try {
    return store === page?.localStorage || store === page?.sessionStorage;
  } catch {
    return false;
  }
}

/** Some browsers refuse an area as a whole, some each write; a full one still shows what it has. */
function openArea(
  page: Window | undefined,
  name: 'localStorage' | 'sessionStorage',
): { area: KeyValueStore; keeps: boolean } {
  const probe = 'plex-auth-flow.probe';
  let readable: Storage | undefined;
  try {
    const area = page?.[name];
    area?.getItem(probe);
    readable = area;
    area?.setItem(probe, '1');
    area?.removeItem(probe);
    if (area) return { area, keeps: true };
  } catch {
    // What comes next is the answer to that.
  }
  return { area: createMemoryOver(readable), keeps: false };
}

function createMemoryOver(readable: Storage | undefined): KeyValueStore {
  const items = new Map<string, string | null>();
  return {
    getItem: (key) => (items.has(key) ? items.get(key) : readable?.getItem(key)) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.set(key, null),
  };
}
