import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKeptSignIn } from '../../../src/cli/commands/kept-sign-in.ts';
import { toUserName } from '../../../src/cli/commands/user-name.ts';
import { whoami } from '../../../src/cli/commands/whoami.ts';
import type { CommandHost } from '../../../src/cli/host/command-host.ts';
import { toErrorText } from '../../../src/cli/host/error-text.ts';
import { createPalette } from '../../../src/cli/host/palette.ts';
import { toPrintable } from '../../../src/cli/host/printable-text.ts';
import { createJSONScreen } from '../../../src/cli/screens/json-screen.ts';
import { createPlainScreen } from '../../../src/cli/screens/plain-screen.ts';
import { toStatusText } from '../../../src/cli/screens/status-text.ts';
import { createTerminalScreen } from '../../../src/cli/screens/terminal-screen.ts';
import { createPlexEmulator } from '../../../src/emulator/plex-emulator.ts';
import { createPlexAuth } from '../../../src/engine/create-plex-auth.ts';
import { credentialsKey } from '../../../src/engine/flow-store.ts';
import { createAuthURL, createLinkURL, createPlexClient } from '../../../src/plex/client.ts';
import { createVirtualTime } from '../../../src/testing/virtual-time.ts';
import type { PlexAuthView } from '../../../src/view.ts';
import { uncaughtIn } from '../../fixture/uncaught-in.ts';
import { answerTexts } from './good-answers.ts';
import { bidiTexts, hostileTexts, isPlainURL, isSteering, steeringTexts } from './hostile-texts.ts';

type CodeView = Extract<PlexAuthView, { status: 'awaitingLink' }>;

const named = (texts: Readonly<Record<string, string>>) => Object.entries(texts);
const allTexts = named({ ...hostileTexts, ...steeringTexts, ...bidiTexts });
const steeringAndBidi = named({ ...steeringTexts, ...bidiTexts });

/** Runs an engine whose PIN has these fields; gives the view with the code, and nothing where the answer is refused. */
async function viewWith(fields: object, options: object = {}): Promise<CodeView | undefined> {
  const { clock, advance } = createVirtualTime();
  const body = JSON.stringify({ ...JSON.parse(answerTexts.newPin), ...fields });
  let shown: CodeView | undefined;
  const uncaught = await uncaughtIn(async () => {
    const auth = createPlexAuth({
      product: 'Test',
      clientIdentifier: 'tv',
      clock,
      fetch: async () => new Response(body, { status: 201 }),
      ...options,
    });
    auth.start();
    await advance(10);
    const view = auth.getSnapshot();
    if (view.status === 'awaitingLink') shown = view;
    await auth.dispose();
  });
  if (uncaught.length > 0) throw uncaught[0];
  return shown;
}

