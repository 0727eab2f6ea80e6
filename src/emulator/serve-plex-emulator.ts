import type { AddressInfo, Socket } from 'node:net';
import { copyOptions, requireInteger, requireMethods } from '../require-option.ts';
import { withFormOfGET } from './form-of-get.ts';
import { createPlexEmulator, type PlexEmulator } from './plex-emulator.ts';

/** What is served, and where. Everything is optional. */
export interface ServePlexEmulatorOptions {
  /** Default: a new one, on the machine's clock. */
  emulator?: PlexEmulator;
  /** An integer from 0 to 65535. Default: 0, any free one. */
  port?: number;
}

/** An emulator that listens on a port. */
export interface ServedPlexEmulator {
  /** Such as `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  readonly emulator: PlexEmulator;
  /** Stops listening and closes every open connection at once, hanging ones too. */
  close: () => Promise<void>;
}

/**
 * Serves an emulated plex.tv to real clients and browsers, on this machine only (127.0.0.1). Needs Node.
 *
 * A request body of more than 100,000 bytes is answered with 413, and its rest is not read.
 *
 * @throws {TypeError} For a port out of its range.
 * @throws {Error} Node's own, such as `EADDRINUSE`.
 */
export async function servePlexEmulator(options: ServePlexEmulatorOptions = {}): Promise<ServedPlexEmulator> {
  const { emulator = createPlexEmulator(), port = 0 } = copyOptions(options);
  requireInteger('port', port, 0, 65_535);
  requireMethods('emulator', emulator, ['handle']);
  const { createAdaptorServer, RESPONSE_ALREADY_SENT } = await import('#emulator-server');
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    async fetch(request, { incoming, outgoing }) {
      try {
        const whole = await withFormOfGET(request, incoming);
        if (!whole) return new Response(null, { status: 413, headers: { Connection: 'close' } });
        return breakConnectionWithBody(await emulator.handle(whole), outgoing);
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

/** Breaks the connection where the body breaks, once the part before it is sent. An error of the stream would overtake it. */
function breakConnectionWithBody(response: Response, outgoing: { socket: Socket | null }): Response {
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
