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
 * @returns Resolves once requests are answered.
 */
export async function startEmulatorInPage(): Promise<void> {
  const uuid = 'user-of-this-page';
  // The emulator sees no path before its own, and so cannot say itself where its picture is.
  const thumb = new URL(`plex/users/${uuid}/avatar`, location.href).href;
  const controls = createEmulatorControls({ uuid, thumb });
  const plexPath = new URL('plex', location.href).pathname;
  const workers = navigator.serviceWorker;

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
      const body = await response.arrayBuffer();
      port?.postMessage({ status: response.status, headers: [...response.headers], body }, [body]);
    } catch {
      // The emulator breaks the connection.
      port?.postMessage(undefined);
    }
  });
  workers.startMessages();
  await workers.register('service-worker.js');
  if (workers.controller) return;
  await new Promise((claimed) => workers.addEventListener('controllerchange', claimed, { once: true }));
}
