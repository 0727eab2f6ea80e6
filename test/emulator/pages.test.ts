import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin, readToken } from './ask-plex.ts';

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
  it.each(['/', '/auth', '/auth/', '/link', '/link/?pin=QQQQ'])(
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
        ...(path === '/' ? [] : [`<script nonce="${nonce}">`]),
      ]);
      expect(text).not.toMatch(/(src|href)="(?!data:,"|(\.\/)?"|link")/);
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
    ['https://elsewhere.example/', undefined, { forwardTo: 'https://elsewhere.example/' }],
    ['javascript:alert(1)', undefined, { forwardRefused: expect.stringContaining('http') }],
    ['https://app.example/', 'null', { forwardRefused: expect.stringContaining('No Origin') }],
  ])('%s, for a PIN made by %s', async (forwardUrl, origin, verdict) => {
    const emulator = createPlexEmulator();
    const { code } = await makePin(emulator, origin === undefined ? {} : { headers: { Origin: origin } });
    const { json } = await decide(emulator, 'approve', { code, forwardUrl });
    const { forwardTo, forwardRefused } = json as { forwardTo?: string; forwardRefused?: string };
    expect({ forwardTo, forwardRefused }).toEqual(verdict);
  });

  it('is refused with strictForwardURL where a server made the PIN, and else as ever', async () => {
    const emulator = createPlexEmulator({ strictForwardURL: true });
    const forwardUrl = 'https://app.example/';
    const verdictOn = async (init: RequestInit) => {
      const { code } = await makePin(emulator, init);
      return (await decide(emulator, 'approve', { code, forwardUrl })).json;
    };
    expect(await verdictOn({})).toMatchObject({ forwardRefused: expect.stringContaining('No Origin') });
    const origin = { headers: { Origin: 'https://app.example' } };
    expect(await verdictOn(origin)).toMatchObject({ forwardTo: forwardUrl });
  });
});

describe('the code page', () => {
  it.each(['pin', 'approve', 'deny'])('takes no long code: %s', async (action) => {
    const emulator = createPlexEmulator();
    const { code } = await makePin(emulator);
    const refused = await decide(emulator, action, { code, page: 'link' });
    expect(refused).toMatchObject({
      status: 404,
      json: { problem: expect.stringContaining('four characters') },
    });
    expect(emulator.pins[0]?.state).toBe('waiting');
    expect(await decide(emulator, action, { code, page: 'auth' })).toMatchObject({ status: 200 });
  });

  it('takes a short code', async () => {
    const emulator = createPlexEmulator();
    const { code } = (await askPlex(emulator, 'POST /api/v2/pins')).json;
    await decide(emulator, 'approve', { code, page: 'link' });
    expect(emulator.pins[0]?.state).toBe('linked');
  });
});

describe('who decides', () => {
  const people = [
    'ada',
    { name: 'bob', title: 'Bob <b>', email: '' },
    { name: 'kid', homeOf: 'ada', isManaged: true },
  ];

  it('is chosen on the page where there are several people, and only there', async () => {
    const pageOf = async (options: object) =>
      (await createPlexEmulator(options).fetch(`${home}/auth`)).text();
    expect(await pageOf({})).not.toContain('<select');
    const page = await pageOf({ people });
    expect([...page.matchAll(/<option value="(\w+)">([^<]*)</g)].map(([, ...option]) => option)).toEqual([
      ['ada', 'ada (ada@example.com)'],
      ['bob', 'Bob &lt;b&gt; (bob)'],
      ['kid', 'kid (managed)'],
    ]);
  });

  it.each([
    ['bob', 'bob'],
    ['kid', ''],
    ['', 'ada'],
    [undefined, 'ada'],
  ])('is %s', async (as, username) => {
    const emulator = createPlexEmulator({ people });
    const pin = await makePin(emulator);
    expect((await decide(emulator, 'approve', { code: pin.code, as })).json).toMatchObject({
      state: 'linked',
    });
    const headers = { 'X-Plex-Token': (await readToken(emulator, pin)) ?? '' };
    expect((await askPlex(emulator, 'GET /api/v2/user', { headers })).json).toMatchObject({ username });
  });

  it('is nobody that the emulator does not know', async () => {
    const emulator = createPlexEmulator({ people });
    const { code } = await makePin(emulator);
    expect(await decide(emulator, 'approve', { code, as: 'eve' })).toMatchObject({
      status: 404,
      json: { problem: expect.stringContaining('no such person') },
    });
    expect(emulator.pins[0]?.state).toBe('waiting');
  });
});

describe('the index page', () => {
  const hostile = '<img src=x onerror=alert(1)>';

  it('shows PINs, people and servers, escaped, and no token', async () => {
    const emulator = createPlexEmulator({
      people: ['ada', { name: hostile }],
      servers: [{ name: hostile, sharedWith: [hostile] }],
    });
    const headers = {
      'X-Plex-Product': hostile,
      'X-Plex-Device': hostile,
      'X-Plex-Client-Identifier': '"><script>',
    };
    const [waiting, linked] = [await makePin(emulator, { headers }), await makePin(emulator)];
    const short = (await askPlex(emulator, 'POST /api/v2/pins')).json;
    const token = emulator.approve(linked.code, { as: hostile });
    const page = await (await emulator.fetch(`${home}/`)).text();
    expect(page).not.toMatch(/<img|<script/);
    expect(page).toContain(`"auth#?clientID=%22%3E%3Cscript%3E&amp;code=${waiting.code}`);
    expect(page).toContain(`"link/?pin=${short.code}`);
    expect(page).toContain('linked as &lt;img');
    expect(page).toContain('shared with &lt;img');
    expect(page).toContain('ada (ada@example.com)');
    expect(page).toContain(`machineIdentifier ${emulator.servers[0]?.machineIdentifier}`);
    for (const secret of [token, emulator.accountToken, emulator.accountTokenOf(hostile)])
      expect(page).not.toContain(secret);
  });

  it('says so where there is nothing yet', async () => {
    const page = await (await createPlexEmulator({ servers: [] }).fetch(`${home}/`)).text();
    expect(page).toContain('No application has asked for a PIN.');
    expect(page).toContain('None.');
  });

  it('says on this machine what to run, and nowhere else', async () => {
    const emulator = createPlexEmulator();
    const here = await (await emulator.handle(new Request('http://127.0.0.1:4321/'))).text();
    expect(here).toContain('npx plex-auth-flow login --server-url http://127.0.0.1:4321<');
    expect(await (await emulator.fetch('https://plex.tv/')).text()).not.toContain('--server-url');
  });

  it('says how long a code is left, and how many are not listed', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    await makePin(emulator);
    await advance(20 * 60_000);
    for (let count = 0; count < 50; count += 1) emulator.deny((await makePin(emulator)).code);
    const newest = await (await emulator.fetch(`${home}/`)).text();
    expect(newest).toContain('PINs <span class="count">51</span>');
    expect(newest).toContain('The newest 50 are listed.');
    expect(newest).not.toContain('min left');
    const other = createPlexEmulator({ clock });
    await makePin(other);
    await advance(18 * 60_000 + 1);
    expect(await (await other.fetch(`${home}/`)).text()).toContain('12 min left');
  });
});
