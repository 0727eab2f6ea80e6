import { describe, expect, it } from 'vitest';
import { finishPopup } from '../../src/browser/finish-popup.ts';
import type { Pin } from '../../src/pin.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';
import { createFakePage, createFakeStorage } from './fake-page.ts';
import {
  codeOf,
  createBrowserWorld,
  isRunning,
  openTab,
  openWaiting,
  statusOf,
  type Tab,
} from './open-tab.ts';

const name = 'Living Room';

/** Another script of the origin, that holds the lead and answers each question with this. */
async function answerAs({ page, browser }: Tab, toAnswer: (question: { from: string }) => unknown) {
  const channel = new page.window.BroadcastChannel(`plex-auth-flow.${name}`);
  let release = () => {};
  void browser.locks.request(
    `plex-auth-flow.${name}`,
    {},
    () => new Promise<void>((done) => (release = done)),
  );
  channel.addEventListener('message', ({ data }) => {
    if (data.type !== 'ask') return;
    release();
    channel.postMessage(toAnswer(data));
  });
  await Promise.resolve();
  return channel;
}

const goodPin: Pin = {
  pinID: 987_654,
  code: 'ABCD',
  clientIdentifier: 'tv',
  atMs: Date.UTC(2026, 0, 1),
  expiresInMs: 900_000,
  qrURL: '',
};

