/** `npm run play`: the playground and all examples. `npm run play -- 8080` chooses the port. */
import { servePlay } from './serve-play.ts';

const call = 'npm run play';
/** What the system says of a port that cannot be listened on. */
const refusals: Record<string, string> = {
  EADDRINUSE: 'is taken',
  EACCES: 'needs rights that this user does not have',
};

const [portText = '0'] = process.argv.slice(2);
const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Number.NaN;
if (!(port <= 65_535))
  end(`The port must be a number from 0 (any free one) to 65535, as in: ${call} -- 8080`);
try {
  const { url, plex, playgroundPlex } = await servePlay({ port });
  console.log(`Playground: ${url}`);
  console.log(`Its emulator: ${playgroundPlex.url}`);
  console.log(`The examples’ emulator: ${plex.url}`);
} catch (error) {
  const refusal = refusals[(error as NodeJS.ErrnoException).code ?? ''];
  if (refusal === undefined) throw error;
  const other = port < 1024 ? 8080 : (port % 65_535) + 1;
  end(`Port ${port} ${refusal}. Choose another one: ${call} -- ${other}. Or take any free one: ${call}`);
}

/** Ends the process at once: what has been served so far would keep it running. */
function end(message: string): never {
  console.error(message);
  process.exit(1);
}
