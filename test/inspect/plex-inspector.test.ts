import { describe, expect, it } from 'vitest';
import { type Actor, assign, createActor, setup } from 'xstate';
import { createPlexAuth } from '../../src/index.ts';
import type { InspectionMessage } from '../../src/inspect/index.ts';
import { createPlexInspector, type PlexInspectorOptions } from '../../src/inspect/index.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';
import { createFakeOpener, createFakeWindow, type FakeWindow } from './fake-window.ts';

const pageURL = 'https://inspector.example/live?x=1';
const origin = 'https://inspector.example';
const connected = { type: '@statelyai.connected' };

/** An inspector whose page is there, and what the page is sent. */
function inspectInPage(options: PlexInspectorOptions = {}) {
  const opener = createFakeOpener();
  const inspector = createPlexInspector({ url: pageURL, window: opener.window, ...options });
  const page = opener.opened[0] as FakeWindow;
  opener.say(connected, page, origin);
  const messages = () => page.received.map(({ message }) => message as unknown as InspectionMessage);
  return { opener, inspector, page, messages };
}

/** A flow in virtual time, seen by an inspector. */
function createInspectedFlow() {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock });
  const inspected = inspectInPage({ clock: time.clock, fetch: emulator.fetch });
  const { inspect, fetch } = inspected.inspector;
  const auth = createPlexAuth({ product: 'Inspected', clock: time.clock, random: () => 0, inspect, fetch });
  return { ...inspected, time, emulator, auth };
}

async function signIn({ auth, time, emulator }: ReturnType<typeof createInspectedFlow>): Promise<void> {
  auth.start();
  await time.advance(1500);
  emulator.link(emulator.pins[0]?.code ?? '');
  await time.advance(2000);
}

const valuesOf = (messages: InspectionMessage[], name: string) => {
  const made = messages.find((message) => message.type === '@xstate.actor' && message.name === name);
  return messages.flatMap((message) =>
    message.type === '@xstate.snapshot' && message.sessionId === made?.sessionId
      ? [message.snapshot.value]
      : [],
  );
};

describe('what the page receives', () => {
  it("is the flow in Stately's protocol, from the start to the token", async () => {
    const flow = createInspectedFlow();
    await signIn(flow);
    expect(flow.auth.getSnapshot().status).toBe('authenticated');
    expect(valuesOf(flow.messages(), 'pinAuth')).toEqual([
      'idle',
      { requestingPin: 'asking' },
      'awaitingLink',
      'fetchingToken',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
    ]);
    const [first] = flow.messages();
    expect(first).toMatchObject({
      type: '@xstate.actor',
      name: 'pinAuth',
      sessionId: flow.auth.actor.sessionId,
      rootId: flow.auth.actor.sessionId,
      snapshot: { status: 'active' },
      _version: expect.any(String),
    });
    const own = flow.messages().filter(({ sessionId }) => sessionId !== 'plex.tv');
    expect(new Set(own.map(({ rootId }) => rootId))).toEqual(new Set([flow.auth.actor.sessionId]));
  });

  it('comes at once, and with the time of the event', async () => {
    const flow = createInspectedFlow();
    const before = flow.messages().length;
    flow.auth.start();
    expect(flow.messages().length).toBeGreaterThan(before + 2);
    await flow.time.advance(1000);
    const startMs = Date.UTC(2026, 0, 1);
    const times = new Set(flow.messages().map(({ createdAt }) => Number(createdAt) - startMs));
    expect([...times]).toEqual([0, 1000]);
  });

  it("has the chart's own config, in the order of the file", () => {
    const [first] = createInspectedFlow().messages();
    const { id, states, context } = JSON.parse((first as { definition: string }).definition);
    expect([id, context]).toEqual(['pinAuth', undefined]);
    expect(Object.keys(states)).toEqual([
      'idle',
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
      'expired',
      'failed',
      'signingOut',
    ]);
    expect(states.awaitingLink.on.CHECK[0]).toEqual({
      guard: 'mayAskNow',
      target: 'fetchingToken',
      actions: 'countCheck',
    });
  });

  it('names an actor that is no machine by its id alone', async () => {
    const flow = createInspectedFlow();
    await signIn(flow);
    const getPin = flow.messages().find((message) => 'name' in message && message.name === 'getPin');
    expect(getPin).toMatchObject({
      type: '@xstate.actor',
      definition: '{"id":"getPin"}',
      parentId: flow.auth.actor.sessionId,
    });
  });

  it('is each request by method, path and status', async () => {
    const flow = createInspectedFlow();
    await signIn(flow);
    flow.auth.verify();
    flow.emulator.fault({ type: 'reset' }, { operation: 'getUser' });
    await flow.time.advance(0);
    const requestMessages = flow.messages().filter(({ sessionId }) => sessionId === 'plex.tv');
    expect(requestMessages[0]).toMatchObject({ type: '@xstate.actor', name: 'plex.tv', rootId: 'plex.tv' });
    const requests = requestMessages.slice(1).map((message) => 'event' in message && message.event);
    expect(requests.slice(0, 4)).toEqual([
      { type: 'POST /api/v2/pins', number: 1, method: 'POST', path: '/api/v2/pins' },
      {
        type: '201 POST /api/v2/pins',
        number: 1,
        method: 'POST',
        path: '/api/v2/pins',
        status: 201,
        durationMs: 0,
      },
      { type: 'GET /api/v2/pins/{pinID}', number: 2, method: 'GET', path: '/api/v2/pins/{pinID}' },
      expect.objectContaining({ type: '200 GET /api/v2/pins/{pinID}', number: 2, status: 200 }),
    ]);
  });

  it('is of no consequence to the flow where nothing of it can be read', async () => {
    const flow = createInspectedFlow();
    const boom = () => expect.fail();
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const hostile = new Proxy({}, { get: boom, ownKeys: boom, getPrototypeOf: boom });
    const events = [
      null,
      7,
      {},
      proxy,
      hostile,
      { type: '@xstate.event', actorRef: hostile },
      { type: 'new' },
    ];
    for (const event of events) flow.inspector.inspect(event as never);
    await signIn(flow);
    expect(flow.auth.getSnapshot().status).toBe('authenticated');
  });

  it.each<[string, PlexInspectorOptions]>([
    ['its clock fails', { clock: { now: () => expect.fail() } }],
    [
      'its page cannot listen',
      { window: { ...createFakeOpener().window, addEventListener: () => expect.fail() } },
    ],
  ])('is of no consequence where %s', async (_name, options) => {
    const emulator = createPlexEmulator({ approveAfterMs: 0 });
    const opener = createFakeOpener();
    const inspector = createPlexInspector({
      url: pageURL,
      window: opener.window,
      fetch: emulator.fetch,
      ...options,
    });
    opener.say(connected, opener.opened[0], origin);
    const { inspect, fetch } = inspector;
    const auth = createPlexAuth({ product: 'x', inspect, fetch, polling: { intervalMs: 250 } });
    auth.start();
    await expect.poll(() => auth.getSnapshot().status).toBe('authenticated');
    await inspector.stop();
  });
});

