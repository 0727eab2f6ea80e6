import { answerCommand, createEmulatorControls } from '../emulator-controls.ts';

/** A request as the service worker hands it over. */
interface RelayedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: ArrayBuffer;
}

/**
 * Makes an emulated plex.tv in this page's memory. A service worker answers from it what is asked for at `emulator` and below `plex/`,
 * whether this page asks, or a window that it opened.
 *
 * @returns Whether requests are answered from now on: there are browsers, and windows, without service workers.
 */
export async function startEmulatorInPage(): Promise<boolean> {
  const controls = createEmulatorControls();
  const plexPath = new URL('plex', location.href).pathname;
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!workers) return false;

  async function answer({ url, method, headers, body }: RelayedRequest): Promise<Response> {
    const { pathname, search } = new URL(url);
    const isPlex = pathname.startsWith(`${plexPath}/`);
    const address = isPlex ? location.origin + pathname.slice(plexPath.length) + search : url;
    const request = new Request(address, { method, ...(body.byteLength > 0 && { body }) });
    // A page may not name its origin itself, so it puts its own headers in place of the request's.
    const own = new Headers([...headers, ['Origin', location.origin]]);
    Object.defineProperty(request, 'headers', { value: own });
    return isPlex ? controls.emulator.handle(request) : answerCommand(controls, request);
  }

  workers.addEventListener('message', async ({ data, ports: [port] }) => {
    try {
      const response = await answer(data as RelayedRequest);
      const body = await readBody(response, plexPath);
      port?.postMessage({ status: response.status, headers: [...response.headers], body }, [body]);
    } catch {
      // The emulator breaks the connection.
      port?.postMessage(undefined);
    }
  });
  workers.startMessages();
  await workers.register('service-worker.js');
  if (workers.controller) return true;
  const claimed = new Promise((resolve) => {
    workers.addEventListener('controllerchange', resolve, { once: true });
  });
  // After a reload past the cache the worker is at work already, but not for this page.
  (await workers.ready).active?.postMessage('claim');
  await claimed;
  return true;
}

/** Reads an answer. The emulator does not know that it stands below a path, where it names people's pictures. */
async function readBody(response: Response, plexPath: string): Promise<ArrayBuffer> {
  const isText = /json|xml/.test(response.headers.get('Content-Type') ?? '');
  if (!isText) return response.arrayBuffer();
  const pictures = `${location.origin}/users/`;
  const text = (await response.text()).replaceAll(pictures, `${location.origin}${plexPath}/users/`);
  return new TextEncoder().encode(text).buffer;
}
