/** The program behind a proxy, named by the environment. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useProgramWorld } from '../program-world.ts';

const world = useProgramWorld();

/** A server that the network does not know: only the proxy leads there. */
const atNowhere = ['--allow-insecure-requests', '--server-url', 'http://plex.invalid'];
const hasOpenSSL = spawnSync('openssl', ['version']).status === 0;
let proxy: Server;
let proxyURL: string;
let asked: string[];

/** Passes a request on to the emulated Plex. */
function forward(incoming: IncomingMessage, answer: ServerResponse): void {
  const { pathname, search } = new URL(incoming.url ?? '', 'http://plex.invalid');
  const { method, headers } = incoming;
  const outgoing = request(world.served.url + pathname + search, { method, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 0, reply.headers);
    reply.pipe(answer);
  });
  incoming.pipe(outgoing);
}

beforeEach(async () => {
  asked = [];
  proxy = createServer((incoming, answer) => {
    const { origin } = new URL(incoming.url ?? '');
    asked.push(`${incoming.method} ${origin} ${incoming.headers['proxy-authorization'] ?? ''}`.trim());
    forward(incoming, answer);
  });
  proxy.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  proxyURL = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterEach(() => {
  proxy.closeAllConnections();
  proxy.close();
});

/** Signs in at the server that only the proxy knows, and then uses each of the other commands. */
async function useAll(env: Record<string, string>, server: readonly string[] = atNowhere) {
  const login = world.run(['login', ...server], env);
  await login.sees(/Waiting for you/);
  world.served.emulator.link(world.served.emulator.pins.at(-1)?.code ?? '');
  const codes = [await login.ended];
  for (const args of [['whoami'], ['logout']]) codes.push((await world.finish(args, env)).code);
  return codes;
}

describe('a proxy', () => {
  it.each([
    ['HTTP_PROXY', {}],
    ['http_proxy', {}],
    ['HTTP_PROXY', { NODE_USE_ENV_PROXY: '1' }],
    ['HTTP_PROXY', { NO_PROXY: 'example.org' }],
  ])('in %s with %j carries every request', async (name, more) => {
    expect(await useAll({ [name]: proxyURL, ...more })).toEqual([0, 0, 0]);
    const paths = world.served.emulator.requests.map(({ operation }) => operation);
    expect(asked.length).toBe(paths.length);
    expect(new Set(asked)).toEqual(
      new Set(['POST http://plex.invalid', 'GET http://plex.invalid', 'DELETE http://plex.invalid']),
    );
  });

  it('may need a name and a password, and no scheme', async () => {
    const address = proxyURL.replace('http://', 'me:s3cret@');
    await useAll({ http_proxy: address });
    expect(asked[0]).toBe(`POST http://plex.invalid Basic ${btoa('me:s3cret')}`);
  });

  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY'])(
    'in %s is asked for a tunnel to https',
    async (name) => {
      const args = ['login', '--server-url', 'https://plex.invalid', '--timeout', '1'];
      const { code } = await world.finish(args, { [name]: proxyURL });
      expect([code, asked[0]]).toEqual([3, 'CONNECT plex.invalid:443']);
    },
  );

  it.skipIf(!hasOpenSSL)('carries a whole sign-in through a tunnel to https', async () => {
    const [key, cert] = [join(world.folder, 'key.pem'), join(world.folder, 'cert.pem')];
    const subject = ['-subj', '/CN=plex.invalid', '-addext', 'subjectAltName=DNS:plex.invalid'];
    const files = ['-keyout', key, '-out', cert];
    spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      ...subject,
      ...files,
    ]);
    const secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, forward);
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    proxy.removeAllListeners('connect').on('connect', (incoming, socket) => {
      asked.push(`CONNECT ${incoming.url}`);
      const { port } = secure.address() as AddressInfo;
      const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      onward.pipe(socket).on('error', () => {});
      socket.pipe(onward).on('error', () => {});
    });
    const env = { HTTPS_PROXY: proxyURL, NODE_EXTRA_CA_CERTS: cert };
    expect(await useAll(env, ['--server-url', 'https://plex.invalid'])).toEqual([0, 0, 0]);
    expect(new Set(asked)).toEqual(new Set(['CONNECT plex.invalid:443']));
    secure.closeAllConnections();
    secure.close();
  });

  it.each([[{ NO_PROXY: 'plex.invalid' }], [{ no_proxy: '*' }], [{ no_proxy: '.invalid', NO_PROXY: '' }]])(
    'is left out with %j',
    async (more) => {
      await world.finish(['login', ...atNowhere, '--timeout', '1'], { HTTP_PROXY: proxyURL, ...more });
      expect(asked).toEqual([]);
    },
  );

  it('is not asked for this machine', async () => {
    const login = world.run(['login', ...world.atEmulator()], { HTTP_PROXY: proxyURL });
    await login.sees(/Waiting for you/);
    const emulated = ['login', '--emulator', '--approve-after', '0'];
    expect([(await world.finish(emulated, { HTTP_PROXY: proxyURL })).code, asked]).toEqual([0, []]);
  });

  it.each(['socks5://127.0.0.1:1', 'http://', 'me:s3cret@ /'])('is refused by name: %s', async (address) => {
    const { code, stderr } = await world.finish(['login', ...atNowhere], { https_proxy: address });
    expect([code, stderr]).toEqual([
      4,
      'plex-auth-flow: https_proxy must be the http or https address of a proxy\n',
    ]);
  });

  it('costs nothing where none is set', async () => {
    const trace = world.run(['login', ...world.atEmulator(), '--timeout', '1'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(traceLoads)}`,
    });
    await trace.ended;
    expect(trace.stderr).toContain('engine');
    expect(trace.stderr).not.toContain('proxy-fetch');
  });
});

/** Prints the address of each module that is loaded. */
const hooks = 'export const load = (url, context, next) => (console.error(url), next(url, context));';
const traceLoads = `
  import { register } from 'node:module';
  register('data:text/javascript,${encodeURIComponent(hooks)}');
`;
