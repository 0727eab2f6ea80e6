import type { KeyValueStore } from '../ports.ts';
import { type StoreAccess, toText } from './store-access.ts';

/** What is stored: each has a key of its own. */
type Part = 'client-identifier' | 'pin' | 'credentials';

/** The key under which a part is stored. @param name Names the application, where several share a store. */
export function toStoreKey(part: Part, name?: string): string {
  return ['plex-auth-flow', ...(name === undefined ? [] : [encodeURIComponent(name)]), part].join('.');
}

/** Reads a part of a store. @throws {PlexAuthError} `PLEX_STORE`. */
export type FindPart = <T>(
  from: KeyValueStore | undefined,
  part: Part,
  parse: (value: unknown) => T | undefined,
) => Promise<T | undefined>;

/** Makes what reads the parts, and moves what an earlier version stored under the key without a name. */
export function createPartFinder(access: StoreAccess, name: string | undefined): FindPart {
  return async (from, part, parse) => {
    const key = toStoreKey(part, name);
    const found = parse(await access.read(from, key));
    if (found !== undefined || name === undefined) return found;
    const oldKey = toStoreKey(part);
    const old = await access.read(from, oldKey);
    const moved = parse(old);
    if (moved !== undefined) {
      const value = toText(old);
      let isMoved = false;
      const isFree = (stored: unknown) => parse(stored) === undefined;
      void access
        .write(from, key, () => value, isFree)
        .then((error) => {
          isMoved = !error;
        });
      // It is gone from here only once it is there, and what another page has stored here since stays.
      void access.remove(from, oldKey, (stored) => isMoved && toText(stored) === value);
    }
    return moved;
  };
}
