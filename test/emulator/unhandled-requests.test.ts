import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPlexEmulator, type PlexEmulatorOptions } from '../../src/emulator/index.ts';
import type { Fetch } from '../../src/index.ts';

const { fetch: platformFetch } = globalThis;
let sent: { url: string; method: string; body: string; signal: AbortSignal | null | undefined }[];

beforeEach(() => {
  sent = [];
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  globalThis.fetch = async (input, init) => {
    const request = input as Request;
    const { url, method } = request;
    sent.push({ url, method, body: await request.text(), signal: init?.signal });
    return new Response('from the network');
  };
});
afterEach(() => {
  globalThis.fetch = platformFetch;
  vi.restoreAllMocks();
});

/** An emulator whose `fetch` takes the place of the platform's, as in an application's test. */
function install(onUnhandledRequest?: PlexEmulatorOptions['onUnhandledRequest']): Fetch {
  const emulator = createPlexEmulator(onUnhandledRequest && { onUnhandledRequest });
  globalThis.fetch = emulator.fetch as typeof fetch;
  return emulator.fetch;
}

const elsewhere = 'https://api.example/things?token=secret';
const unknown = 'https://plex.tv/api/v2/nothing?X-Plex-Token=secret';
const textOf = async (answer: ReturnType<Fetch>) => (await answer).text();

describe('a request that plex.tv would not answer', () => {
  it('is answered as plex.tv would without a policy, on any host', async () => {
    const fetch = install();
    expect((await fetch('https://api.example/api/v2/ping')).status).toBe(200);
    expect((await fetch(elsewhere)).status).toBe(404);
    expect((await fetch(unknown)).status).toBe(404);
    expect(sent).toEqual([]);
  });

  it.each([elsewhere, unknown])('goes on to the network with bypass: %s', async (url) => {
    const fetch = install('bypass');
    const { signal } = new AbortController();
    expect(await textOf(fetch(url, { method: 'POST', body: 'text', signal }))).toBe('from the network');
    expect(sent).toEqual([{ url, method: 'POST', body: 'text', signal }]);
    expect(console.warn).not.toHaveBeenCalled();
  });

  it('goes on with a warning that names no query', async () => {
    const fetch = install('warn');
    expect(await textOf(fetch(elsewhere))).toBe('from the network');
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      ['The plex.tv emulator does not answer GET https://api.example/things'],
    ]);
  });

  it.each([elsewhere, unknown])('fails with error, and nothing is sent: %s', async (url) => {
    const fetch = install('error');
    await expect(fetch(url)).rejects.toThrow(TypeError);
    await expect(fetch(url)).rejects.toThrow(/^The plex\.tv emulator does not answer GET https:[^?]*$/);
    expect(console.error).toHaveBeenCalledTimes(2);
    expect(sent).toEqual([]);
  });

  it('is left to a function', async () => {
    const seen: string[] = [];
    const fetch = install((request, print) => {
      seen.push(request.url);
      if (request.method === 'DELETE') print.error();
      if (request.method === 'POST') print.warning();
    });
    expect(await textOf(fetch(elsewhere))).toBe('from the network');
    expect(await textOf(fetch(elsewhere, { method: 'POST' }))).toBe('from the network');
    await expect(fetch(elsewhere, { method: 'DELETE' })).rejects.toThrow('does not answer DELETE');
    expect(seen).toEqual([elsewhere, elsewhere, elsewhere]);
    expect(console.warn).toHaveBeenCalledTimes(1);
  });

  it.each(['https://plex.tv.evil.example/api/v2/ping', 'https://notplex.tv/api/v2/ping'])(
    'is one to a host that only looks like plex.tv: %s',
    async (url) => {
      await expect(install('error')(url)).rejects.toThrow('does not answer');
    },
  );

  it.each(['https://plex.tv', 'https://clients.plex.tv', 'https://app.plex.tv/auth'])(
    'is none on %s that plex.tv knows',
    async (url) => {
      const fetch = install('error');
      expect((await fetch(url.includes('auth') ? url : `${url}/api/v2/ping`)).status).toBe(200);
    },
  );

  it.each(['ignore', true, null, {}])('has no policy %j', (policy) => {
    expect(() => createPlexEmulator({ onUnhandledRequest: policy as never })).toThrow(
      new TypeError('plex-auth-flow: onUnhandledRequest must be error, warn, bypass, or a function'),
    );
  });
});