describe('what another tab says', () => {
  it.each<[string, unknown]>([
    ['a text', 'pin'],
    ['a number', 7],
    ['an empty object', {}],
    ['a PIN without a code', { ...goodPin, code: undefined }],
    ['a code with control characters', { ...goodPin, code: 'AB\u001B[2J' }],
    ['an id that is an object', { ...goodPin, pinID: { toString: () => '1' } as never, qrURL: '' }],
    ['an id below 1', { ...goodPin, pinID: -1 }],
    ['a life that is a text', { ...goodPin, expiresInMs: '900000' }],
    ['a life without end', { ...goodPin, expiresInMs: Number.POSITIVE_INFINITY }],
    ['a client identifier that is a number', { ...goodPin, clientIdentifier: 7 }],
  ])('about its PIN starts another sign-in where it is %s', async (_, pin) => {
    const tab = openTab({ clientIdentifier: 'tv' });
    const sent = typeof pin === 'object' ? JSON.parse(JSON.stringify(pin)) : pin;
    const odd =
      (pin as Pin).expiresInMs === Number.POSITIVE_INFINITY ? { ...sent, expiresInMs: Infinity } : sent;
    await answerAs(tab, ({ from }) => ({ type: 'answer', to: from, isKept: false, pin: odd }));
    tab.auth.start();
    await tab.time.advance(2000);
    expect([statusOf(tab), tab.emulator.pins.length]).toEqual(['awaitingLink', 1]);
    expect(tab.emulator.requests.filter(({ path }) => path.endsWith(`/${goodPin.pinID}`))).toEqual([]);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it.each([
    ['that Plex does not know', {}],
    ['that is used up', { expiresInMs: 1 }],
  ])('about a PIN %s ends in a new one', async (_, change) => {
    const tab = openTab({ clientIdentifier: 'tv' });
    const pin = { ...goodPin, atMs: tab.time.clock.now(), ...change };
    await answerAs(tab, ({ from }) => ({ type: 'answer', to: from, isKept: false, pin }));
    tab.auth.start();
    await tab.time.advance(5000);
    expect(statusOf(tab)).toBe('awaitingLink');
    expect(codeOf(tab)).toBe(tab.emulator.pins[0]?.code);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'signedOut'],
    ['an object of no type', { to: 'all' }],
    ['an unknown type', { type: 'token', token: 'x' }],
    ['a question without a sender', { type: 'ask', flowKey: '', intent: 'takeOver' }],
    ['a question of another intent', { type: 'ask', from: 'x', flowKey: '', intent: 'stop' }],
    ['an answer to nobody', { type: 'answer', isKept: false }],
  ])('changes nothing where it is %s', async (_, message) => {
    const tab = await openWaiting();
    new tab.page.window.BroadcastChannel(`plex-auth-flow.${name}`).postMessage(message);
    await tab.time.advance(100);
    expect(isRunning(tab)).toBe(true);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(2000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('is heard by all applications only if it is that the user is back', async () => {
    const tab = await openWaiting({ credentials: createFakeStorage() });
    const all = new tab.page.window.BroadcastChannel('plex-auth-flow');
    all.postMessage({ type: 'ask', from: 'x', flowKey: '', intent: 'takeOver' });
    await tab.time.advance(100);
    expect(isRunning(tab)).toBe(true);
  });
});

it.each(['signedIn', 'signedOut'] as const)(
  '%s by the hundred asks Plex twice a second at most',
  async (type) => {
    const tab = await openWaiting();
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(5000);
    const before = tab.emulator.requests.length;
    const channel = new tab.page.window.BroadcastChannel(`plex-auth-flow.${name}`);
    for (let sent = 0; sent < 300; sent++) {
      channel.postMessage({ type });
      await tab.time.advance(10);
    }
    await tab.time.advance(5000);
    expect(statusOf(tab)).toBe('authenticated');
    const asked = tab.emulator.requests.length - before;
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(10);
  },
);

describe('what the store of the tabs gives back', () => {
  it.each<[string, unknown]>([
    ['control characters', 'secret\u001B[2J'],
    ['a line break', 'secret\nX-Other: 1'],
    ['a token that is a number', 7],
    ['no token', undefined],
  ])('is no token where it has %s', async (_, token) => {
    const credentials = createFakeStorage();
    const stored = JSON.stringify({ token, clientIdentifier: 'tv' });
    credentials.setItem('plex-auth-flow.Living%20Room.credentials', stored);
    const world = createBrowserWorld();
    const tab = openTab({ credentials }, world);
    await tab.time.advance(0);
    new tab.page.window.BroadcastChannel(`plex-auth-flow.${name}`).postMessage({ type: 'signedIn' });
    await tab.time.advance(5000);
    expect([statusOf(tab), tab.emulator.requests]).toEqual(['idle', []]);
  });
});

describe('a channel that throws, as one that is built on a full storage does', () => {
  function createBrokenPage(method: 'postMessage' | 'close' | 'addEventListener') {
    const world = createBrowserWorld();
    const page = createFakePage(world.browser);
    class BrokenChannel extends EventTarget {
      override addEventListener(...args: Parameters<EventTarget['addEventListener']>) {
        if (method === 'addEventListener') throw new Error('not implemented');
        super.addEventListener(...args);
      }
      postMessage() {
        if (method === 'postMessage') throw new Error('QuotaExceededError');
      }
      close() {
        if (method === 'close') throw new Error('closed');
      }
    }
    Object.defineProperty(page.window, 'BroadcastChannel', { value: BrokenChannel });
    return { world, page };
  }

  it.each(['postMessage', 'close', 'addEventListener'] as const)(
    'in %s is as good as none',
    async (method) => {
      const uncaught = await uncaughtIn(async () => {
        const { world, page } = createBrokenPage(method);
        const stolen = () => {};
        world.browser.locks.request(`plex-auth-flow.${name}`, {}, () => new Promise(() => {})).catch(stolen);
        const tab = openTab({}, world, page);
        tab.auth.start();
        await tab.time.advance(10_000);
        expect(statusOf(tab)).toBe('awaitingLink');
        tab.emulator.link(codeOf(tab));
        await tab.time.advance(3000);
        expect(statusOf(tab)).toBe('authenticated');
        await tab.auth.dispose();
      });
      expect(uncaught).toEqual([]);
    },
  );

  it('in one message sends the next', async () => {
    const world = createBrowserWorld();
    const credentials = createFakeStorage();
    const page = createFakePage(world.browser);
    const Channel = page.window.BroadcastChannel;
    let isFull = false;
    function FullChannel(channelName: string) {
      const channel = new Channel(channelName);
      const post = channel.postMessage;
      return Object.assign(channel, {
        postMessage(message: unknown) {
          if (isFull) throw new Error('QuotaExceededError');
          post(message);
        },
      });
    }
    Object.defineProperty(page.window, 'BroadcastChannel', { value: FullChannel });
    const other = openTab({ credentials }, world);
    const tab = openTab({ credentials }, world, page);
    const stolen = () => {};
    world.browser.locks.request(`plex-auth-flow.${name}`, {}, () => new Promise(() => {})).catch(stolen);
    isFull = true;
    tab.auth.start();
    await tab.time.advance(1000);
    isFull = false;
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(5000);
    expect([statusOf(tab), statusOf(other)]).toEqual(['authenticated', 'authenticated']);
  });

  it.each(['postMessage', 'close', 'addEventListener'] as const)(
    'in %s still lets finishPopup close the window',
    (method) => {
      const { page } = createBrokenPage(method);
      let isClosed = false;
      Object.defineProperty(page.window, 'close', {
        value() {
          isClosed = true;
        },
      });
      finishPopup({ window: page.window });
      expect(isClosed).toBe(true);
    },
  );
});

it('a PIN of another installation is not taken over, although the identifier is in the storage', async () => {
  const tab = openTab();
  tab.auth.start();
  await tab.time.advance(0);
  tab.auth.cancel();
  const pin = { ...goodPin, clientIdentifier: 'attacker', atMs: tab.time.clock.now() };
  await answerAs(tab, ({ from }) => ({ type: 'answer', to: from, isKept: false, pin }));
  tab.auth.start();
  await tab.time.advance(5000);
  const asked = tab.emulator.requests.map(({ path }) => path);
  expect(asked.some((path) => path.endsWith(`/${goodPin.pinID}`))).toBe(false);
  expect(codeOf(tab)).toBe(tab.emulator.pins.at(-1)?.code);
});
