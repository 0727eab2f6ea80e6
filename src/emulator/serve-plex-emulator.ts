import type { AddressInfo, Socket } from 'node:net';
import { toShown } from './emulator-options.ts';
import { createPlexEmulator, type PlexEmulator } from './plex-emulator.ts';

/** What {@link servePlexEmulator} takes. */
export interface ServePlexEmulatorOptions {
  /** Default: a new one, by the machine's clock. */
  emulator?: PlexEmulator;
  /** From 0 to 65535. Default: 0, any free one. */
  port?: number;
}

/** An emulator that listens. */
export interface ServedPlexEmulator {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly emulator: PlexEmulator;
  /** Stops listening and ends every open connection at once, hanging ones too. */
  close(): Promise<void>;
}

/**
 * Serves an emulated plex.tv to real clients and browsers, on this machine only (127.0.0.1). Needs Node.
 *
 * @throws {TypeError} For a port out of its range.
 * @throws {Error} Node's own, such as `EADDRINUSE`.
 */
export async function servePlexEmulator(options: ServePlexEmulatorOptions = {}): Promise<ServedPlexEmulator> {
  const { emulator = createPlexEmulator(), port = 0 } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new TypeError(`servePlexEmulator: port must be an integer from 0 to 65535, not ${toShown(port)}`);
  }
  if (typeof emulator?.handle !== 'function') {
    throw new TypeError('servePlexEmulator: emulator must be one that createPlexEmulator made');
  }
  const { createAdaptorServer, RESPONSE_ALREADY_SENT } = await importServer();
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    async fetch(request, { outgoing }) {
      try {
        return breakTogether(await emulator.handle(request), outgoing);
      } catch {
        outgoing.destroy();
        return RESPONSE_ALREADY_SENT;
      }
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    emulator,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

/** Lets the connection break where the body does, once the part before has left; a plain error would overtake it. */
function breakTogether(response: Response, outgoing: { socket: Socket | null }): Response {
  if (!response.headers.has('Transfer-Encoding')) return response;
  const reader = response.body?.getReader();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await reader?.read().catch(() => undefined);
      if (part?.value) controller.enqueue(part.value);
      else outgoing.socket?.destroySoon();
    },
    cancel: (reason) => reader?.cancel(reason),
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Loads what only Node has when it is needed; by a name that no bundler for browsers follows. */
async function importServer() {
  const server = '@hono/node-server';
  const response = '@hono/node-server/utils/response';
  const [{ createAdaptorServer }, { RESPONSE_ALREADY_SENT }] = await Promise.all([
    import(/* @vite-ignore */ server) as Promise<typeof import('@hono/node-server')>,
    import(/* @vite-ignore */ response) as Promise<typeof import('@hono/node-server/utils/response')>,
  ]);
  return { createAdaptorServer, RESPONSE_ALREADY_SENT };
}
