import type { PlexUser } from '../user.ts';
import { createSealedBox } from './sealed-box.ts';
import type { ServerSettings } from './server-options.ts';

/** One try of one browser to sign in. It travels in the browser's cookie; the server keeps nothing of it. */
export interface Attempt {
  /** Random. Names the attempt where the server remembers that it is used up. */
  readonly id: string;
  readonly pinID: number;
  readonly code: string;
  readonly expiresAtMs: number;
  /** Where the user goes afterwards: a path of the application. */
  readonly returnTo: string;
  /** Who has signed in by it. It redeems nothing any more. */
  readonly endedAs?: PlexUser | undefined;
}

/** Reads and writes the cookie that holds a browser's attempts. */
export interface AttemptCookie {
  /** The attempts that the browser sent, newest first, without those that have ended. */
  read(request: Request): Promise<readonly Attempt[]>;
  /** @returns The `Set-Cookie` that holds these attempts and no others. */
  write(attempts: readonly Attempt[]): Promise<string>;
}

/** Two tabs without JavaScript may each begin one. A cookie has room for this many. */
const mostAttempts = 3;

/** Browsers drop a cookie of more than 4096 characters, name and attributes included. */
const mostCookieCharacters = 3900;

/** Makes the {@link AttemptCookie} of one server. */
export function createAttemptCookie(settings: ServerSettings): AttemptCookie {
  const { clock, mountURL, secrets } = settings;
  const isSecure = mountURL.protocol === 'https:';
  // Only a page of this very host over https can set a cookie of this prefix, so that no sister domain can plant one.
  const name = `${isSecure ? '__Host-' : ''}plex-auth-attempt`;
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  const box = createSealedBox({ secrets, clock, purpose: 'attempt', audience: mountURL.href });
  return {
    async read(request) {
      for (const value of cookiesOf(request, name)) {
        const record = await box.open(value);
        if (record)
          return toAttempts(record['attempts']).filter(({ expiresAtMs }) => expiresAtMs > clock.now());
      }
      return [];
    },
    async write(attempts) {
      let kept = attempts.slice(0, mostAttempts);
      if (kept.length === 0) return `${name}=; Max-Age=0; ${attributes}`;
      const endMs = Math.max(...kept.map(({ expiresAtMs }) => expiresAtMs));
      const maxAge = Math.max(1, Math.ceil((endMs - clock.now()) / 1000));
      let sealed = await box.seal({ attempts: kept }, endMs);
      while (sealed.length > mostCookieCharacters && kept.length > 1) {
        kept = kept.slice(0, -1);
        sealed = await box.seal({ attempts: kept }, endMs);
      }
      return `${name}=${sealed}; Max-Age=${maxAge}; ${attributes}`;
    },
  };
}

/** The values of all cookies of one name. */
function cookiesOf(request: Request, name: string): string[] {
  const all = (request.headers.get('Cookie') ?? '').split(/;\s*/);
  return all.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}

/** What opens was sealed by this server, or by another version of it. */
function toAttempts(value: unknown): readonly Attempt[] {
  return Array.isArray(value) ? value.filter(isAttempt) : [];
}

function isAttempt(value: unknown): value is Attempt {
  const { id, pinID, code, expiresAtMs, returnTo } = Object(value) as Partial<Attempt>;
  const areTexts = [id, code, returnTo].every((text) => typeof text === 'string');
  return areTexts && [pinID, expiresAtMs].every(Number.isFinite);
}
