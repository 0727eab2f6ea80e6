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
    // What answers at once goes on answering at once: nobody can write between a read and the write that follows from it.
    getItem(key) {
      const value = store.getItem(key);
      if (value instanceof Promise) return value.then((later) => note(key, later) ?? later);
      note(key, value);
      return value;
    },
    setItem(key, value) {
      const written = store.setItem(key, value);
      if (written instanceof Promise) return written.then(() => note(key, value));
      note(key, value);
      return written;
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
