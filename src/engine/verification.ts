import { isPlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import type { Wire } from '../ports.ts';
import type { Life } from './life.ts';
import type { PlexAuthVerification } from './plex-auth.ts';

/** What {@link createVerification} needs. */
export interface VerificationOptions {
  readonly wire: Wire;
  /** Its end aborts a request in flight. */
  readonly life: Life;
  /** The credentials that the chart holds now. */
  readonly heldCredentials: () => Credentials | undefined;
  /** Called when Plex has refused the credentials that are still held. */
  readonly reject: () => void;
}

/** Creates `verify`, which asks whose token it is. A call during a request shares its answer. */
export function createVerification(options: VerificationOptions): () => Promise<PlexAuthVerification> {
  const { wire, life, heldCredentials, reject } = options;
  let asked: { credentials: Credentials; answer: Promise<PlexAuthVerification> } | undefined;

  async function ask(credentials: Credentials): Promise<PlexAuthVerification> {
    try {
      const answer = await wire.getUser({ ...credentials, signal: life.signal });
      if (answer.status === 'rejected' && heldCredentials() === credentials) reject();
      return answer;
    } catch (error) {
      return isPlexAuthError(error) ? { status: 'unknown', error } : { status: 'unknown' };
    }
  }

  return () => {
    const credentials = heldCredentials();
    if (!credentials) return Promise.resolve({ status: 'unknown' });
    if (asked?.credentials === credentials) return asked.answer;
    const question = { credentials, answer: ask(credentials) };
    asked = question;
    void question.answer.finally(() => {
      if (asked === question) asked = undefined;
    });
    return question.answer;
  };
}
