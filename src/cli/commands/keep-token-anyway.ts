import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineInternals } from '../../engine/engine-internals.ts';
import { createFlowStore } from '../../engine/flow-store.ts';
import type { PlexAuthError } from '../../errors.ts';
import { createFileStore } from '../../node/index.ts';
import type { Credentials } from '../../pin.ts';
import { defaultRequestTimeoutMs } from '../../plex/client-options.ts';
import { systemClock } from '../../ports.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { programCall } from '../host/program-call.ts';

/** How long the write is tried again, and how long it waits between two tries, in milliseconds. */
const patienceMs = 5000;
const pauseMs = 500;

/**
 * Stores a token whose write has failed. Plex may hand a token out only once, so it must not be lost.
 *
 * Says what failed and tries again for some seconds. Then it stores the token in a new folder that only its owner can
 * read, and says how to get it from there.
 *
 * @returns Whether the token is stored where it belongs.
 */
export async function keepTokenAnyway(
  { token, clientIdentifier }: Credentials,
  error: PlexAuthError,
  internals: Pick<EngineInternals, 'store' | 'wire'>,
  { warn, signal }: CommandHost,
): Promise<boolean> {
  const credentials = { token, clientIdentifier };
  warn(`the token could not be stored: ${toErrorText(error)}; trying again for ${patienceMs / 1000} s`);
  if (await tryAgain(credentials, internals.store, signal)) return true;
  try {
    const folder = await keepElsewhere(credentials, internals);
    warn(`the token is in a folder of its own instead; to print it, run:`);
    warn(`PLEX_AUTH_CONFIG_DIR=${quoteForShell(folder)} ${programCall} token`);
  } catch (reason) {
    warn(`the token could not be stored elsewhere, and is lost: ${toErrorText(reason)}`);
  }
  return false;
}

/** Gives up after the time, or once the program is interrupted. A newer token, of another run, is stored well enough. */
async function tryAgain(
  credentials: Credentials,
  store: EngineInternals['store'],
  signal: AbortSignal,
): Promise<boolean> {
  const endMs = performance.now() + patienceMs;
  while (performance.now() < endMs && !signal.aborted) {
    await sleep(pauseMs, undefined, { signal }).catch(() => {});
    if (await store.findCredentials().catch(() => undefined)) return true;
    if (!(await store.keepCredentials(credentials))) return true;
  }
  return false;
}

/** @returns The folder, which `PLEX_AUTH_CONFIG_DIR` can name. @throws {Error} Node's own, or `PLEX_STORE`. */
async function keepElsewhere(
  credentials: Credentials,
  { wire }: Pick<EngineInternals, 'wire'>,
): Promise<string> {
  const folder = await mkdtemp(join(resolve(tmpdir()), 'plex-auth-'));
  // The umask of the process may have taken its owner's rights away.
  await chmod(folder, 0o700);
  const error = await createFlowStore({
    credentials: createFileStore(join(folder, 'credentials.json')),
    serverURL: wire.issuer || undefined,
    clock: systemClock,
    timeoutMs: defaultRequestTimeoutMs,
    onError: () => {},
  }).keepCredentials(credentials);
  if (error) throw error;
  return folder;
}

/** Quotes a text for a POSIX shell, where it needs that. */
function quoteForShell(text: string): string {
  return /^[\w/.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
