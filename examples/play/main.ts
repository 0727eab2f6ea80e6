/** `npm run play`: all examples on one page. `npm run play -- 8080` for a port of one's own. */
import { servePlay } from './serve-play.ts';

const { url, plex } = await servePlay({ port: Number(process.argv[2] ?? 0) });
console.log(`Examples: ${url}`);
console.log(`Emulator: ${plex.url}`);
