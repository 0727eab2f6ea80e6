/** Fastify 5, with a form that needs no JavaScript and a signed cookie as the session. */
import { fastify } from 'fastify';
import { jwtVerify, SignJWT } from 'jose';
import { createPlexAuthServer, toNodeListener } from 'plex-auth-flow/server';

const { SECRET = '', MACHINE_IDENTIFIER = '', PLEX_URL } = process.env;
const { BASE_URL = 'http://localhost:3000', PORT = '3000' } = process.env;
const key = new TextEncoder().encode(SECRET);
if (!MACHINE_IDENTIFIER) throw new Error('Set MACHINE_IDENTIFIER: your media server shows it at /identity');
const attributes = `Path=/; HttpOnly; SameSite=Lax${BASE_URL.startsWith('https:') ? '; Secure' : ''}`;

const plex = createPlexAuthServer({
  product: 'Cinema',
  baseURL: BASE_URL,
  secret: SECRET,
  access: { machineIdentifier: MACHINE_IDENTIFIER },
  // For the emulator; without PLEX_URL it is plex.tv.
  ...(PLEX_URL && { serverURL: PLEX_URL, authAppURL: `${PLEX_URL}/auth`, linkURL: `${PLEX_URL}/link` }),
  async onSignIn({ user }) {
    const claims = new SignJWT({ id: user.id, name: user.username }).setProtectedHeader({ alg: 'HS256' });
    const session = await claims.setExpirationTime('7d').sign(key);
    return { headers: { 'Set-Cookie': `session=${session}; ${attributes}` } };
  },
  onSignOut: () => ({ headers: { 'Set-Cookie': `session=; Max-Age=0; ${attributes}` } }),
});

async function findName(cookie = '') {
  const session = /(?:^|; )session=([^;]+)/.exec(cookie)?.[1] ?? '';
  const verified = await jwtVerify<{ name: string }>(session, key).catch(() => undefined);
  return verified?.payload.name;
}
const form = (path: string, label: string) =>
  `<form method="post" action="/auth/plex/${path}"><button>${label}</button></form>`;
const escapeHTML = (text: string) => text.replace(/[&<]/g, (character) => `&#${character.charCodeAt(0)};`);

const app = fastify();
// Fastify refuses the content type of a form unless something reads it; no request of a sign-in has a body.
app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _body, done) => done(null));
const answer = toNodeListener(plex.handler);
app.all('/auth/plex/*', (request, reply) => answer(request.raw, reply.hijack().raw));
app.get('/', async ({ headers }, reply) => {
  const name = await findName(headers.cookie);
  const signedIn = name && `<p>Signed in as ${escapeHTML(name)}</p>${form('sign-out', 'Sign out')}`;
  const body = signedIn ?? form('begin?returnTo=/', 'Sign in with Plex');
  return reply.type('text/html').send(`<!doctype html><title>Cinema</title>${body}`);
});
await app.listen({ port: Number(PORT) });
