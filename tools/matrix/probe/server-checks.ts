/** The server's end, the tag as HTML, and the imports of what runs without Node. */
import { PlexAuthError, Secret } from 'plex-auth-flow';
import { createPlexInspector } from 'plex-auth-flow/inspect';
import { createPlexAuthServer } from 'plex-auth-flow/server';
import { createPlexEmulator } from 'plex-auth-flow/testing';
import { expectEqual, expectThat, type ProbeCheck } from './probe-check.ts';

/** Loads a subpath and compares what it exports. */
export function importCheck(name: string, load: () => Promise<object>, exported: string): ProbeCheck {
  return {
    subject: 'imports',
    check: `imports ${name}`,
    async run() {
      expectThat(exported in (await load()), `it does not export ${exported}`);
    },
  };
}

const importChecks = [
  importCheck('plex-auth-flow', () => import('plex-auth-flow'), 'signIn'),
  importCheck('plex-auth-flow/machine', () => import('plex-auth-flow/machine'), 'pinAuthMachine'),
  importCheck('plex-auth-flow/client', () => import('plex-auth-flow/client'), 'createPlexClient'),
  importCheck('plex-auth-flow/adapters', () => import('plex-auth-flow/adapters'), 'toReadable'),
  importCheck('plex-auth-flow/browser', () => import('plex-auth-flow/browser'), 'createBrowserPlexAuth'),
  importCheck('plex-auth-flow/server', () => import('plex-auth-flow/server'), 'createPlexAuthServer'),
  importCheck('plex-auth-flow/element', () => import('plex-auth-flow/element'), 'PlexSignIn'),
  importCheck('plex-auth-flow/element/class', () => import('plex-auth-flow/element/class'), 'PlexSignIn'),
  importCheck('plex-auth-flow/element/define', () => import('plex-auth-flow/element/define'), 'PlexSignIn'),
  importCheck('plex-auth-flow/element/react', () => import('plex-auth-flow/element/react'), 'PlexSignIn'),
  importCheck('plex-auth-flow/element/preact', () => import('plex-auth-flow/element/preact'), 'PlexSignIn'),
  importCheck('plex-auth-flow/element/solid', () => import('plex-auth-flow/element/solid'), 'PlexSignIn'),
  importCheck('plex-auth-flow/inspect', () => import('plex-auth-flow/inspect'), 'createPlexInspector'),
  importCheck('plex-auth-flow/testing', () => import('plex-auth-flow/testing'), 'drivePlexAuth'),
];

/** @returns What happened on the way, in words. */
async function signInOnServer(): Promise<string> {
  const emulator = createPlexEmulator({ people: ['olga', 'ada'] });
  const { handler } = createPlexAuthServer({
    product: 'Probe',
    secret: ['of the probe: 32 bytes or more, please', 'an older one of 32 bytes, for the rotation'],
    baseURL: 'https://app.example',
    fetch: emulator.fetch,
    onSignIn: ({ user }) => ({
      headers: [
        ['Set-Cookie', `session=${user.username}; Path=/`],
        ['Set-Cookie', 'theme=dark'],
      ],
    }),
  });
  const ask = (path: string, init?: RequestInit) =>
    handler(new Request(`https://app.example/auth/plex${path}`, init));
  const begun = await ask('/attempt', { method: 'POST' });
  const { code } = (await begun.json()) as { code: string };
  const Cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const stream = await ask('/attempt', { headers: { Accept: 'text/event-stream', Cookie } });
  emulator.approve(code, { as: 'ada' });
  const text = await stream.text();
  const { ticket = '' } = JSON.parse(text.trim().split('data: ').at(-1) ?? '{}') as { ticket?: string };
  const ended = await ask('/session', { headers: { Cookie, 'Plex-Auth-Ticket': ticket } });
  // The attempt's own cookie stays for a moment, sealed anew.
  const names = ended.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0]?.replace(/(attempt)=.+/, '$1'));
  const forged = await ask('/callback', { headers: { Cookie: `${Cookie.slice(0, -6)}AAAAAA` } });
  return [begun.status, ended.status, ...names, forged.status].join(' ');
}

export const serverChecks: readonly ProbeCheck[] = [
  ...importChecks,
  {
    subject: 'server',
    check: "ends a sign-in in an app's own session",
    run: async () =>
      expectEqual(await signInOnServer(), '201 200 session=ada theme=dark __Host-plex-auth-attempt 200'),
  },
  {
    subject: 'server',
    check: 'writes the tag as HTML without a DOM',
    async run() {
      const { renderPlexSignIn } = await import('plex-auth-flow/element/class');
      for (const look of ['card', 'button', 'tv'] as const) {
        const html = await renderPlexSignIn({ product: 'Probe', look, lang: 'de' });
        expectThat(html.includes('shadowrootmode="open"'), `${look}: ${html.slice(0, 200)}`);
      }
    },
  },
  {
    subject: 'server',
    check: 'serves the live view, or says why it cannot',
    async run() {
      const complaints: string[] = [];
      const inspector = createPlexInspector({ onUnavailable: (message) => complaints.push(message) });
      const url = await inspector.url;
      await inspector.stop();
      expectThat(url ? complaints.length === 0 : complaints.length === 1, complaints.join());
    },
  },
  {
    subject: 'server',
    check: 'makes errors and secrets that say nothing secret',
    run() {
      const error = new PlexAuthError('PLEX_NETWORK', 'no answer', { atMs: 1, retryable: true });
      expectEqual([error instanceof Error, error.name, error.retryable], [true, 'PlexAuthError', true]);
      expectEqual({ secret: new Secret('abc') }, { secret: '[redacted]' });
    },
  },
];
