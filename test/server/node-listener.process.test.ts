import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect as connectHTTP2, createServer as createHTTP2Server } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { toNodeListener } from '../../src/server/index.ts';

type Listener = ReturnType<typeof toNodeListener>;

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server whose listener says when it has ended. */
async function listen(
  handler: Parameters<typeof toNodeListener>[0],
  kind: 'HTTP/1.1' | 'HTTP/2' = 'HTTP/1.1',
) {
  const listener = toNodeListener(handler);
  let end: (how: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const run = (...[request, response]: Parameters<Listener>) =>
    void listener(request, response).then(
      () => end('ended'),
      (error) => end(String(error)),
    );
  const server =
    kind === 'HTTP/2'
      ? createHTTP2Server(run)
      : (createServer(run) as ReturnType<typeof createHTTP2Server> | Server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { port, ended };
}

/** Sends a request and leaves once `left` is over. */
async function askAndLeave(port: number, kind: string, left: Promise<unknown>): Promise<void> {
  if (kind === 'HTTP/2') {
    const session = connectHTTP2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':path': '/' });
    stream.on('error', () => {});
    stream.pause();
    await left;
    session.destroy();
  } else {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    socket.pause();
    await left;
    socket.destroy();
  }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 100));

describe.each(['HTTP/1.1', 'HTTP/2'] as const)('over %s, once the reader has left', (kind) => {
  it('a question that waits ends', async () => {
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { port, ended } = await listen(async ({ signal }) => {
      arrive();
      await once(signal, 'abort');
      return new Response('late');
    }, kind);
    await askAndLeave(port, kind, arrived);
    expect(await ended).toBe('ended');
  });

  it('a stream that has more to say than fits is cancelled', async () => {
    let isCancelled = false;
    const source: UnderlyingDefaultSource<Uint8Array> = {
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel() {
        isCancelled = true;
      },
    };
    const { port, ended } = await listen(async () => new Response(new ReadableStream(source)), kind);
    await askAndLeave(port, kind, soon());
    expect([await ended, isCancelled]).toEqual(['ended', true]);
  });

  it('a stream that says nothing is cancelled', async () => {
    let isCancelled = false;
    const source: UnderlyingDefaultSource<Uint8Array> = {
      pull: () => new Promise(() => {}),
      cancel() {
        isCancelled = true;
      },
    };
    const { port, ended } = await listen(async () => new Response(new ReadableStream(source)), kind);
    await askAndLeave(port, kind, soon());
    expect([await ended, isCancelled]).toEqual(['ended', true]);
  });
});

/** Sends a request as it is written, and gives the whole answer. */
async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (part) => {
    answer += part;
  });
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

it.each([
  'http://evil.example:99/auth/plex/x?y=1',
  'https://evil.example/auth/plex/x?y=1',
  '//auth/plex/x?y=1',
])('a request for %s names no host of its own', async (target) => {
  const { port } = await listen(async ({ url }) => new Response(url));
  const answer = await sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: evil\r\nConnection: close\r\n\r\n`);
  expect(answer).toContain('http://localhost/auth/plex/x?y=1');
});

it('the body of a request is not waited for', async () => {
  const { port } = await listen(async ({ method }) => new Response(method));
  const head =
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\n';
  expect(await sendRaw(port, `${head}hello`)).toMatch(/^HTTP\/1.1 100 .+HTTP\/1.1 200 .+POST/s);
});

describe('a request that no Request can have', () => {
  it.each([
    ['a header with a line break', { headers: { 'x-odd': 'a\nb' } }],
    ['a header with a space in its name', { headers: { 'x odd': 'a' } }],
    ['an odd address', { headers: {}, url: 'http://[' }],
    ['the method TRACE', { headers: {}, method: 'TRACE' }],
  ])('is refused: %s', async (_, request) => {
    const statuses: number[] = [];
    await toNodeListener(async () => new Response())(request, {
      destroyed: false,
      writeHead: (status) => statuses.push(status),
      write: () => true,
      end() {},
      destroy() {},
      once() {},
    });
    expect(statuses).toEqual([400]);
  });
});

it('an answer that waits for its reader again and again adds up no listeners', async () => {
  const listeners = new Map<string, number>();
  let isOver = false;
  const response = new Response(
    new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(1));
        if (isOver) controller.close();
      },
    }),
  );
  await toNodeListener(async () => response)(
    { headers: {} },
    {
      destroyed: false,
      writeHead() {},
      write: () => false,
      end() {},
      destroy() {},
      once(event, listener) {
        listeners.set(event, (listeners.get(event) ?? 0) + 1);
        isOver = (listeners.get('drain') ?? 0) > 20;
        if (event === 'drain') setImmediate(listener);
      },
    },
  );
  expect(listeners.get('close')).toBe(1);
});