describe('a window', () => {
  it('is opened at once, of its own, and closed in the end', async () => {
    const { opener, inspector, page } = inspectInPage();
    expect(opener.calls).toEqual([[pageURL, '', expect.stringContaining('popup')]]);
    expect(await inspector.url).toBeUndefined();
    await inspector.stop();
    expect([page.closed, opener.listeners]).toEqual([true, 0]);
    expect(page.received.at(-1)?.message).toEqual({ type: '@statelyai.disconnected' });
  });

  it('receives what came before it was there, and all of it again after a reload', async () => {
    const opener = createFakeOpener();
    const inspector = createPlexInspector({ url: pageURL, window: opener.window });
    const auth = createPlexAuth({ product: 'x', inspect: inspector.inspect });
    const page = opener.opened[0] as FakeWindow;
    expect(page.received).toEqual([]);
    opener.say(connected, page, origin);
    const first = page.received.splice(0);
    expect(first.map(({ message }) => message['type'])).toEqual([
      '@xstate.actor',
      '@xstate.event',
      '@xstate.snapshot',
    ]);
    opener.say(connected, page, origin);
    expect(page.received.splice(0)).toEqual(first);
    auth.actor.send({ type: 'CHECK' });
    expect(page.received).toHaveLength(2);
    auth.dispose();
  });

  it('is sent nothing but for its own origin', async () => {
    const flow = createInspectedFlow();
    await signIn(flow);
    await flow.inspector.stop();
    expect(new Set(flow.page.received.map((received) => received.origin))).toEqual(new Set([origin]));
  });

  it.each<[string, (page: unknown) => [unknown, unknown, string]]>([
    ['another window', () => [connected, createFakeWindow(), origin]],
    ['no window', () => [connected, null, origin]],
    ['another origin', (page) => [connected, page, 'https://evil.example']],
    ['another scheme', (page) => [connected, page, 'http://inspector.example']],
    ['another message', (page) => [{ type: 'connected' }, page, origin]],
    ['no message', (page) => [null, page, origin]],
  ])('receives nothing because of %s', (_name, toSaid) => {
    const opener = createFakeOpener();
    const inspector = createPlexInspector({ url: pageURL, window: opener.window });
    createPlexAuth({ product: 'x', inspect: inspector.inspect }).dispose();
    opener.say(...toSaid(opener.opened[0]));
    expect(opener.opened[0]?.received).toEqual([]);
  });

  it('that was closed is sent nothing more', () => {
    const { inspector, page } = inspectInPage();
    page.closed = true;
    createPlexAuth({ product: 'x', inspect: inspector.inspect }).dispose();
    expect(page.received).toEqual([]);
  });

  it.each<[string, () => null]>([
    ['answers null', () => null],
    ['throws', () => expect.fail()],
  ])('may be refused: open %s', async (_name, open) => {
    for (const url of [pageURL, undefined]) {
      const opener = createFakeOpener(open);
      const inspector = createPlexInspector({ url, window: opener.window });
      createPlexAuth({ product: 'x', inspect: inspector.inspect }).dispose();
      opener.say(connected, null, origin);
      expect(await inspector.url).toBeUndefined();
      await inspector.stop();
      expect(opener.listeners).toBe(0);
    }
  });
});

