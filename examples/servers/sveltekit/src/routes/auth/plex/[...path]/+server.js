// Imported at the first request: `vite build` runs this file too, and need not know the settings.
const handler = async ({ request }) => (await import('../../../../plex.js')).plex.handler(request);

export { handler as DELETE, handler as GET, handler as POST };