describe('the URLs of a view', () => {
  it.each(allTexts)('hold a code of %s as one parameter', async (_name, code) => {
    const view = await viewWith({ code });
    if (!view) return;
    const { authURL, linkURL, qrURL } = view;
    expect([authURL, linkURL, qrURL].filter((url) => !isPlainURL(url))).toEqual([]);
    const parameters = new URLSearchParams(new URL(authURL).hash.slice(2));
    expect(Object.fromEntries(parameters)).toEqual({
      clientID: 'tv',
      code,
      'context[device][product]': 'Test',
    });
    expect([...parameters].length).toBe(3);
    expect(Object.fromEntries(new URL(linkURL).searchParams)).toEqual({ pin: code });
    expect(new URL(authURL).origin + new URL(authURL).pathname).toBe('https://app.plex.tv/auth');
    expect(new URL(linkURL).origin + new URL(linkURL).pathname).toBe('https://plex.tv/link/');
  });

  it.each(allTexts)('hold a product and a device name of %s as one parameter each', async (_name, text) => {
    const device = { deviceName: text, model: text };
    const url = createAuthURL({
      code: '7RQZ',
      clientIdentifier: 'tv',
      product: text,
      device,
      forwardURL: 'https://a.example/?x=1&y#z',
    });
    expect(isPlainURL(url)).toBe(true);
    expect(Object.fromEntries(new URLSearchParams(new URL(url).hash.slice(2)))).toEqual({
      clientID: 'tv',
      code: '7RQZ',
      'context[device][product]': text,
      'context[device][deviceName]': text,
      'context[device][model]': text,
      forwardUrl: 'https://a.example/?x=1&y#z',
    });
  });

  it.each([
    ...['javascript:alert(1)', 'JAVASCRIPT:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)'],
    ...[
      'data:image/svg+xml,<svg/onload=alert(1)>',
      'data:text/html,<script>',
      'vbscript:x',
      'file:///etc/passwd',
    ],
    ...[
      'blob:https://plex.tv/x',
      '//evil.example/x',
      '/x',
      'x',
      '',
      'about:blank',
      '<script>',
      7,
      true,
      null,
      {},
      [],
    ],
  ])('fall back to the picture of Plex for a QR address of %j', async (qr) => {
    expect((await viewWith({ qr, code: '7RQZ' }))?.qrURL).toBe('https://plex.tv/api/v2/pins/qr/7RQZ');
  });

  it.each([
    ...[
      'https:',
      'https://',
      'http://[',
      'https://plex.tv/\u001b[31m',
      'https://plex.tv/"><script>',
      'https://plex.tv/\u202ex',
    ],
    ...[
      'https://plex.tv/\nx',
      'https://user:password@plex.tv/x',
      'https:evil',
      'http:/evil',
      'https://plex.tv/\u0000',
    ],
  ])('are well formed for a QR address of %j', async (qr) => {
    const { qrURL } = (await viewWith({ qr, code: '7RQZ' })) ?? { qrURL: 'https://plex.tv/' };
    expect(qrURL).toSatisfy(isPlainURL);
  });

  it.each([
    ['of half a character', '\ud800'],
    ['of the other half', 'AB\udc00'],
  ])('are no reason to crash for a code %s', async (_name, code) => {
    await viewWith({ code });
  });

  it.each([
    ['createAuthURL', () => createAuthURL({ code: '\ud800', clientIdentifier: 'tv' })],
    ['createLinkURL', () => createLinkURL('\ud800')],
  ])('are made by %s for half a character as well', (_name, make) => {
    expect(make()).toSatisfy(isPlainURL);
  });

  it('hold a code of 1 MB, or it is refused', async () => {
    const view = await viewWith({ code: 'x'.repeat(900_000) });
    if (view) expect(view.linkURL.length).toBeLessThan(1_000_000);
  });
});

/** A host that keeps what is written; without colour, so that every escape is one of the screen's own or of the answer. */
function createHost(): { host: CommandHost; written: () => string } {
  let text = '';
  const stdout = {
    write: (part: string) => {
      text += part;
    },
    isTTY: true,
    columns: 200,
    rows: 60,
  };
  const warn = (message: string) => stdout.write(`${message}\n`);
  const { signal } = new AbortController();
  const palette = createPalette(false);
  const host: CommandHost = {
    stdout,
    stderr: stdout,
    env: {},
    signal,
    palette,
    hasHyperlinks: false,
    hasUnicode: true,
    warn,
  };
  return { host, written: () => text };
}

