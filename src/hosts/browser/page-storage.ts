import { clientIdentifierKey } from '../../keeper.ts';
import type { KeyValueStore } from '../../ports.ts';

/** What a page may keep. */
export interface PageStorage {
  /** The client identifier in `localStorage`, for all tabs; the pending PIN in `sessionStorage`, for this tab alone. */
  readonly store: KeyValueStore;
  /** Whether the client identifier outlives this page. */
  readonly keepsIdentifier: boolean;
  /** Whether a pending PIN outlives this page, as a redirect needs. */
  readonly keepsPin: boolean;
}

/** Opens a page's storage. Where the browser blocks it, memory takes its place and nothing throws. */
export function openPageStorage(page: Window | undefined): PageStorage {
  const local = openArea(page, 'localStorage');
  const session = openArea(page, 'sessionStorage');
  const memory = createMemoryArea();
  const areaOf = (key: string) => (key === clientIdentifierKey ? local : session) ?? memory;
  return {
    store: {
      getItem: (key) => areaOf(key).getItem(key),
      setItem: (key, value) => areaOf(key).setItem(key, value),
      removeItem: (key) => areaOf(key).removeItem(key),
    },
    keepsIdentifier: local !== undefined,
    keepsPin: session !== undefined,
  };
}

/** The area, where it takes something: some browsers refuse it as a whole, some refuse each write. */
function openArea(
  page: Window | undefined,
  name: 'localStorage' | 'sessionStorage',
): KeyValueStore | undefined {
  const probe = 'plex-auth-flow.probe';
  try {
    const area = page?.[name];
    area?.setItem(probe, '');
    area?.removeItem(probe);
    return area;
  } catch {
    return undefined;
  }
}

function createMemoryArea(): KeyValueStore {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key),
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}
