import type { PlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import type { PlexClient } from '../plex/plex-client.ts';
import { type AskAttemptOptions, createAttemptAsker } from '../server/ask-attempt.ts';
import type { AttemptOutcome } from '../server/attempt-outcome.ts';
import type { AskedAttempt } from '../server/claimed-attempts.ts';
import type { PlexSignInCode } from './error-codes.ts';
import type { PlexProfile, PluginSettings } from './plugin-options.ts';

/** How a user came back from Plex. */
export type RedeemedPin =
  | { status: 'signedIn'; credentials: Credentials; profile: PlexProfile }
  | { status: 'failed'; code: PlexSignInCode };

/** When the user is back, the token can lag: this long it is asked for, in milliseconds, and this often. */
const lagMs = 4000;
const paceMs = 1000;
/** How long one question may wait for its turn among those of other users, in milliseconds. */
const turnMs = 5000;

/**
 * Makes what redeems the PIN of a user who is back from Plex: asks whose token it is and, where there is a server, what that
 * person may use. Never rejects.
 */
export function createRedeemPin(
  options: Omit<AskAttemptOptions, 'settings'> & { settings: PluginSettings },
): (attempt: AskedAttempt) => Promise<RedeemedPin> {
  const { settings } = options;
  const { clock, access, allow } = settings;
  // A sign-in ends in better-auth's session: there is no request of our own.
  const request = new Request('https://better-auth.invalid');

  return async (attempt) => {
    let signedIn: RedeemedPin | undefined;
    let isAsked = false;
    const getToken: PlexClient['getToken'] = (call) => {
      isAsked = true;
      return options.plex.getToken(call);
    };
    const { ask } = createAttemptAsker({
      ...options,
      plex: { ...options.plex, getToken },
      settings: {
        ...{ clock, access, allow },
        onSignIn({ user, token, clientIdentifier, access: found }) {
          const profile = { ...user, ...(found && { access: found.status }) };
          signedIn = { status: 'signedIn', credentials: { token, clientIdentifier }, profile };
          return {};
        },
      },
    });
    const endMs = clock.now() + lagMs;
    let problem: PlexAuthError | undefined;
    for (;;) {
      const beganMs = clock.now();
      const outcome = await ask(attempt, { request, isHinted: true, waitMs: turnMs });
      if (signedIn) return signedIn;
      if (outcome.status === 'failed') problem = outcome.error;
      // Where Plex throttles, the next turn may not come: that says nothing about the approval.
      else if (problem?.code !== 'PLEX_RATE_LIMITED') problem = undefined;
      const againMs = Math.max(beganMs + paceMs, clock.now());
      const isPassing =
        outcome.status === 'pending' || (outcome.status === 'failed' && outcome.error.retryable);
      if (!isPassing || againMs >= endMs) {
        // Too many others wanted to ask: that says nothing about the approval.
        if (outcome.status === 'pending' && !isAsked) return { status: 'failed', code: 'PLEX_UNAVAILABLE' };
        return { status: 'failed', code: toCode(outcome, problem) };
      }
      await new Promise<void>((resolve) => clock.setTimeout(resolve, againMs - clock.now()));
    }
  };
}

/** @param problem What keeps Plex from an answer. */
function toCode({ status }: AttemptOutcome, problem: PlexAuthError | undefined): PlexSignInCode {
  if (problem?.code === 'PLEX_NO_ACCESS') return 'PLEX_NO_ACCESS';
  if (problem && status !== 'gone') return problem.retryable ? 'PLEX_UNAVAILABLE' : 'PLEX_FAILED';
  // What has been used up answers as signed in, with nothing for this request.
  return status === 'pending' ? 'PLEX_NOT_APPROVED' : 'PLEX_EXPIRED';
}
