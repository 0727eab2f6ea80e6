/** The relay of an inspector in Node, as it was built, and programs of their own that use it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlexInspector, PlexInspectorOptions } from '../../src/inspect/index.ts';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import { buildOnce } from '../cli/run-plex-auth.ts';
import { joinRelay, partsOf, type RelayClient } from '../fixture/relay-client.ts';

const built = resolve('dist/inspect.js');
let createPlexInspector: (options?: PlexInspectorOptions) => PlexInspector;
const inspectors: PlexInspector[] = [];

beforeAll(async () => {
  buildOnce();
  ({ createPlexInspector } = (await import(
    /* @vite-ignore */ built
  )) as typeof import('../../src/inspect/index.ts'));
}, 120_000);

afterEach(async () => {
  await Promise.all(inspectors.splice(0).map((inspector) => inspector.stop()));
});

/** An inspector that listens, and where. */
async function inspectInNode(options?: PlexInspectorOptions) {
  const inspector = createPlexInspector({ fetch: async () => new Response(), ...options });
  inspectors.push(inspector);
  return { inspector, ...partsOf((await inspector.url) ?? '') };
}

/** An answer to a plain request, whatever the Host header says. */
async function get(host: string, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const [hostname, port] = host.split(':');
  const sent = request({ hostname, port, path, method, headers: { host, ...headers } }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const part of response) body += part;
  return { status: response.statusCode as number, headers: response.headers as Record<string, string>, body };
}

/** The status that answers a page which shows a key. What is refused for another reason uses none up. */
async function showKey(host: string, key: string, headers: Record<string, string>, path = '/messages') {
  const [hostname, port] = host.split(':');
  const authorization = `Bearer ${key}`;
  const options = { hostname, port, path, method: 'POST', headers: { host, authorization, ...headers } };
  const sent = request({ ...options, agent: false }).end();
  const [response] = await once(sent, 'response');
  sent.on('error', () => {}).destroy();
  return response.statusCode as number;
}

