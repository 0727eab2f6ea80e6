/** `npm run play`: the playground and all examples. `npm run play -- 8080` chooses the port. */
import { isRefusedPort } from '../../src/cli/commands/refused-ports.ts';
import { servePlay } from './serve-play.ts';

const port = Number(process.argv[2] ?? 0);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  stop(`${process.argv[2]} is no port: give a number from 0 (any free one) to 65535`, 2);
}
if (isRefusedPort(port)) stop(`Browsers refuse port ${port}. For any free one: npm run play`, 2);

try {
  const { url, plex, playgroundPlex } = await servePlay({ port });
  console.log(`Playground: ${url}`);
  console.log(`Its emulator: ${playgroundPlex.url}`);
  console.log(`Emulator of the examples: ${plex.url}`);
} catch (error) {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen') throw error;
  const problem = { EADDRINUSE: 'is taken', EACCES: 'needs more rights' }[code ?? ''] ?? 'cannot be used';
  stop(`Port ${port} ${problem} (${code}). For any free one: npm run play`, 1);
}

function stop(message: string, exitCode: number): never {
  console.error(message);
  process.exit(exitCode);
}
