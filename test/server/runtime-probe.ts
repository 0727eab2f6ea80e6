/** A whole sign-in on the server, for every runtime: it knows none of them. */
import { createPlexAuthServer } from 'plex-auth-flow/server';
import { createPlexEmulator } from 'plex-auth-flow/testing';

/** @returns What happened, in words. */
export async function probe(): Promise<string> {
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
