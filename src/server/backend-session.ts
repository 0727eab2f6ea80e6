import type { Clock } from '../ports.ts';
import { Secret } from '../secret.ts';
import type { PlexUser, UserAnswer } from '../user.ts';
import { toSessionUser } from './backend-answers.ts';
import type { AskBackend } from './backend-calls.ts';
import { paths, type SessionAnswer } from './protocol.ts';

/** Who is signed in, as the server says. `undefined`: the application does not say whose session it is. */
type SessionUser = SessionAnswer['user'] | undefined;

/**
 * The application's session, as one page knows it.
 *
 * The engine holds a token. Here it is a name that the page makes up for the session: it opens nothing, and never leaves
 * the page. Each session has another one, since an engine takes no token again that it was asked to forget.
 */
export interface BackendSession {
  /** Notes that this user is signed in. @returns The session's name. */
  begin(user: PlexUser): Secret;
  /** Notes that nobody is signed in. */
  end(): void;
  userOf(token: Secret): PlexUser | undefined;
  /** Asks who is signed in. @returns The name of the session; undefined where nobody is, or the server does not say. */
  find(): Promise<Secret | undefined>;
  /** Asks whether a session goes on. @throws {PlexAuthError} */
  verify(token: Secret): Promise<UserAnswer>;
  /** Whether the server says that nobody is signed in. @throws {PlexAuthError} */
  isOver(): Promise<boolean>;
  /** Notes that what was answered so far may be over: the next question goes to the server. */
  outdate(): void;
  /** Asks no more until the given work has ended, during which the answer would be of no use. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** For how long an answer counts, in milliseconds: an engine that takes up a session asks several times in a row. */
const freshMs = 100;

/** Makes the {@link BackendSession} of one page. @param onUser Called when what is known of a user has changed. */
export function createBackendSession(ask: AskBackend, clock: Clock, onUser: () => void): BackendSession {
  const names = createSessionNames(onUser);
  let asking: Promise<SessionUser> | undefined;
  let latest: { atMs: number; user: SessionUser } | undefined;
  let ending = 0;
  /** How often a session has begun or ended here: an answer to a question from before says nothing of what is now. */
  let changes = 0;

  function note(user: SessionUser): void {
    // An application that does not say it once is not asked again.
    if (latest && latest.user === undefined) return;
    latest = { atMs: clock.now(), user };
  }

  /** Without a signal: several may wait for one answer, and it has its time limit. */
  async function askServer(): Promise<SessionUser> {
    const before = changes;
    const user = toSessionUser(await ask('GET', paths.session, {}));
    if (changes === before) note(user);
    if (latest?.user === null) names.end();
    return latest?.user;
  }

  async function whose(): Promise<SessionUser> {
    if (latest && latest.user === undefined) return undefined;
    if (latest && clock.now() - latest.atMs < freshMs) return latest.user;
    asking ??= askServer().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  return {
    begin(user) {
      changes += 1;
      note(user);
      return names.begin(user);
    },
    end() {
      changes += 1;
      note(null);
      names.end();
    },
    outdate() {
      if (latest) latest.atMs = -Infinity;
    },
    userOf: names.userOf,
    async find() {
      const user = ending > 0 ? null : await whose();
      return user ? names.begin(user) : undefined;
    },
    async verify(token) {
      const known = names.userOf(token);
      const user = await whose();
      // Another one's session, or a later one, is not this one.
      const isOther = user !== undefined && (!user || names.begin(user).reveal() !== token.reveal());
      return known && !isOther ? { status: 'valid', user: user ?? known } : { status: 'rejected' };
    },
    isOver: async () => (await whose()) === null,
    async during(work) {
      ending += 1;
      try {
        return await work;
      } finally {
        ending -= 1;
      }
    },
  };
}

/** Names the sessions of one page, and remembers whose they are. */
function createSessionNames(onUser: () => void) {
  const users = new Map<string, PlexUser>();
  let current: string | undefined;
  let count = 0;
  return {
    /** @returns The name of the present session: another one once it is another user's, or has ended meanwhile. */
    begin(user: PlexUser): Secret {
      const isSame = current !== undefined && users.get(current)?.id === user.id;
      const name = isSame && current ? current : `session-${++count}`;
      const isNews = JSON.stringify(users.get(name)) !== JSON.stringify(user);
      current = name;
      if (isNews) users.set(name, user);
      if (isNews) onUser();
      return new Secret(name);
    },
    end() {
      current = undefined;
    },
    userOf: (token: Secret) => users.get(token.reveal()),
  };
}
