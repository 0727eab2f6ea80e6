import { reasonOf } from '../abort.ts';
import { type PlexAuthOutcome, toPromise } from '../adapters/to-promise.ts';
import { toReadable } from '../adapters/to-readable.ts';
import { PlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import { copyOptions, requireMethods, requireOption, requireType } from '../require-option.ts';
import type { PlexAuthCode, PlexAuthView } from '../view.ts';
import { createEngine } from './create-engine.ts';
import type { PlexAuthOptions } from './plex-auth-options.ts';

/** How a sign-in runs, and who may watch and end it. */
export interface SignInOptions extends PlexAuthOptions {
  /** Ends the sign-in and aborts its request. A PIN in `store` stays there, so that the next call resumes it. */
  signal?: AbortSignal | undefined;
  /**
   * Called once per code, with the page to open: at the start, and again for each of the `renewals`. If it throws, the
   * sign-in continues.
   */
  onCode?: ((code: PlexAuthCode) => void) | undefined;
  /** Called with each view, `idle` first, for a screen that shows them all. If it throws, the sign-in continues. */
  onView?: ((view: PlexAuthView) => void) | undefined;
}

/** What a signed-in user holds: send both `token` and `clientIdentifier`. */
export interface SignInResult extends Credentials {
  /** Set where `credentials` was given and the token could not be stored there: keep it, or the next start asks the user again. */
  readonly storeError?: PlexAuthError;
}

/**
 * Signs one user in: the whole sign-in as one promise.
 *
 * It opens no page; `onCode` says which one to show. Stored credentials are verified first: if Plex refuses them, a new
 * sign-in starts; if Plex cannot be asked, they are returned as they are.
 *
 * @returns The token, once the user has approved.
 * @throws {PlexAuthError} `PLEX_EXPIRED` if the PIN or `giveUpAfterMs` ran out; else the error of the sign-in.
 * @throws {TypeError} For a bad option, naming it.
 * @throws The signal's reason once it is aborted. If it was aborted before, no request is made.
 */
export async function signIn(options: SignInOptions): Promise<SignInResult> {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const { signal, onCode, onView } = copyOptions(options);
  requireMethods('signal', signal, ['addEventListener', 'removeEventListener']);
  requireType('onCode', onCode, 'function');
  requireType('onView', onView, 'function');
  if (signal?.aborted) throw reasonOf(signal);

  const { auth, internals } = createEngine(options);
  signal?.addEventListener('abort', auth.dispose);
  try {
    const first = toPromise(auth, { signal });
    // If what follows throws, nobody waits for it.
    first.catch(() => {});
    let isRestored = true;
    auth.subscribe(({ status }) => {
      if (status === 'fetchingToken') isRestored = false;
    });
    if (onView) toReadable(auth).subscribe(onView);
    if (onCode) toReadable(auth).subscribe(oncePerCode(onCode));
    auth.start();

    let view = await first;
    if (view.status === 'authenticated') {
      await (isRestored ? auth.verify() : internals.store.credentialsKept());
      // Plex refused it: a later sign-in of this installation may have replaced it.
      const isRefused = auth.getSnapshot().status === 'expired';
      if (isRestored || isRefused) {
        auth.start();
        view = await toPromise(auth, { signal });
      }
    }
    const result = resultOf(view, internals.clock.now());
    const storeError = await internals.store.credentialsKept();
    return { ...result, ...(storeError && { storeError }) };
  } finally {
    signal?.removeEventListener('abort', auth.dispose);
    await auth.dispose();
  }
}

function oncePerCode(onCode: (code: PlexAuthCode) => void): (view: PlexAuthView) => void {
  let shownCode: string | undefined;
  return (view) => {
    if (!view.code || view.code === shownCode) return;
    shownCode = view.code;
    onCode(view);
  };
}

function resultOf(view: PlexAuthOutcome, atMs: number): Credentials {
  if (view.status === 'authenticated') {
    return { token: view.token, clientIdentifier: view.clientIdentifier };
  }
  if (view.status === 'failed') throw view.error;
  const { lastError } = view;
  const end = view.status === 'expired' && view.reason === 'limit' ? 'The limit of giveUpAfterMs' : 'The PIN';
  const trouble = lastError ? `. The last request failed: ${lastError.message}` : '';
  throw new PlexAuthError('PLEX_EXPIRED', `${end} ran out before the user approved${trouble}`, {
    atMs,
    retryable: false,
    cause: lastError,
  });
}