/** Opens a socket that says nothing. */
async function openSilent(host: string): Promise<Socket> {
  const [hostname = '', port] = host.split(':');
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const messagesOf = ({ frames }: RelayClient) => frames.slice(1) as unknown as InspectionMessage[];

/** Makes a request that the page will show. */
const see = (inspector: PlexInspector, path: string) => inspector.fetch(`https://plex/${path}`);

/** Reports a number of events of 400 kB each. */
function pour(inspector: PlexInspector, count: number): void {
  const big = { type: 'BIG', list: Array.from({ length: 40 }, () => 'x'.repeat(10_000)) };
  const actorRef = { sessionId: 'x:0', id: 'app' } as never;
  for (let sent = 0; sent < count; sent++)
    inspector.inspect({ type: '@xstate.event', actorRef, rootId: 'x:0', event: big, sourceRef: undefined });
}

describe('the page of a relay', () => {
  it('is served with its script, as it was built, and under a strict policy', async () => {
    const { host } = await inspectInNode();
    const page = await get(host, '/');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers).toMatchObject({
      'content-security-policy': `default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const [, path = ''] = /<script type="module" src="(.+?)">/.exec(page.body) ?? [];
    const script = await get(host, path);
    expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(script.body).toBe(readFileSync('dist/relay-page.js', 'utf8'));
    expect(script.body).not.toMatch(/\bimport\(|\bfrom ?['"][./#]/);
  });

  it.each([
    '/../../../package.json',
    '/..%2f..%2fpackage.json',
    '/live-view/../../index.js',
    '//etc/passwd.js',
    '/relay.d.ts',
    '/live-view/',
    '/.js',
    '/nothing.js',
    '/messages',
  ])('is all there is: no %s', async (path) => {
    const { host } = await inspectInNode();
    expect((await get(host, path)).status).toBe(404);
  });

  it('answers nothing but GET and HEAD', async () => {
    const { host } = await inspectInNode();
    expect([(await get(host, '/', {}, 'POST')).status, (await get(host, '/', {}, 'HEAD')).body]).toEqual([
      405,
      '',
    ]);
  });

  it('holds a frame of the url that was given, and no other', async () => {
    const { host } = await inspectInNode({ url: 'https://inspector.example/a?b="1&c=2' });
    const page = await get(host, '/');
    expect(page.headers['content-security-policy']).toContain('; frame-src https://inspector.example;');
    expect(page.body).toContain('data-url="https://inspector.example/a?b=%221&amp;c=2"');
  });
});

describe('who is no page of the relay', () => {
  it('by a name that only leads here is sent nothing', async () => {
    const { host, key } = await inspectInNode();
    const [, port = ''] = host.split(':');
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1:1`,
      '127.0.0.1',
      `[::1]:${port}`,
    ]) {
      expect([name, (await get(host, '/', { host: name })).status]).toEqual([name, 403]);
      const headers = { host: name, origin: `http://${name}` };
      expect([name, await showKey(host, key, headers)]).toEqual([name, 403]);
    }
    expect((await get(host, '/', { host: `localhost:${port}` })).status).toBe(200);
    expect(await showKey(host, key, { origin: `http://${host}` })).toBe(200);
  });

  it('by its origin is sent nothing', async () => {
    const { host, key } = await inspectInNode();
    const local = host.replace('127.0.0.1', 'localhost');
    for (const origin of [
      'https://evil.example',
      'null',
      `https://${host}`,
      `http://${local}`,
      `http://${host}.evil.example`,
    ])
      expect([origin, await showKey(host, key, { origin })]).toEqual([origin, 403]);
    expect(await showKey(host, key, {})).toBe(403);
    expect(await showKey(host, key, { origin: `http://${host}` }, '/other')).toBe(405);
    expect(await showKey(host, key, { host: local, origin: `http://${local}` })).toBe(200);
  });

  it('by its key is let go, and does not lock out who has the right one', async () => {
    const { inspector, host, key } = await inspectInNode();
    await see(inspector, 'seen');
    for (const wrong of [
      '',
      'x',
      `${key}x`,
      key.slice(1),
      key.toLowerCase(),
      'é'.repeat(11),
      '€'.repeat(22),
    ]) {
      const client = joinRelay(host, wrong);
      expect([wrong, await client.closed, client.frames]).toEqual([wrong, 'refused', []]);
    }
    const long = joinRelay(host, 'x'.repeat(1000));
    expect([await long.closed, long.frames]).toEqual(['refused', []]);
    const tooLong = joinRelay(host, 'x'.repeat(100_000));
    expect([await tooLong.closed, tooLong.frames]).toEqual(['lost', []]);
    expect(await joinRelay(host, key).nextKey()).toMatch(/^[\w-]{22}$/);
  });

  it('says no key in time is let go', async () => {
    const { host } = await inspectInNode();
    const silent = await Promise.all(Array.from({ length: 20 }, () => openSilent(host)));
    const begun = await openSilent(host);
    begun.write('POST /messages HTTP/1.1\r\n');
    const startedAtMs = performance.now();
    await Promise.all([...silent, begun].map((socket) => once(socket.resume(), 'close')));
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });

  it('by 200 idle sockets shuts nobody out, and holds no more than 20 of them', async () => {
    const { host, key } = await inspectInNode();
    const silent: Socket[] = [];
    for (let count = 0; count < 200; count++) silent.push(await openSilent(host));
    for (const socket of silent) socket.resume();
    const client = joinRelay(host, key);
    expect(await client.nextKey()).toMatch(/^[\w-]{22}$/);
    for (let count = 0; count < 200; count++) silent.push(await openSilent(host));
    for (const socket of silent) socket.resume();
    await expect.poll(() => silent.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(20);
    const asked = await Promise.race([client.closed, get(host, '/')]);
    expect(asked).toMatchObject({ status: 200 });
    for (const socket of silent) socket.destroy();
  });

  it('by sockets that come back as soon as they are closed shuts nobody out', async () => {
    const { host, key } = await inspectInNode();
    const silent = new Set<Socket>();
    let opened = 0;
    const comeBack = () => {
      opened += 1;
      const socket = connect(Number(host.split(':')[1]), '127.0.0.1');
      silent.add(socket);
      socket.on('error', () => {}).once('close', () => silent.delete(socket) && comeBack());
    };
    for (let count = 0; count < 60; count++) comeBack();
    await expect.poll(() => opened).toBeGreaterThan(500);
    const client = joinRelay(host, key);
    expect(await client.nextKey()).toMatch(/^[\w-]{22}$/);
    const openedBefore = opened;
    await expect.poll(() => opened).toBeGreaterThan(openedBefore + 500);
    const asked = await Promise.race([client.closed, get(host, '/')]);
    expect(asked).toMatchObject({ status: 200 });
    for (const socket of [...silent]) {
      silent.delete(socket);
      socket.destroy();
    }
  });

  it('on another machine reaches nothing', async () => {
    const { host } = await inspectInNode();
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const outside = addresses.filter(({ internal }) => !internal).map(({ address }) => address);
    for (const address of [...outside, '::1', '127.0.0.2']) {
      const socket = connect(Number(host.split(':')[1]), address);
      const outcome = await Promise.race([
        once(socket, 'connect').then(() => 'connected'),
        once(socket, 'close').then(() => 'refused'),
      ]).catch(() => 'refused');
      socket.destroy();
      expect([address, outcome]).toEqual([address, 'refused']);
    }
  });
});

describe('a page with the key', () => {
  it('is sent what was before and what comes', async () => {
    const { inspector, host, key } = await inspectInNode();
    await see(inspector, 'before');
    const client = joinRelay(host, key);
    await client.nextKey();
    await see(inspector, 'after');
    await expect.poll(() => messagesOf(client).length).toBe(5);
    const types = messagesOf(client).map((message) =>
      'event' in message ? message.event.type : message.type,
    );
    expect(types).toEqual([
      '@xstate.actor',
      'GET /before',
      '200 GET /before',
      'GET /after',
      '200 GET /after',
    ]);
  });

  it('uses it up, and comes back with the next one, for all of it again', async () => {
    const { inspector, host, key } = await inspectInNode();
    await see(inspector, 'before');
    const first = joinRelay(host, key);
    const next = await first.nextKey();
    await expect.poll(() => messagesOf(first).length).toBe(3);
    const again = joinRelay(host, key);
    expect([await again.closed, again.frames]).toEqual(['refused', []]);
    first.leave();
    const second = joinRelay(host, next);
    const third = await second.nextKey();
    await expect.poll(() => messagesOf(second)).toEqual(messagesOf(first));
    expect(new Set([key, next, third]).size).toBe(3);
    expect(await joinRelay(host, next).closed).toBe('refused');
  });

  it('has nothing to say', async () => {
    const { inspector, host, key } = await inspectInNode();
    const client = joinRelay(host, key, '{"type":"CANCEL"}');
    await client.nextKey();
    await see(inspector, 'after');
    await expect.poll(() => messagesOf(client).length).toBe(3);
  });

  it('that does not read is let go before it costs memory, and the others continue', async () => {
    const { inspector, host, key } = await inspectInNode();
    const slow = joinRelay(host, key);
    const next = await slow.nextKey();
    const other = joinRelay(host, next);
    await other.nextKey();
    slow.pause();
    for (let count = 0; count < 100; count++) {
      pour(inspector, 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect.poll(() => messagesOf(other).length, { timeout: 20_000 }).toBe(100);
    slow.resume();
    expect(await slow.closed).toBe('lost');
    expect(messagesOf(slow).length).toBeLessThan(100);
  });

  it('is sent the rest when the inspector stops, and learns that it is over', async () => {
    const { inspector, host, key } = await inspectInNode();
    const client = joinRelay(host, key);
    await client.nextKey();
    void see(inspector, 'last');
    await inspector.stop();
    expect([await client.closed, messagesOf(client).length]).toEqual(['over', 2]);
    await expect(get(host, '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('that does not read holds up the end for half a second', async () => {
    const { inspector, host, key } = await inspectInNode();
    const client = joinRelay(host, key);
    await client.nextKey();
    client.pause();
    // More than the sockets hold, and less than the backlog may be.
    pour(inspector, 30);
    const startedAtMs = performance.now();
    await inspector.stop();
    const tookMs = performance.now() - startedAtMs;
    expect([tookMs > 400, tookMs < 1500]).toEqual([true, true]);
    client.resume();
    expect(await client.closed).toBe('lost');
  });
});

describe('an inspector in Node', () => {
  it('has no address where its port is taken, warns of it, and works on', async () => {
    const { host } = await inspectInNode();
    const port = Number(host.split(':')[1]);
    const warned = once(process, 'warning');
    const second = createPlexInspector({ port, fetch: async () => new Response() });
    expect(await second.url).toBeUndefined();
    const [{ name, message }] = await warned;
    expect([name, message]).toEqual([
      'PlexAuthWarning',
      `plex-auth-flow: no live view: port ${port} of 127.0.0.1 is taken`,
    ]);
    await see(second, 'x');
    await second.stop();
  });

  it('that was bundled into one file says what to leave out of the bundle', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plex-auth-flow-'));
    const outfile = join(folder, 'program.cjs');
    await build({
      stdin: {
        contents: `import { createPlexInspector } from ${JSON.stringify(built)};
          createPlexInspector().url.then(console.log);`,
        resolveDir: '.',
      },
      bundle: true,
      format: 'cjs',
      platform: 'node',
      outfile,
    });
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [outfile]);
    expect(stdout).toBe('undefined\n');
    expect(stderr).toMatch(/PlexAuthWarning: plex-auth-flow: no live view: .*--external:plex-auth-flow/);
    await rm(folder, { recursive: true });
  });

  it('may be stopped before it listens, and twice', async () => {
    const inspector = createPlexInspector();
    await Promise.all([inspector.stop(), inspector.stop()]);
    const { host } = partsOf((await inspector.url) ?? '');
    await expect(get(host, '/')).rejects.toThrow('ECONNREFUSED');
  });

  /** Runs a program of a few lines to its end. */
  async function runProgram(code: string): Promise<{ code: number; stdout: string; stderr: string }> {
    const lines = `import { createPlexInspector } from ${JSON.stringify(built)};\n${code}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', lines], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', async (part) => {
      stdout += part;
      const [address] = /http:\S+/.exec(String(part)) ?? [];
      if (!address) return;
      const { host, key } = partsOf(address);
      joinRelay(host, key);
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const [exitCode] = await once(child, 'close');
    clearTimeout(timer);
    return { code: exitCode, stdout, stderr };
  }

  it.each([
    ['that nobody looked at', 'createPlexInspector();'],
    ['whose address is known', 'await createPlexInspector().url;'],
    [
      'that a page looks at',
      'const inspector = createPlexInspector(); console.log(await inspector.url); await new Promise((end) => setTimeout(end, 1000));',
    ],
    ['that was stopped at once', 'await createPlexInspector().stop();'],
    ['that was stopped when it listened', 'const i = createPlexInspector(); await i.url; await i.stop();'],
  ])('keeps no process alive %s', async (_name, code) => {
    expect(await runProgram(code)).toMatchObject({ code: 0, stderr: '' });
  });
});
