import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { makePin } from './ask-plex.ts';

const home = 'http://127.0.0.1:8080';

async function decide(
  emulator: PlexEmulator,
  action: string,
  named: object,
  headers: HeadersInit = { Origin: home },
) {
  const init = {
    method: 'POST',
    body: JSON.stringify(named),
    headers: { 'Content-Type': 'application/json', ...headers },
  };
  const response = await emulator.fetch(`${home}/emulator/${action}`, init);
  return { status: response.status, headers: response.headers, json: (await response.json()) as unknown };
}

describe('a page', () => {
  it.each(['/auth', '/auth/', '/link', '/link/?pin=QQQQ'])(
    'is served at %s and runs no script but its own',
    async (path) => {
      const response = await createPlexEmulator().fetch(home + path);
      const text = await response.text();
      const policy = response.headers.get('Content-Security-Policy') ?? '';
      const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(policy).toContain("default-src 'none'");
      expect(nonce.length).toBeGreaterThan(16);
      expect(text.match(/<(script|style)[^>]*>/g)).toEqual([
        `<style nonce="${nonce}">`,
        `<script nonce="${nonce}">`,
      ]);
      expect(text).not.toMatch(/(src|href)="(?!data:,")/);
      expect(text).not.toContain('QQQQ');
    },
  );

  it('escapes the name of the user', async () => {
    const emulator = createPlexEmulator({ user: { username: '<img src=x>' } });
    expect(await (await emulator.fetch(`${home}/auth`)).text()).toContain('&lt;img src=x&gt;');
  });

  it('is cut off from its opener with openerPolicy same-origin', async () => {
    const policyOf = async (emulator: PlexEmulator) =>
      (await emulator.fetch(`${home}/auth`)).headers.get('Cross-Origin-Opener-Policy');
    expect(await policyOf(createPlexEmulator())).toBe('unsafe-none');
    expect(await policyOf(createPlexEmulator({ openerPolicy: 'same-origin' }))).toBe('same-origin');
  });
});

describe('a decision', () => {
  it('is shown, approved or declined for a code', async () => {
    const emulator = createPlexEmulator();
    const headers = { 'X-Plex-Product': 'Living Room', 'X-Plex-Device': 'TV' };
    const [yes, no] = [await makePin(emulator, { headers }), await makePin(emulator)];
    expect((await decide(emulator, 'pin', { code: yes.code })).json).toEqual({
      state: 'waiting',
      code: yes.code,
      product: 'Living Room',
      device: 'TV',
    });
    expect((await decide(emulator, 'approve', { code: yes.code })).json).toMatchObject({ state: 'linked' });
    expect((await decide(emulator, 'deny', { code: no.code })).json).toMatchObject({ state: 'denied' });
    expect((await decide(emulator, 'approve', { code: no.code })).json).toMatchObject({ state: 'denied' });
    expect(emulator.pins.map(({ state }) => state)).toEqual(['linked', 'denied']);
  });

  it('needs a live code, and the client that asked for it', async () => {
    const emulator = createPlexEmulator();
    const { code } = await makePin(emulator);
    expect(await decide(emulator, 'approve', { code: 'QQQQ' })).toMatchObject({ status: 404 });
    expect(await decide(emulator, 'approve', {})).toMatchObject({ status: 404 });
    expect(await decide(emulator, 'approve', { code, clientID: 'other' })).toMatchObject({ status: 404 });
    expect(emulator.pins[0]?.state).toBe('waiting');
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another port', { Origin: 'http://127.0.0.1:9090', 'Sec-Fetch-Site': 'same-site' }],
    ['an older browser on another site', { Origin: 'https://evil.example' }],
    ['no page at all', {}],
  ])('is not taken from %s', async (_, headers) => {
    const emulator = createPlexEmulator();
    const { code } = await makePin(emulator);
    const refused = await decide(emulator, 'approve', { code }, headers);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('Access-Control-Allow-Origin')).toBe(null);
    expect(emulator.pins[0]?.state).toBe('waiting');
  });
});

describe('a forward URL', () => {
  it.each<[string, string | undefined, object]>([
    ['https://app.example/back?a=1', 'https://app.example', { forwardTo: 'https://app.example/back?a=1' }],
    ['http://app.example/', 'https://app.example', { forwardTo: 'http://app.example/' }],
    ['https://app.example:444/', 'https://app.example', { forwardRefused: expect.stringContaining(':444') }],
    ['https://app.example.evil.example/', 'https://app.example', { forwardRefused: expect.any(String) }],
    ['https://app.example@evil.example/', 'https://app.example', { forwardRefused: expect.any(String) }],
    [
      'javascript://app.example/%0Aalert(1)',
      'https://app.example',
      { forwardRefused: expect.stringContaining('http') },
    ],
    ['/back', 'https://app.example', { forwardRefused: expect.stringContaining('complete') }],
    ['https://app.example/', undefined, { forwardRefused: expect.stringContaining('No Origin') }],
    ['https://app.example/', 'null', { forwardRefused: expect.stringContaining('No Origin') }],
  ])('%s, for a PIN made by %s', async (forwardUrl, origin, verdict) => {
    const emulator = createPlexEmulator();
    const { code } = await makePin(emulator, origin === undefined ? {} : { headers: { Origin: origin } });
    const { json } = await decide(emulator, 'approve', { code, forwardUrl });
    const { forwardTo, forwardRefused } = json as { forwardTo?: string; forwardRefused?: string };
    expect({ forwardTo, forwardRefused }).toEqual(verdict);
  });
});