/** What a screen itself writes to steer the terminal. */
const ownSequences = [
  '\u001b[?1049h',
  '\u001b[?1049l',
  '\u001b[H\u001b[J',
  '\u001b[?25l',
  '\u001b[?25h',
  '\u001b[?7l',
  '\u001b[?7h',
  '\r\u001b[J',
  '\u001b[2K',
  '\r',
];
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape code itself
const ownMoves = /\u001b\[\d+[AB]/g;

function shownBy(create: typeof createTerminalScreen, view: PlexAuthView, isShort: boolean): string {
  const { host, written } = createHost();
  const screen = create({ host, isShort, giveUpAtMs: Infinity, server: { origin: 'https://plex.tv' } });
  screen.showView(view);
  screen.close();
  const text = ownSequences.reduce((rest, sequence) => rest.replaceAll(sequence, ''), written());
  return text.replace(ownMoves, '');
}

/** The rest of a screen's text that must not steer: a line that begins with the answer's own words counts as well. */
function isHarmless(text: string): boolean {
  return !isSteering(text) && !text.split('\n').some((line) => line.startsWith('INJECTED'));
}

describe('a screen', () => {
  const screens = [
    ['plain', createPlainScreen, false],
    ['plain, short', createPlainScreen, true],
    ['terminal', createTerminalScreen, false],
    ['terminal, short', createTerminalScreen, true],
  ] as const;

  describe.each(screens)('%s', (_screen, create, isShort) => {
    it.each(named(hostileTexts))('shows a code of %s as it is', async (_name, code) => {
      const view = await viewWith({ code });
      if (view) expect(shownBy(create, view, isShort)).toSatisfy(isHarmless);
    });

    it.each(steeringAndBidi)('is not steered by a code of %s', async (_name, code) => {
      const view = await viewWith({ code });
      if (view) expect(shownBy(create, view, isShort)).toSatisfy(isHarmless);
    });
  });

  it('of a terminal shows a code that no QR picture holds', async () => {
    const view = await viewWith({ code: 'x'.repeat(5000) });
    if (view) shownBy(createTerminalScreen, view, false);
  });

  it.each(named(hostileTexts))('of JSON holds a code of %s in one line', async (_name, code) => {
    const view = await viewWith({ code });
    if (!view) return;
    const { host, written } = createHost();
    createJSONScreen({ host }).showView(view);
    expect(written()).toSatisfy(isHarmless);
    expect(JSON.parse(written())).toMatchObject({ code });
  });

  const [escaped, raw] = [
    ['colour', 'clear', 'title', 'link', 'clipboard', 'zero'],
    ['c1', 'backspaces', 'lines', ...Object.keys(bidiTexts)],
  ];
  const jsonOf = async (code: string) => {
    const view = await viewWith({ code });
    const { host, written } = createHost();
    if (view) createJSONScreen({ host }).showView(view);
    return written();
  };
  it.each(steeringAndBidi.filter(([name]) => escaped.includes(name)))(
    'of JSON is not steered by a code of %s',
    async (_name, code) => {
      expect(await jsonOf(code)).toSatisfy(isHarmless);
    },
  );
  it.each(steeringAndBidi.filter(([name]) => raw.includes(name)))(
    'of JSON is not steered by a code of %s',
    async (_name, code) => {
      expect(await jsonOf(code)).toSatisfy(isHarmless);
    },
  );

  it('says nothing of an answer in a status or an error', async () => {
    for (const [, text] of allTexts) {
      const body = JSON.stringify({
        id: text,
        code: text,
        errors: [{ code: text, message: text }],
        [text]: text,
      });
      for (const status of [200, 400, 404, 429, 500]) {
        const fetch = async () => new Response(body, { status, headers: { 'retry-after': '7' } });
        const client = createPlexClient({ clientIdentifier: 'tv', fetch });
        const error = await client.getPin().catch((fault: unknown) => fault);
        expect(toErrorText(error)).not.toContain('INJECTED');
        const lastError = error as Extract<PlexAuthView, { status: 'failed' }>['error'];
        expect(toStatusText({ status: 'requestingPin', lastError }, 0)?.words).not.toContain('INJECTED');
      }
    }
  });
});

describe('the name of a user', () => {
  const user = {
    id: 7,
    uuid: '',
    username: '',
    title: '',
    email: '',
    friendlyName: '',
    thumb: '',
    subscription: { active: false, plan: '' },
  };

  it.each(named(steeringTexts))('does not steer a terminal with %s', (_name, title) => {
    expect(toPrintable(toUserName({ ...user, title })).replace(/[\u2028]/g, '')).toSatisfy(
      (text: string) => !isSteering(text),
    );
  });
  it.each([...named(bidiTexts), ['line separator', 'a\u2028INJECTED']])(
    'does not turn the writing with %s',
    (_name, title) => {
      expect(toPrintable(toUserName({ ...user, title }))).toSatisfy((text: string) => !isSteering(text));
    },
  );

  /** Runs the command against a server on this machine whose user has this name. */
  async function whoamiOf(title: string, isJSON: boolean): Promise<string> {
    const server = createServer((_request, response) => {
      const subscription = { active: true, plan: title };
      response
        .setHeader('Content-Type', 'application/json')
        .end(JSON.stringify({ ...user, title, email: title, subscription }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const folder = await mkdtemp(join(tmpdir(), 'plex-auth-'));
    try {
      const serverURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const { host, written } = createHost();
      const own = { ...host, env: { PLEX_AUTH_CONFIG_DIR: folder } };
      const kept = JSON.stringify({ token: 'tok', clientIdentifier: 'tv', serverURL });
      await openKeptSignIn(own).credentials.setItem(credentialsKey, kept);
      await whoami({ serverURL, isJSON }, own);
      return written();
    } finally {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    }
  }

  it('is shown by whoami in three lines, whatever it is', async () => {
    for (const title of Object.values(steeringTexts)) {
      const text = await whoamiOf(title, false);
      expect(text).toContain('INJECTED');
      expect(text.replaceAll('\u2028', '')).toSatisfy(isHarmless);
      expect(text.split('\n')).toHaveLength(4);
    }
  });
  it.each(named(bidiTexts))('does not turn the lines of whoami with %s', async (_name, title) => {
    expect(await whoamiOf(title, false)).toSatisfy(isHarmless);
  });
  it.each([...named(bidiTexts), ['c1', '\u009b31mINJECTED']])(
    'does not steer a terminal through the JSON of whoami with %s',
    async (_name, title) => {
      expect(await whoamiOf(title ?? '', true)).toSatisfy(isHarmless);
    },
  );
});

describe('the emulator', () => {
  const origin = 'https://plex.tv';
  const pageOf = async (path: string, options: object = {}) => {
    const answer = await createPlexEmulator(options).fetch(origin + path);
    // What differs from page to page by chance.
    return (await answer.text()).replaceAll(/nonce="[^"]*"/g, 'nonce=""');
  };

  it.each(allTexts)('writes nothing of an address with %s into a page', async (_name, text) => {
    const value = encodeURIComponent(text);
    const auth = await pageOf('/auth');
    expect(await pageOf(`/auth?code=${value}&clientID=${value}&forwardUrl=${value}`)).toBe(auth);
    expect(await pageOf(`/link/?pin=${value}`)).toBe(await pageOf('/link/'));
    for (const path of [
      `/${value}`,
      `/auth/${value}`,
      `/emulator/${value}`,
      `/api/v2/${value}`,
      `/api/v2/pins/qr/${value}`,
    ]) {
      expect(await pageOf(path)).not.toContain('INJECTED');
    }
  });

  it.each(named(hostileTexts))('escapes a user name of %s in its page', async (_name, username) => {
    const tagsIn = (page: string) => [...page.matchAll(/<\/?[a-z!][^\s>]*/gi)].map(([tag]) => tag);
    const page = await pageOf('/auth', { user: { username } });
    expect(tagsIn(page)).toEqual(tagsIn(await pageOf('/auth')));
    const raw = /<dd>([^<]*)<\/dd>/.exec(page)?.[1] ?? '';
    expect(raw).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
    expect(raw).toContain('INJECTED');
  });

  it.each(allTexts)('gives a product and device of %s as data only', async (_name, text) => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({
      clientIdentifier: 'tv',
      product: text,
      device: { deviceName: text },
      fetch: emulator.fetch,
    });
    const { code } = await client.getPin();
    const headers = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' };
    const body = JSON.stringify({ code, forwardUrl: 'javascript:INJECTED()' });
    const answer = await emulator.fetch(`${origin}/emulator/pin`, { method: 'POST', headers, body });
    expect(answer.headers.get('Content-Type')).toMatch(/^application\/json/);
    const shown = (await answer.json()) as Record<string, unknown>;
    expect(shown).toMatchObject({ product: text, device: text, state: 'waiting' });
    expect(shown).not.toHaveProperty('forwardTo');
  });

  it.each(allTexts)('escapes %s in XML', async (_name, text) => {
    const emulator = createPlexEmulator({ user: { username: text, title: text, entitlements: [text] } });
    const product = encodeURIComponent(text);
    const pin = await emulator.fetch(
      `${origin}/api/v2/pins?X-Plex-Client-Identifier=tv&X-Plex-Product=${product}`,
      { method: 'POST' },
    );
    const user = await emulator.fetch(
      `${origin}/api/v2/user?X-Plex-Client-Identifier=tv&X-Plex-Token=${emulator.accountToken}`,
    );
    const wellFormed =
      /^<\?xml [^>]*\?>\n(?:<[A-Za-z]+(?: \w+="(?:[^"<>&]|&(?:amp|lt|gt|quot|apos|#\d+);)*")*\/?>|<\/[A-Za-z]+>|[^<>&])*$/;
    for (const answer of [pin, user]) {
      const xml = await answer.text();
      expect(answer.headers.get('Content-Type')).toContain('xml');
      expect(xml).toMatch(wellFormed);
      expect(xml).toContain('INJECTED');
    }
  });

  it('has a page whose script sets texts, never markup', async () => {
    const page = await pageOf('/auth');
    expect(page).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
  });
});
