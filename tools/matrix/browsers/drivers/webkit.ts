/** WebKit, by the program that its GTK port has for WebDriver, on a screen that nobody sees. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DrivenWindow, LaunchBrowser } from '../driver.ts';

/** Sends a command of WebDriver. */
type Send = <Value>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Value>;

interface Session {
  readonly sessionId: string;
  readonly capabilities: { readonly browserVersion: string };
}

const longestStartMs = 20_000;

export const launchWebKit: LaunchBrowser = async () => {
  const port = await freePort();
  const program = ['WebKitWebDriver', '--host=127.0.0.1', `--port=${port}`];
  // A session bus and a screen of its own: neither is there in a container.
  const child = spawn('dbus-run-session', ['--', 'xvfb-run', '-a', ...program], {
    detached: true,
    stdio: 'ignore',
  });
  const sendToDriver = createSend(`http://127.0.0.1:${port}`);
  try {
    await untilReady(child, sendToDriver);
    const session = await sendToDriver<Session>('POST', '/session', {
      capabilities: {
        alwaysMatch: { 'webkitgtk:browserOptions': { binary: findBrowser(), args: ['--automation'] } },
      },
    });
    const send = createSend(`http://127.0.0.1:${port}/session/${session.sessionId}`);
    const first = await send<string>('GET', '/window');
    return toBrowser(session.capabilities.browserVersion, send, first, async () => {
      await send('DELETE', '').catch(() => {});
      end(child);
    });
  } catch (error) {
    end(child);
    throw error;
  }
};

/** Debian has it in a folder of the processor's name. */
function findBrowser(): string {
  const found = readdirSync('/usr/lib')
    .flatMap((folder) =>
      ['4.1', '4.0'].map((api) => join('/usr/lib', folder, `webkit2gtk-${api}`, 'MiniBrowser')),
    )
    .find((file) => existsSync(file));
  if (!found) throw new Error('There is no MiniBrowser below /usr/lib');
  return found;
}

function toBrowser(
  version: string,
  send: Send,
  /** It stays open: the session needs one from which it opens others. */
  first: string,
  quit: () => Promise<void>,
): Awaited<ReturnType<LaunchBrowser>> {
  const known = new Map<string, DrivenWindow>();
  let last: Promise<unknown> = Promise.resolve();
  /** One command after another: each is for the window to which the session has switched. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  const toWindow = (handle: string): DrivenWindow => {
    const found = known.get(handle) ?? createWindow(handle, send, inTurn);
    known.set(handle, found);
    return found;
  };
  return {
    version,
    // As a tab, the browser would show it only once it is chosen.
    open: () =>
      inTurn(async () => {
        await send('POST', '/window', { handle: first });
        const { handle } = await send<{ handle: string }>('POST', '/window/new', { type: 'window' });
        return toWindow(handle);
      }),
    windows: () => inTurn(async () => (await send<string[]>('GET', '/window/handles')).map(toWindow)),
    quit,
  };
}

function createWindow(
  handle: string,
  send: Send,
  inTurn: <Value>(work: () => Promise<Value>) => Promise<Value>,
): DrivenWindow {
  const command = <Value>(method: 'POST' | 'DELETE', path: string, body?: object) =>
    inTurn(async () => {
      await send('POST', '/window', { handle });
      return send<Value>(method, path, body);
    });
  return {
    async goto(url) {
      await command('POST', '/url', { url });
    },
    async reload() {
      await command('POST', '/refresh');
    },
    async run<Value>(body: string) {
      const script = `return (async () => JSON.stringify(await (async () => { ${body} })()))()`;
      const json = await command<string | null>('POST', '/execute/sync', { script, args: [] });
      return (json === null ? undefined : JSON.parse(json)) as Value;
    },
    async clickAt(x, y) {
      const pointer = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' } };
      const moves = [
        { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      await command('POST', '/actions', { actions: [{ ...pointer, actions: moves }] });
    },
    async close() {
      await command('DELETE', '/window');
    },
  };
}

function createSend(base: string): Send {
  return async <Value>(method: string, path: string, body: object = {}) => {
    const response = await fetch(base + path, {
      method,
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: Value };
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value).slice(0, 300)}`);
    return value;
  };
}

async function untilReady(child: ChildProcess, send: Send): Promise<void> {
  let failure: Error | undefined;
  child.on('error', (error) => {
    failure = error;
  });
  for (const endMs = Date.now() + longestStartMs; Date.now() < endMs && !failure; await sleep(50)) {
    const isReady = await send('GET', '/status').then(
      () => true,
      () => false,
    );
    if (isReady) return;
  }
  throw failure ?? new Error(`WebKitWebDriver did not start within ${longestStartMs} ms`);
}

/** Ends it with the screen and the bus, which are processes of its group. */
function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
