/** `npm run play`: the playground and all examples. `npm run play -- 8080` chooses the port. */
import { servePlay } from './serve-play.ts';

const port = Number(process.argv[2] ?? 0);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  stop(`${process.argv[2]} is no port: give a number from 0 (any free one) to 65535`, 2);
}

try {
  const { url, plex, playgroundPlex } = await servePlay({ port });
  console.log(`Playground: ${url}`);
  console.log(`Its emulator: ${playgroundPlex.url}`);
  console.log(`Emulator of the examples: ${plex.url}`);
} catch (error) {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen') throw error;
  const problem = { EADDRINUSE: 'is taken', EACCES: 'needs more rights' }[code ?? ''] ?? 'cannot be used';
  const choice = 'choose another one, as in "npm run play -- 8080", or 0 for any free one';
  stop(`Port ${port} ${problem} (${code}): ${choice}`, 1);
}

function stop(message: string, exitCode: number): never {
  console.error(message);
  process.exit(exitCode);
}
