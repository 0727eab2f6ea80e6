/** An application on better-auth with the emulated plex.tv, and browsers that keep its cookies. */
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getMigrations } from 'better-auth/db/migration';
import { SqliteDialect, type SqliteDialectConfig } from 'kysely';
import Database from 'libsql';
import { type PlexAuthPluginOptions, plexAuth } from '../../src/better-auth/index.ts';
import { createPlexEmulator, createVirtualTime, type PlexEmulatorOptions } from '../../src/testing/index.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';

export const origin = 'https://app.example';
export const secret = 'a secret of the tests, which has 32 bytes or more';
export const machineIdentifier = 'cinema-server';

/** Kim is a managed user, without an e-mail address. */
const world: PlexEmulatorOptions = {
  people: ['olga', 'ada', 'bob', { name: 'kim', homeOf: 'olga', isManaged: true }],
  servers: [{ name: 'Cinema', machineIdentifier, owner: 'olga', sharedWith: ['ada'] }],
};

/** Where better-auth stores, by name. */
export const databases = {
  memory: () => memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  SQLite: () => {
    const database = new Database(':memory:') as unknown as SqliteDialectConfig['database'];
    return { dialect: new SqliteDialect({ database }), type: 'sqlite' as const };
  },
};

export interface AppOptions {
  plex?: PlexAuthPluginOptions;
  emulator?: PlexEmulatorOptions;
  auth?: BetterAuthOptions;
  database?: keyof typeof databases;
}

/** Makes an application that signs in with Plex, and with e-mail and password. */
export async function createApp({
  plex = {},
  emulator: emulatorOptions,
  auth: authOptions,
  database = 'memory',
}: AppOptions = {}) {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock, ...world, ...emulatorOptions });
  const logged: unknown[][] = [];
  const auth = betterAuth({
    appName: 'Cinema',
    baseURL: origin,
    secret,
    database: databases[database](),
    emailAndPassword: { enabled: true },
    advanced: { disableOriginCheck: false },
    onAPIError: { errorURL: `${origin}/problem` },
    logger: { level: 'debug', log: (...line) => logged.push(line) },
    ...authOptions,
    plugins: [
      plexAuth({ fetch: emulator.fetch, clock: time.clock, ...plex }),
      ...(authOptions?.plugins ?? []),
    ],
  });
  if (database === 'SQLite') await (await getMigrations(auth.options)).runMigrations();
  const context = await auth.$context;
  return {
    ...{ time, emulator, auth, logged, context },
    openBrowser: () => openBrowser(auth.handler),
  };
}

export type App = Awaited<ReturnType<typeof createApp>>;
export type Browser = ReturnType<typeof openBrowser>;

/** A browser with a cookie jar of its own, at the application's pages. */
export function openBrowser(handler: (request: Request) => Promise<Response>) {
  const jar = new Map<string, string>();
  /** All that the browser has ever got: addresses, headers, bodies. */
  const seen: string[] = [];

  async function visit(address: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await handler(new Request(address, { ...init, headers }));
    for (const cookie of response.headers.getSetCookie()) keep(cookie);
    seen.push(JSON.stringify([...response.headers]), await response.clone().text());
    return response;
  }

  function keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    if (attributes.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, pair.slice(name.length + 1));
  }

  const post = (path: string, body: object = {}) =>
    visit(`${origin}/api/auth${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body: JSON.stringify(body),
    });

  return {
    jar,
    seen,
    visit,
    post,
    get: (path: string) => visit(`${origin}/api/auth${path}`),
    /** Begins a sign-in, or with `/link-social` a link. */
    async begin(path = '/sign-in/social', more: object = {}) {
      const response = await post(path, { provider: 'plex', callbackURL: '/films', ...more });
      const { url } = (await response.clone().json()) as { url: string };
      return { response, ...readConsent(url) };
    },
    /** The user of the session, if there is one. */
    async findUser() {
      const session = (await (await visit(`${origin}/api/auth/get-session`)).json()) as {
        user: { id: string; email: string; name: string; emailVerified: boolean; image: string };
      } | null;
      return session?.user;
    },
  };
}

/** What the consent page is told by its address. */
export function readConsent(url: string | undefined) {
  const parameters = new URLSearchParams(new URL(url ?? 'https://app.plex.tv').hash.slice(2));
  return {
    url,
    code: parameters.get('code') ?? '',
    forwardURL: parameters.get('forwardUrl') ?? '',
    clientID: parameters.get('clientID') ?? '',
    product: parameters.get('context[device][product]'),
  };
}

/** Signs a person in in a browser, by request after request. */
export async function signInAs(app: App, as: string, browser: Browser = app.openBrowser(), path?: string) {
  const { code, forwardURL, clientID } = await browser.begin(path);
  const token = app.emulator.approve(code, { as });
  const response = await whileTimePasses(app, browser.visit(forwardURL));
  return { browser, response, token, forwardURL, clientID, location: response.headers.get('Location') };
}
