/** An app around it, here on Hono. */
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { getMigrations } from 'better-auth/db/migration';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { auth } from './auth.ts';

await (await getMigrations(auth.options)).runMigrations();

const app = new Hono();
app.all('/api/auth/*', ({ req }) => auth.handler(req.raw));
app.get('/client.js', serveStatic({ path: 'client.js' }));
app.get('/', async (context) => {
  const session = await auth.api.getSession({ headers: context.req.raw.headers });
  const isRefused = context.req.query('error') === 'plex_no_access';
  return context.html(html`<!doctype html><title>Cinema</title>
    ${session && html`<p>Signed in as ${session.user.name}</p><button id="out">Sign out</button>`}
    ${isRefused && html`<p>This Plex account may not use the server. Sign in with another one.</p>`}
    ${!session && html`<button id="in">Sign in with Plex</button>`}
    <script type="module">
      import { client, signIn } from '/client.js';
      document.querySelector('#in')?.addEventListener('click', signIn);
      document.querySelector('#out')?.addEventListener('click', () => client.signOut().then(() => location.reload()));
    </script>`);
});
serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 3000) });
