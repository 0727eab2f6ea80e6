import { base64url } from 'jose';
import { requireClientIdentifier } from '../plex/client-options.ts';
import { askStore } from './ask-store.ts';
import { deriveBytes } from './sealed-box.ts';
import type { ServerSettings } from './server-options.ts';

const key = 'plex-auth-flow.server.client-identifier';

/**
 * Makes what finds the server's client identifier: its option, or what its store keeps, or one that every machine with the same
 * secret makes alike.
 */
export function createServerIdentifier(
  {
    clientIdentifier,
    secrets,
    mountURL,
    store,
    clock,
  }: Pick<ServerSettings, 'clientIdentifier' | 'secrets' | 'mountURL' | 'store' | 'clock'>,
  onError: (error: unknown) => void,
): () => Promise<string> {
  let found: Promise<string> | undefined;

  async function find(): Promise<string> {
    if (clientIdentifier !== undefined) return clientIdentifier;
    const kept = await readStore();
    if (kept !== undefined) return kept;
    // The oldest secret, so that a new one in front changes nothing.
    const made = base64url.encode(
      (await deriveBytes(secrets.at(-1) ?? new Uint8Array(), `client ${mountURL}`)).slice(0, 18),
    );
    try {
      await askStore(clock, `write ${key}`, () => store?.setItem(key, made));
    } catch (error) {
      onError(error);
    }
    return made;
  }

  /** @throws What the store throws: another identifier would list a new device in each account. */
  async function readStore(): Promise<string | undefined> {
    const stored = await askStore(clock, `read ${key}`, () => store?.getItem(key));
    try {
      requireClientIdentifier(stored);
      return stored as string;
    } catch {
      return undefined;
    }
  }

  return () => {
    found ??= find();
    found.catch(() => {
      found = undefined;
    });
    return found;
  };
}
