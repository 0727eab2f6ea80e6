import type { Engine } from '../engine/create-engine.ts';
import type { Secret } from '../secret.ts';
import { isRunning } from '../view.ts';
import { createPace } from './pace.ts';
import { createBurst } from './return-checks.ts';
import type { SharedStore } from './shared-store.ts';
import { untilStatus } from './until-status.ts';

/** Another tab's write shows a little later in this one, in some browsers: it is looked for at these moments, in milliseconds. */
const storageLagMs = [250, 1000, 3000];
/** How long to wait before Plex is asked again whether a token is still valid, in milliseconds. */
const verifyAgainMs = 30_000;
/**
 * How long notices of other tabs wait after one has made this tab ask Plex, in milliseconds. They then count as one: other
 * scripts of the origin can send as many as they like.
 */
const noticePauseMs = 500;

/** The token that the tabs of one origin share by a store. */
export interface SharedToken {
  /** Takes the token that another tab has stored, or ends the session if another tab has removed this one's. */
  adopt(): Promise<void>;
  /** The same, now and at a few moments soon; and asks Plex whether the token that this tab holds is still valid. */
  adoptAndVerify(): void;
  /**
   * The same where another tab may have signed in. Plex keeps one token per account and client, so a token that this tab
   * still holds afterwards is verified until Plex answers.
   */
  adoptOrVerify(): void;
  close(): void;
}

/** Makes what keeps an engine in step with the token in the shared store. */
export function createSharedToken(engine: Engine, credentials?: SharedStore): SharedToken {
  const { auth, internals } = engine;
  const { clock } = internals;
  const { lagMs = storageLagMs } = credentials ?? {};
  const looks = createBurst(clock, lagMs, () => void adopt());
  const verifyPace = createPace(clock, noticePauseMs, () => void auth.verify());
  let isClosed = false;
  let timer: unknown;

  /** Plex keeps one token per client, so another tab's token replaces this tab's. */
  async function adopt(): Promise<void> {
    const { status: found } = await untilStatus(auth, (status) => status !== 'fetchingToken');
    const stored = await internals.store.findCredentials().catch(() => undefined);
    if (!stored) return endIfTokenRemoved();
    const view = auth.getSnapshot();
    // Whatever happened in between has its own token, or is about to have one.
    if (isClosed || view.status !== found || view.status === 'signingOut') return;
    if (view.status === 'authenticated') {
      if (view.token.reveal() === stored.token.reveal()) return;
      internals.reject();
    }
    if (isRunning(view.status)) auth.cancel();
    internals.adoptCredentials(stored);
    void auth.verify();
  }

  /** Signs out with another tab without asking Plex, which may not have been reached by that tab's sign-out. */
  async function endIfTokenRemoved(): Promise<void> {
    const view = auth.getSnapshot();
    if (view.status !== 'authenticated' || !credentials) return;
    const isRemoved = await credentials.wasRemovedElsewhere(view.token).catch(() => false);
    if (isRemoved && !isClosed && auth.getSnapshot() === view) internals.reject();
  }

  function adoptSoon(): void {
    void adopt();
    looks.start();
  }

  function verifyLater(token: Secret, delayMs: number): void {
    clock.clearTimeout(timer);
    if (!isClosed) timer = clock.setTimeout(() => void verify(token), delayMs);
  }

  /** Asks Plex about a token while this tab holds it. A refused one ends the session; without an answer, asks again. */
  async function verify(token: Secret): Promise<void> {
    const view = auth.getSnapshot();
    if (view.status !== 'authenticated' || view.token !== token) return;
    const { status } = await auth.verify();
    if (status === 'unknown') verifyLater(token, verifyAgainMs);
  }

  return {
    adopt,
    adoptAndVerify() {
      adoptSoon();
      verifyPace.run();
    },
    adoptOrVerify() {
      adoptSoon();
      const view = auth.getSnapshot();
      if (view.status !== 'authenticated') return;
      // Where there is a store, the other tab's token may still be on its way into it.
      if (!credentials) verifyPace.run();
      verifyLater(view.token, Math.max(0, ...lagMs) + 1);
    },
    close() {
      isClosed = true;
      looks.stop();
      clock.clearTimeout(timer);
      verifyPace.stop();
    },
  };
}
