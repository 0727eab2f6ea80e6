/**
 * Stands where a server with the emulated plex.tv would be: hands each request for `emulator` and below `plex/` to the playground's
 * page, which holds the emulator in its memory. So the windows that a sign-in opens are answered too.
 */
const { scope } = self.registration;
const closed = 'The playground that this sign-in belongs to is closed. Open it again, and start anew.';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  if (event.data === 'claim') event.waitUntil(self.clients.claim());
});
self.addEventListener('fetch', (event) => {
  const path = event.request.url.startsWith(scope) ? event.request.url.slice(scope.length) : '';
  if (/^(emulator$|plex\/)/.test(path)) event.respondWith(answer(event));
});

async function answer({ request, clientId }) {
  const playground = await findPlayground(clientId);
  if (!playground) return new Response(closed, { status: 503 });
  const { url, method } = request;
  const body = await request.arrayBuffer();
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  playground.postMessage({ url, method, headers: [...request.headers], body }, [port2, body]);
  const reply = await answered;
  port1.close();
  return reply ? new Response(reply.status === 204 ? null : reply.body, reply) : Response.error();
}

/** The page that asks, or else, for the windows that it opened, the one that was used last. */
async function findPlayground(clientId) {
  const addresses = [scope, `${scope}index.html`];
  const isPlayground = (client) => addresses.includes(client?.url.replace(/[?#].*$/, ''));
  const asking = await self.clients.get(clientId);
  if (isPlayground(asking)) return asking;
  const windows = await self.clients.matchAll({ type: 'window' });
  return windows.find(isPlayground);
}
