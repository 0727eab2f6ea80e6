/**
 * Hono, with the tag in the page and a signed cookie as the session. The tag's script is made once:
 * `npx esbuild plex-auth-flow/element --bundle --minify --format=esm --outfile=element.js`
 */
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { sign, verify } from 'hono/jwt';
import { createPlexAuthServer } from 'plex-auth-flow/server';

const { SECRET = '', MACHINE_IDENTIFIER = '', PLEX_URL } = process.env;
const { BASE_URL = 'http://localhost:3000', PORT = '3000' } = process.env;
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
    const exp = Math.floor(Date.now() / 1000) + 7 * 24 * 3600;
    const session = await sign({ id: user.id, name: user.username, exp }, SECRET);
    return { headers: { 'Set-Cookie': `session=${session}; ${attributes}` } };
  },
  onSignOut: () => ({ headers: { 'Set-Cookie': `session=; Max-Age=0; ${attributes}` } }),
});

const findUser = (session = '') => verify(session, SECRET, 'HS256').catch(() => undefined);

const app = new Hono();
app.all('/auth/plex/*', ({ req }) => plex.handler(req.raw));
app.get('/element.js', serveStatic({ path: 'element.js' }));
app.get('/', async (context) => {
  const user = await findUser(getCookie(context, 'session'));
  return context.html(user ? showFilms(user['name']) : showSignIn());
});
const showFilms = (name: unknown) => html`<!doctype html><title>Cinema</title>
  <p>Signed in as ${name}</p>
  <form method="post" action="/auth/plex/sign-out"><button>Sign out</button></form>`;
const showSignIn = () => html`<!doctype html><title>Cinema</title>
  <script type="module" src="/element.js"></script>
  <script>addEventListener('authenticated', () => location.reload(), true)</script>
  <plex-sign-in backend-url="/auth/plex"></plex-sign-in>`;
serve({ fetch: app.fetch, port: Number(PORT) });