describe('why there is no live view', () => {
  it('is said once, where the browser opens no window', () => {
    const said: string[] = [];
    const window = Object.assign(createFakeOpener().window, { open: () => null });
    createPlexInspector({ window, onUnavailable: (message) => void said.push(message) });
    expect(said).toEqual(['no live view: the browser opened no window. Create the inspector within a click']);
  });

  it('is of no consequence, even if the listener throws', async () => {
    const window = Object.assign(createFakeOpener().window, { open: () => null });
    const { inspect } = createPlexInspector({ window, onUnavailable: () => expect.fail() });
    const auth = createPlexAuth({ product: 'Inspected', inspect });
    expect(auth.getSnapshot().status).toBe('idle');
    await auth.dispose();
  });
});

describe('a frame', () => {
  function createFakeFrame() {
    const inner = createFakeWindow();
    const frame = { src: '', contentWindow: inner as FakeWindow | null };
    const { window, ...opener } = createFakeOpener();
    return { inner, frame, window, opener, iframe: frame as unknown as HTMLIFrameElement };
  }

  it('is led to the page, which receives messages once it is there', async () => {
    const { inner, frame, iframe, window, opener } = createFakeFrame();
    const inspector = createPlexInspector({ url: pageURL, iframe, window });
    createPlexAuth({ product: 'x', inspect: inspector.inspect }).dispose();
    expect([frame.src, opener.calls, inner.received]).toEqual([pageURL, [], []]);
    opener.say(connected, inner, origin);
    expect(inner.received.length).toBeGreaterThan(2);
    await inspector.stop();
    expect(inner.closed).toBe(false);
  });

  it('may be taken out of the page', async () => {
    const { inner, frame, iframe, window, opener } = createFakeFrame();
    const inspector = createPlexInspector({ url: pageURL, iframe, window });
    opener.say(connected, inner, origin);
    frame.contentWindow = null;
    opener.say(connected, null, origin);
    createPlexAuth({ product: 'x', inspect: inspector.inspect }).dispose();
    await inspector.stop();
  });
});

describe('a parent machine', () => {
  it('shows its child beside it, by their names', () => {
    const { inspector, messages } = inspectInPage();
    const child = setup({}).createMachine({ id: 'inner', initial: 'a', states: { a: {} } });
    const parent = setup({ actors: { child } }).createMachine({
      id: 'outer',
      invoke: { id: 'kid', src: 'child' },
    });
    createActor(parent, { inspect: inspector.inspect }).start();
    const made = messages().filter((message) => message.type === '@xstate.actor');
    expect(made.map(({ name, parentId }) => [name, parentId])).toEqual([
      ['outer', undefined],
      ['kid', made[0]?.sessionId],
    ]);
  });

  it('shows how it is made, but not what its config holds', () => {
    const { inspector, messages } = inspectInPage();
    const machine = setup({}).createMachine({
      id: 'app',
      context: { kept: 'innocent' },
      entry: function greet() {},
    });
    createActor(machine, { inspect: inspector.inspect });
    expect(messages()[0]).toMatchObject({ definition: '{"id":"app","entry":{"type":"greet"}}' });
  });

  it('that holds what no message could hold still runs', () => {
    const { inspector, messages } = inspectInPage();
    const machine = setup({ types: { context: {} as { list: unknown[] } } }).createMachine({
      context: { list: [] },
      on: { GROW: { actions: assign({ list: () => Array.from({ length: 100_000 }, () => ({ x: 'y' })) }) } },
    });
    const actor = createActor(machine, { inspect: inspector.inspect }).start() as Actor<typeof machine>;
    actor.send({ type: 'GROW' });
    expect(actor.getSnapshot().context.list).toHaveLength(100_000);
    expect(JSON.stringify(messages().at(-1)).length).toBeLessThan(700_000);
  });
});

describe('after the end', () => {
  it('nothing is sent, and the flow continues', async () => {
    const flow = createInspectedFlow();
    await flow.inspector.stop();
    const before = flow.page.received.length;
    flow.page.closed = false;
    await signIn(flow);
    expect([flow.auth.getSnapshot().status, flow.page.received.length]).toEqual(['authenticated', before]);
    await flow.inspector.stop();
  });
});

it.each<[string, object | null]>([
  ['options', null],
  ['url', { url: 'javascript:alert(1)' }],
  ['url', { url: 'https://user:word@x' }],
  ['iframe', { iframe: 'frame' }],
  ['port', { port: 65_536 }],
  ['port', { port: 1.5 }],
  ['fetch', { fetch: {} }],
  ['clock', { clock: {} }],
  ['window', { window: {} }],
  ['onUnavailable', { onUnavailable: 'silent' }],
])('a bad %s is a TypeError that names it: %j', (name, options) => {
  expect(() => createPlexInspector(options as never)).toThrow(TypeError);
  expect(() => createPlexInspector(options as never)).toThrow(`plex-auth-flow: ${name} must be`);
});
