import { answerCommand, createEmulatorControls } from '../emulator-controls.ts';

/** A request as the service worker hands it over. */
interface RelayedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: [string, string][];
  readonly body: ArrayBuffer;
}

/**
 * Makes an emulated plex.tv in this page's memory. A service worker then answers from it what is asked for below `plex/`, whether this
 * page asks, or a window that it opened.
 *
 * @returns Resolves once requests are answered.
 */
export async function startEmulatorInPage(): Promise<void> {
  const controls = createEmulatorControls();
  const workers = navigator.serviceWorker;

  async function answer({ url, method, headers, body }: RelayedRequest): Promise<Response> {
    const request = new Request(url, { method, headers, ...(body.byteLength > 0 && { body }) });
    const { pathname } = new URL(url);
    return pathname.endsWith('/emulator')
      ? answerCommand(controls, request)
      : controls.emulator.handle(request);
  }

  workers.addEventListener('message', async ({ data, ports: [port] }) => {
    try {
      const response = await answer(data as RelayedRequest);
      const body = await response.arrayBuffer();
      port?.postMessage({ status: response.status, headers: [...response.headers], body }, [body]);
    } catch {
      // What the emulator breaks off.
      port?.postMessage(undefined);
    }
  });
  workers.startMessages();
  await workers.register('service-worker.js');
  if (!workers.controller)
    await new Promise((claimed) => workers.addEventListener('controllerchange', claimed, { once: true }));
}
