/** Express 5, with a form that needs no JavaScript and sessions in memory: put your own store in place of the map. */
import { randomUUID } from 'node:crypto';
import express, { type Request } from 'express';
import { createPlexAuthServer, type PlexUser, toNodeListener } from 'plex-auth-flow/server';

const { SECRET = '', MACHINE_IDENTIFIER = '', PLEX_URL } = process.env;
const { BASE_URL = 'http://localhost:3000', PORT = '3000' } = process.env;
if (!MACHINE_IDENTIFIER) throw new Error('Set MACHINE_IDENTIFIER: your media server shows it at /identity');
const attributes = `Path=/; HttpOnly; SameSite=Lax${BASE_URL.startsWith('https:') ? '; Secure' : ''}`;
const sessions = new Map<string, PlexUser>();
const sessionOf = (cookie = '') => /(?:^|; )session=([\w-]+)/.exec(cookie)?.[1] ?? '';

const plex = createPlexAuthServer({
  product: 'Cinema',
  baseURL: BASE_URL,
  secret: SECRET,
  access: { machineIdentifier: MACHINE_IDENTIFIER },
  // For the emulator; without PLEX_URL it is plex.tv.
  ...(PLEX_URL && { serverURL: PLEX_URL, authAppURL: `${PLEX_URL}/auth`, linkURL: `${PLEX_URL}/link` }),
  onSignIn({ user }) {
    const id = randomUUID();
    sessions.set(id, user);
    return { headers: { 'Set-Cookie': `session=${id}; ${attributes}` } };
  },
  onSignOut({ headers }) {
    sessions.delete(sessionOf(headers.get('Cookie') ?? ''));
    return { headers: { 'Set-Cookie': `session=; Max-Age=0; ${attributes}` } };
  },
});

const form = (path: string, label: string) =>
  `<form method="post" action="/auth/plex/${path}"><button>${label}</button></form>`;
const escapeHTML = (text: string) => text.replace(/[&<]/g, (character) => `&#${character.charCodeAt(0)};`);

const app = express();
app.use('/auth/plex', toNodeListener(plex.handler));
app.get('/', ({ headers }: Request, response) => {
  const user = sessions.get(sessionOf(headers.cookie));
  const signedIn = user && `<p>Signed in as ${escapeHTML(user.username)}</p>${form('sign-out', 'Sign out')}`;
  response.send(
    `<!doctype html><title>Cinema</title>${signedIn ?? form('begin?returnTo=/', 'Sign in with Plex')}`,
  );
});
app.listen(Number(PORT));
