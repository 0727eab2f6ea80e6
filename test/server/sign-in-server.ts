/** An application's server with the emulated plex.tv, and browsers that keep its cookies. */
import type { PlexAuthServerOptions } from '../../src/server/index.ts';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { createPlexEmulator, createVirtualTime, type PlexEmulatorOptions } from '../../src/testing/index.ts';

export const origin = 'https://app.example';
export const secret = 'a secret of the tests, which has 32 bytes or more';

/** Makes an application whose session is a cookie with the user's id. */
export function createApplication(
  options: Partial<PlexAuthServerOptions> = {},
  emulatorOptions: PlexEmulatorOptions = {},
) {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock, ...emulatorOptions });
  const errors: unknown[] = [];
  const signIns: Parameters<PlexAuthServerOptions['onSignIn']>[0][] = [];
  const settings: PlexAuthServerOptions = {
    product: 'Cinema',
    secret,
    baseURL: `${origin}/auth/plex`,
    fetch: emulator.fetch,
    clock: time.clock,
    onError: (error) => errors.push(error),
    onSignIn(signIn) {
      signIns.push(signIn);
      return { headers: { 'Set-Cookie': `session=${signIn.user.id}; Path=/` } };
    },
    ...options,
  };
  const server = createPlexAuthServer(settings);
  return {
    time,
    emulator,
    server,
    settings,
    signIns,
    errors,
    openBrowser: () => openBrowser(server.handler),
  };
}

export type Application = ReturnType<typeof createApplication>;
export type Browser = ReturnType<typeof openBrowser>;

/** What a browser sends with a request of the application's own page. */
const ownPage = { 'Sec-Fetch-Site': 'same-origin' };

/** A browser with a cookie jar of its own, at the application's pages. */
export function openBrowser(handler: (request: Request) => Promise<Response>) {
  const jar = new Map<string, string>();

  async function ask(path: string, { method = 'GET', headers = {} as Record<string, string> } = {}) {
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await handler(
      new Request(`${origin}/auth/plex${path}`, {
        method,
        headers: { ...ownPage, ...(cookies && { Cookie: cookies }), ...headers },
      }),
    );
    for (const cookie of response.headers.getSetCookie()) keep(cookie);
    return response;
  }

  function keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    if (attributes.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, pair.slice(name.length + 1));
  }

  return {
    jar,
    ask,
    /** Comes back from Plex. */
    comeBack: (path = '/callback') => ask(path, { headers: { 'Sec-Fetch-Site': 'cross-site' } }),
    /** Begins as a page does that has made its PIN at Plex itself. */
    async begin({ emulator, server }: Pick<Application, 'emulator' | 'server'>, query = '', strong = true) {
      const clientIdentifier = await server.clientIdentifier();
      const made = await emulator.fetch(`https://clients.plex.tv/api/v2/pins?strong=${strong}`, {
        method: 'POST',
        headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': clientIdentifier },
      });
      const { id, code } = (await made.json()) as { id: number; code: string };
      const response = await ask(`/attempt${query}`, { method: 'POST', headers: handOver(id, code) });
      return { pinID: id, code, response };
    },
  };
}

/** The cookies of the application itself: for a moment the browser keeps what it needs to know that its attempt has ended. */
export function cookiesOfApp({ jar }: Pick<Browser, 'jar'>): string[] {
  return [...jar.keys()].filter((name) => !name.endsWith('plex-auth-attempt'));
}

/** The header that hands a PIN over. */
export function handOver(pinID: unknown, code: unknown, expiresInMs: unknown = 1_800_000) {
  return { 'Plex-Auth-Pin': btoa(JSON.stringify({ pinID, code, expiresInMs })) };
}
