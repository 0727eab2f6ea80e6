import type { KeyValueStore } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** A credentials store that several tabs write to. */
export interface SharedStore extends KeyValueStore {
  /** Whether the store had this token and is empty now: another tab has signed out. */
  wasRemovedElsewhere(token: Secret): Promise<boolean>;
  /**
   * When to look for what another tab has written, beside at once, in milliseconds after its notice. In some browsers one
   * tab sees the other's write a little later. Default: at a few moments.
   */
  readonly lagMs?: readonly number[];
}

/** Wraps a credentials store, so that a tab notices what another one has removed. */
export function shareStore(store: KeyValueStore): SharedStore {
  /** What this tab last read or wrote. */
  let lastSeen = { key: '', text: '' };
  const note = (key: string, value: unknown) => {
    const text = asText(value);
    if (text) lastSeen = { key, text };
  };
  return {
    async getItem(key) {
      const value = await store.getItem(key);
      note(key, value);
      return value;
    },
    async setItem(key, value) {
      await store.setItem(key, value);
      note(key, value);
    },
    removeItem: (key) => store.removeItem(key),
    async wasRemovedElsewhere(token) {
      const { key, text } = lastSeen;
      return holds(text, token) && asText(await store.getItem(key)) === '';
    },
  };
}

function holds(text: string, token: Secret): boolean {
  return text.includes(JSON.stringify(token.reveal()));
}

/** A store may give a value back already parsed from JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : value ? JSON.stringify(value) : '';
}
