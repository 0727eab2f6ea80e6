/** `npm run play`: the playground and all examples. `npm run play -- 8080` chooses the port. */
import { servePlay } from './serve-play.ts';

const { url, plex, playgroundPlex } = await servePlay({ port: Number(process.argv[2] ?? 0) });
console.log(`Playground: ${url}`);
console.log(`Its emulator: ${playgroundPlex.url}`);
console.log(`The examples’ emulator: ${plex.url}`);
