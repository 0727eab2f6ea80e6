/** One contract, held to every way of subscribing: the engine itself, the five adapters, and RxJS on top of one. */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { from, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  toAsyncIterable,
  toEventTarget,
  toObservable,
  toPromise,
  toReadable,
  type ViewSource,
} from '../../src/adapters/index.ts';
import { createPlexAuth, type PlexAuth, PlexAuthError, type PlexAuthView, Secret } from '../../src/index.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type VirtualTime,
} from '../../src/testing/index.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

type Source = ViewSource<PlexAuthView>;
type Listener = (view: PlexAuthView) => void;

/** One way of subscribing. */
interface Way {
  name: string;
  /** Hands views on as they come; a throw in `listener` is left to the way. @returns Ends it. */
  connect(source: Source, listener: Listener, onEnd: () => void): () => void;
  /** Which of these views, the current one first, it delivers. Default: all. */
  delivers?(views: PlexAuthView[]): PlexAuthView[];
  /** Whether a listener that threw hears of the next view. Default: true. */
  survivesThrows?: boolean;
  /** Whether it tells of the end. Default: true. */
  tellsEnd?: boolean;
  /** Whether it calls back soon after the change, rather than within it. Default: false. */
  isAsync?: boolean;
}

const ways: Way[] = [
  {
    name: 'the engine',
    connect(source, listener, onEnd) {
      const unsubscribe = source.subscribe(listener, onEnd);
      contained(() => listener(source.getSnapshot()));
      return unsubscribe;
    },
  },
  {
    name: 'toReadable',
    connect: (source, listener) => toReadable(source).subscribe(listener),
    tellsEnd: false,
  },
  {
    name: 'toObservable',
    connect(source, next, complete) {
      const subscription = toObservable(source).subscribe({ next, complete });
      return () => subscription.unsubscribe();
    },
  },
  {
    name: 'toObservable, in RxJS',
    connect(source, next, complete) {
      const subscription = from(toObservable(source)).subscribe({ next, complete });
      return () => subscription.unsubscribe();
    },
  },
  {
    name: 'toAsyncIterable',
    connect(source, listener, onEnd) {
      const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
      let isStopped = false;
      async function run(): Promise<void> {
        for await (const view of { [Symbol.asyncIterator]: () => iterator }) listener(view);
        if (!isStopped) onEnd();
      }
      run().catch(surface);
      return () => {
        isStopped = true;
        void iterator.return?.();
      };
    },
    survivesThrows: false,
    isAsync: true,
  },
  {
    name: 'toEventTarget',
    connect(source, listener, onEnd) {
      const target = toEventTarget(source);
      target.addEventListener('change', ({ detail }) => listener(detail));
      target.addEventListener('end', onEnd);
      contained(() => listener(target.view));
      if (target.ended) onEnd();
      return target.close;
    },
  },
  {
    name: 'toPromise',
    connect(source, listener, onEnd) {
      const waiting = new AbortController();
      toPromise(source, { signal: waiting.signal })
        .then(listener, (reason) => {
          if (reason !== waiting.signal.reason) onEnd();
        })
        .catch(surface);
      return () => waiting.abort();
    },
    delivers: (views) => views.filter(isOutcome).slice(0, 1),
    survivesThrows: false,
    isAsync: true,
  },
];

function isOutcome(view: PlexAuthView): boolean {
  return view.status === 'idle'
    ? view.reason !== undefined
    : ['authenticated', 'expired', 'failed'].includes(view.status);
}

function contained(call: () => void): void {
  try {
    call();
  } catch (error) {
    surface(error);
  }
}

function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Lets everything that is on its way arrive. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Flow {
  auth: PlexAuth;
  emulator: PlexEmulator;
  time: VirtualTime;
  /** Every view from the first on, as the engine tells of them. */
  views: PlexAuthView[];
}

function createFlow(plex: PlexEmulatorOptions = {}): Flow {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock, ...plex });
  const auth = createPlexAuth({
    product: 'Living Room',
    clientIdentifier: 'tv',
    clock: time.clock,
    fetch: emulator.fetch,
    random: () => 0,
  });
  const views = [auth.getSnapshot()];
  auth.subscribe((view) => views.push(view));
  return { auth, emulator, time, views };
}

/** From `idle` through a whole session to `idle`, or as far as the flow lets itself be driven. */
async function walk({ auth, emulator, time }: Flow): Promise<void> {
  auth.start();
  await time.advance(1500);
  const view = auth.getSnapshot();
  if (view.status === 'awaitingLink') emulator.link(view.code);
  await time.advance(1500);
  auth.signOut();
  await time.advance(500);
}

/** A source that shows what it is told to. */
function createFake(first: PlexAuthView) {
  let view = first;
  const listeners = new Map<Listener, (() => void) | undefined>();
  return {
    getSnapshot: () => view,
    subscribe(listener: Listener, onEnd?: () => void) {
      listeners.set(listener, onEnd);
      return () => void listeners.delete(listener);
    },
    show(next: PlexAuthView) {
      view = next;
      for (const listener of [...listeners.keys()]) listener(next);
    },
    end() {
      for (const onEnd of listeners.values()) onEnd?.();
      listeners.clear();
    },
    get listeners() {
      return listeners.size;
    },
  };
}

const code = {
  code: 'abcd',
  authURL: 'https://app.example/auth',
  linkURL: 'https://plex.example/link',
  qrURL: 'https://plex.example/qr',
  expiresAtMs: 1_800_000,
};
const anyView: fc.Arbitrary<PlexAuthView> = fc
  .constantFrom<PlexAuthView>(
    { status: 'idle' },
    { status: 'idle', reason: 'cancelled' },
    { status: 'idle', reason: 'signedOut' },
    { status: 'requestingPin' },
    { status: 'awaitingLink', ...code },
    { status: 'fetchingToken', ...code },
    { status: 'authenticated', token: new Secret('t'), clientIdentifier: 'tv' },
    { status: 'expired', reason: 'pin' },
    { status: 'failed', error: new PlexAuthError('PLEX_HTTP', 'Gone', { atMs: 0, retryable: false }) },
    { status: 'signingOut' },
  )
  .map((view) => ({ ...view }));

describe.each(ways)('$name', (way) => {
  const { delivers = (views) => views, survivesThrows = true, tellsEnd = true } = way;

  /** Connects, and notes what arrives. */
  function connect(source: Source, act: Listener = () => {}) {
    const heard = { views: [] as PlexAuthView[], ends: 0, stop: () => {} };
    heard.stop = way.connect(
      source,
      (view) => {
        heard.views.push(view);
        act(view);
      },
      () => {
        heard.ends += 1;
      },
    );
    return heard;
  }

  it('delivers the current view first, then every change once, in order', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth);
    await walk(flow);
    expect(flow.views.map(({ status }) => status)).toEqual([
      'idle',
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
      'signingOut',
      'idle',
    ]);
    expect(heard.views).toEqual(delivers(flow.views));
    expect(heard.views.every((view) => flow.views.includes(view))).toBe(true);
  });

  it('delivers just the sequence that a source shows, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyView, fc.array(fc.tuple(anyView, fc.boolean())), async (first, changes) => {
        const fake = createFake(first);
        const heard = connect(fake);
        for (const [view, isSlow] of changes) {
          fake.show(view);
          if (isSlow) await settle();
        }
        await settle();
        const expected = delivers([first, ...changes.map(([view]) => view)]);
        expect(heard.views).toEqual(expected);
        expect(heard.views.every((view, index) => view === expected[index])).toBe(true);
        heard.stop();
        await settle();
        expect(fake.listeners).toBe(0);
      }),
    );
  });

  it('delivers the rest to a consumer that comes late', async () => {
    const flow = createFlow();
    flow.auth.start();
    await flow.time.advance(500);
    const late = connect(flow.auth);
    await flow.time.advance(0);
    const seen = flow.views.length - 1;
    await walk(flow);
    expect(late.views).toEqual(delivers(flow.views.slice(seen)));
  });

  it('ends once when the engine is disposed of, and delivers nothing after it', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth);
    flow.auth.start();
    await flow.time.advance(500);
    flow.auth.dispose();
    flow.auth.dispose();
    await flow.time.advance(3_600_000);
    expect(heard.views).toEqual(delivers(flow.views));
    expect(heard.ends).toBe(tellsEnd ? 1 : 0);
    expect(flow.time.timers).toBe(0);
  });

  it('delivers the last view and the end to a consumer that comes after it', async () => {
    const { auth, time, views } = createFlow();
    auth.start();
    await time.advance(500);
    auth.dispose();
    const heard = connect(auth);
    await time.advance(0);
    expect(heard.views).toEqual(delivers(views.slice(-1)));
    expect(heard.ends).toBe(tellsEnd ? 1 : 0);
  });

  it('delivers nothing more once it is unsubscribed from', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth);
    await flow.time.advance(0);
    const before = heard.views.length;
    heard.stop();
    heard.stop();
    await walk(flow);
    flow.auth.dispose();
    await flow.time.advance(0);
    expect(heard.views).toHaveLength(before);
    expect(heard.ends).toBe(0);
  });

  it('delivers nothing more once a listener has unsubscribed itself', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth, ({ status }) => {
      if (status === 'authenticated') heard.stop();
    });
    await walk(flow);
    flow.auth.dispose();
    await flow.time.advance(0);
    const index = flow.views.findIndex(({ status }) => status === 'authenticated');
    expect(heard.views).toEqual(delivers(flow.views.slice(0, index + 1)));
    expect(heard.ends).toBe(0);
  });

  it('is not broken by a listener that throws, nor are the others and the flow', async () => {
    const flow = createFlow();
    const broken = new Error('listener broke');
    const heard = connect(flow.auth, () => {
      throw broken;
    });
    const other = connect(flow.auth);
    const uncaught = await uncaughtIn(() => walk(flow));
    const all = delivers(flow.views);
    expect(flow.views.at(-1)).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(other.views).toEqual(all);
    expect(heard.views).toEqual(survivesThrows ? all : all.slice(0, 1));
    expect(uncaught).toEqual(heard.views.map(() => broken));
  });

  it('reports a listener that throws at the first view, and throws nothing at who subscribes', async () => {
    const { auth } = createFlow();
    auth.start();
    auth.cancel();
    const broken = new Error('listener broke');
    const uncaught = await uncaughtIn(async () => {
      connect(auth, () => {
        throw broken;
      });
    });
    expect(uncaught).toEqual([broken]);
  });

  it('delivers in order although a listener acts on the engine', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth, ({ status }) => {
      if (status === 'requestingPin') flow.auth.cancel();
    });
    const other = connect(flow.auth, ({ status }) => {
      if (status === 'awaitingLink') flow.auth.cancel();
    });
    flow.auth.start();
    await flow.time.advance(500);
    flow.auth.cancel();
    await flow.time.advance(500);
    expect(flow.views.map(({ status }) => status).slice(0, 2)).toEqual(['idle', 'requestingPin']);
    expect(flow.views.at(-1)).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(heard.views).toEqual(delivers(flow.views));
    expect(other.views).toEqual(heard.views);
    expect(flow.time.timers).toBe(0);
  });

  it('misses nothing of what a listener does at the first view', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth, (view) => {
      if (view === flow.views[0]) flow.auth.start();
      if (view.status === 'requestingPin') flow.auth.cancel();
    });
    flow.auth.start();
    flow.auth.cancel();
    await flow.time.advance(0);
    expect(heard.views).toEqual(delivers(flow.views));
  });

  it('subscribes from inside a change without hearing of it twice', async () => {
    const flow = createFlow();
    const inner: ReturnType<typeof connect>[] = [];
    flow.auth.subscribe(({ status }) => {
      if (status === 'awaitingLink' && inner.length === 0) inner.push(connect(flow.auth));
    });
    await walk(flow);
    const index = flow.views.findIndex(({ status }) => status === 'awaitingLink');
    expect(inner[0]?.views).toEqual(delivers(flow.views.slice(index)));
  });

  it('may be where the engine is disposed of', async () => {
    const flow = createFlow();
    const heard = connect(flow.auth, ({ status }) => {
      if (status === 'authenticated') flow.auth.dispose();
    });
    const other = connect(flow.auth);
    await walk(flow);
    expect(flow.views.at(-1)?.status).toBe('authenticated');
    expect(heard.views).toEqual(delivers(flow.views));
    // A promise that has resolved has no end to tell of.
    expect(heard.ends).toBe(tellsEnd && !way.delivers ? 1 : 0);
    expect(other.ends).toBe(heard.ends);
    expect(flow.time.timers).toBe(0);
    expect(flow.emulator.pending).toBe(0);
  });
});

describe.each(ways.filter(({ isAsync }) => !isAsync))('$name', ({ connect }) => {
  it('calls back within the change itself', () => {
    const { auth, views } = createFlow();
    const heard: PlexAuthView[] = [];
    connect(
      auth,
      (view) => heard.push(view),
      () => {},
    );
    expect(heard).toEqual([views[0]]);
    auth.start();
    expect(heard).toEqual(views);
  });
});

describe('the methods of an engine', () => {
  it('work apart from it', async () => {
    const { auth, time, views } = createFlow();
    const { getSnapshot, subscribe, start, check, cancel, dispose } = auth;
    const statuses: string[] = [];
    const unsubscribe = subscribe(({ status }) => statuses.push(status));
    start();
    await time.advance(500);
    check();
    await time.advance(0);
    cancel();
    unsubscribe();
    dispose();
    expect(statuses).toEqual(['requestingPin', 'awaitingLink', 'fetchingToken', 'awaitingLink', 'idle']);
    expect(getSnapshot()).toBe(views.at(-1));
  });
});

describe('toReadable', () => {
  it('leaves the engine alone while nobody subscribes', () => {
    const fake = createFake({ status: 'idle' });
    const readable = toReadable(fake);
    expect(fake.listeners).toBe(0);
    const unsubscribes = [readable.subscribe(() => {}), readable.subscribe(() => {})];
    expect(fake.listeners).toBe(2);
    for (const unsubscribe of unsubscribes) unsubscribe();
    expect(fake.listeners).toBe(0);
  });
});

describe('toObservable', () => {
  it('is its own observable, under the name that everybody knows', () => {
    const observable = toObservable(createFake({ status: 'idle' }));
    expect(Reflect.get(observable, '@@observable')()).toBe(observable);
  });

  it('takes a function, and an observer that listens to nothing', () => {
    const fake = createFake({ status: 'idle' });
    const statuses: string[] = [];
    const observable = toObservable(fake);
    observable.subscribe({});
    observable.subscribe(({ status }) => statuses.push(status));
    fake.show({ status: 'requestingPin' });
    fake.end();
    expect(statuses).toEqual(['idle', 'requestingPin']);
  });

  it('says when a subscription is closed', () => {
    const fake = createFake({ status: 'idle' });
    const observable = toObservable(fake);
    const [left, ended] = [observable.subscribe({}), observable.subscribe({})];
    expect([left.closed, ended.closed]).toEqual([false, false]);
    left.unsubscribe();
    expect([left.closed, ended.closed]).toEqual([true, false]);
    fake.end();
    expect(ended.closed).toBe(true);
  });

  it.each(['before', 'after'])(
    'suits an RxJS that was loaded %s Symbol.observable was put in',
    async (when) => {
      const require = createRequire(import.meta.url);
      const putIn = () =>
        Object.defineProperty(Symbol, 'observable', { value: Symbol('observable'), configurable: true });
      const load = (): typeof import('rxjs') => {
        for (const path of Object.keys(require.cache))
          if (path.includes('/rxjs/')) delete require.cache[path];
        return require('rxjs');
      };
      try {
        if (when === 'after') putIn();
        const rxjs = load();
        if (when === 'before') putIn();
        const statuses: string[] = [];
        rxjs
          .from(toObservable(createFake({ status: 'idle' })))
          .subscribe(({ status }) => statuses.push(status));
        expect(statuses).toEqual(['idle']);
      } finally {
        Reflect.deleteProperty(Symbol, 'observable');
      }
    },
  );

  it('stops within the first view when RxJS has had enough', async () => {
    const fake = createFake({ status: 'idle' });
    from(toObservable(fake)).pipe(take(1)).subscribe();
    expect(fake.listeners).toBe(0);
  });
});

describe('toAsyncIterable', () => {
  it('keeps what comes while the consumer is busy, and gives it out after the end', async () => {
    const fake = createFake({ status: 'idle' });
    const iterator = toAsyncIterable<PlexAuthView>(fake)[Symbol.asyncIterator]();
    fake.show({ status: 'requestingPin' });
    fake.show({ status: 'idle', reason: 'cancelled' });
    fake.end();
    const statuses: unknown[] = [];
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) {
      statuses.push(result.value.status);
    }
    expect(statuses).toEqual(['idle', 'requestingPin', 'idle']);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('serves several takers in the order in which they asked', async () => {
    const fake = createFake({ status: 'idle' });
    const iterator = toAsyncIterable<PlexAuthView>(fake)[Symbol.asyncIterator]();
    const results = Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    fake.show({ status: 'requestingPin' });
    fake.end();
    expect((await results).map(({ value }) => value?.status)).toEqual(['idle', 'requestingPin', undefined]);
  });

  it('iterates anew each time, each with its own queue', async () => {
    const fake = createFake({ status: 'idle' });
    const iterable = toAsyncIterable<PlexAuthView>(fake);
    const early = iterable[Symbol.asyncIterator]();
    fake.show({ status: 'requestingPin' });
    const late = iterable[Symbol.asyncIterator]();
    expect((await early.next()).value?.status).toBe('idle');
    expect((await late.next()).value?.status).toBe('requestingPin');
    await early.return?.();
    expect(fake.listeners).toBe(1);
  });

  it('lets go of the engine when the loop is left by break or by a throw', async () => {
    const fake = createFake({ status: 'idle' });
    for await (const _ of toAsyncIterable(fake)) break;
    expect(fake.listeners).toBe(0);
    const broken = new Error('body broke');
    await expect(async () => {
      for await (const _ of toAsyncIterable(fake)) throw broken;
    }).rejects.toBe(broken);
    expect(fake.listeners).toBe(0);
  });

  it('ends a next that waits when it is returned from', async () => {
    const fake = createFake({ status: 'idle' });
    const iterator = toAsyncIterable(fake)[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('gives out nothing once it has been returned from, whatever waits', async () => {
    const fake = createFake({ status: 'idle' });
    const iterator = toAsyncIterable(fake)[Symbol.asyncIterator]();
    fake.show({ status: 'requestingPin' });
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});

describe('toEventTarget', () => {
  it('dispatches one event for each status that is entered, right after the change', () => {
    const fake = createFake({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    const events: string[] = [];
    for (const type of ['change', 'requestingPin', 'idle', 'end']) {
      target.addEventListener(type, (event) => events.push(event.type));
    }
    target.addEventListener('requestingPin', ({ detail }) => events.push(detail.status));
    const lastError = new PlexAuthError('PLEX_NETWORK', 'Offline', { atMs: 0, retryable: true });
    fake.show({ status: 'requestingPin' });
    fake.show({ status: 'requestingPin', lastError });
    fake.show({ status: 'idle', reason: 'cancelled' });
    fake.end();
    expect(events).toEqual(['change', 'requestingPin', 'requestingPin', 'change', 'change', 'idle', 'end']);
    expect(target.view).toEqual({ status: 'idle', reason: 'cancelled' });
  });

  it('dispatches nothing after the end, not even what is left of a change', () => {
    const fake = createFake({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    const events: string[] = [];
    for (const type of ['requestingPin', 'end']) {
      target.addEventListener(type, (event) => events.push(event.type));
    }
    target.addEventListener('change', () => fake.end());
    fake.show({ status: 'requestingPin' });
    expect(events).toEqual(['end']);
    expect(target.ended).toBe(true);
  });

  it('honours the platform’s own ways of leaving', () => {
    const fake = createFake({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    const events: string[] = [];
    const leaving = new AbortController();
    target.addEventListener('change', () => events.push('once'), { once: true });
    target.addEventListener('change', () => events.push('signal'), { signal: leaving.signal });
    fake.show({ status: 'requestingPin' });
    leaving.abort();
    fake.show({ status: 'idle', reason: 'cancelled' });
    expect(events).toEqual(['once', 'signal']);
  });

  it('lets go of the engine when it is closed', () => {
    const fake = createFake({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    expect([target.ended, fake.listeners]).toEqual([false, 1]);
    target.close();
    expect([target.ended, fake.listeners]).toEqual([true, 0]);
  });
});

describe('toPromise', () => {
  it('waits on a fresh engine until somebody starts it', async () => {
    const flow = createFlow();
    let isSettled = false;
    const over = toPromise(flow.auth).finally(() => {
      isSettled = true;
    });
    await flow.time.advance(3_600_000);
    expect(isSettled).toBe(false);
    await walk(flow);
    expect((await over).status).toBe('authenticated');
  });

  it('resolves with how the flow ended, each a state and none an error', async () => {
    const expiring = createFlow({ lifetimeMs: { strong: 60_000 } });
    const expired = toPromise(expiring.auth);
    expiring.auth.start();
    await expiring.time.advance(61_000);
    expect(await expired).toEqual({ status: 'expired', reason: 'pin' });

    const failing = createFlow();
    const failed = toPromise(failing.auth);
    failing.emulator.fault({ type: 'status', status: 400, code: 1004 });
    failing.auth.start();
    await failing.time.advance(500);
    expect(await failed).toMatchObject({ status: 'failed', error: { code: 'PLEX_HTTP' } });

    const cancelling = createFlow();
    const cancelled = toPromise(cancelling.auth);
    cancelling.auth.start();
    cancelling.auth.cancel();
    expect(await cancelled).toEqual({ status: 'idle', reason: 'cancelled' });
  });

  it('resolves at once where the flow is over already, even if the engine has been disposed of', async () => {
    const { auth } = createFlow();
    auth.start();
    auth.cancel();
    expect(await toPromise(auth)).toBe(auth.getSnapshot());
    auth.dispose();
    expect(await toPromise(auth)).toBe(auth.getSnapshot());
  });

  it('resolves with the first end although the flow begins again within it', async () => {
    const { auth } = createFlow();
    auth.subscribe((view) => {
      if (isOutcome(view)) auth.start();
    });
    const over = toPromise(auth);
    auth.start();
    auth.cancel();
    expect(await over).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(auth.getSnapshot().status).toBe('requestingPin');
  });

  it('rejects with the reason of an abort, and leaves the flow alone', async () => {
    const flow = createFlow();
    const waiting = new AbortController();
    const over = toPromise(flow.auth, { signal: waiting.signal });
    const reason = new Error('enough');
    waiting.abort(reason);
    await expect(over).rejects.toBe(reason);
    await walk(flow);
    expect(flow.views.map(({ status }) => status)).toContain('authenticated');
    await expect(toPromise(flow.auth, { signal: waiting.signal })).rejects.toBe(reason);
  });

  it('rejects with the reason of an abort that disposes of the engine as well', async () => {
    const { auth } = createFlow();
    const waiting = new AbortController();
    waiting.signal.addEventListener('abort', auth.dispose);
    const over = toPromise(auth, { signal: waiting.signal });
    waiting.abort('enough');
    await expect(over).rejects.toBe('enough');
  });

  it('rejects with an AbortError when the engine is disposed of first, now or before', async () => {
    const { auth } = createFlow();
    const over = toPromise(auth);
    auth.dispose();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
    await expect(toPromise(auth)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('leaves no listener behind, neither at the engine nor at the signal', async () => {
    const fake = createFake({ status: 'idle' });
    const { signal } = new AbortController();
    const waiting = new Set<unknown>();
    signal.addEventListener = (_type: string, listener: unknown) => void waiting.add(listener);
    signal.removeEventListener = (_type: string, listener: unknown) => void waiting.delete(listener);
    const over = toPromise(fake, { signal });
    expect([fake.listeners, waiting.size]).toEqual([1, 1]);
    fake.show({ status: 'idle', reason: 'cancelled' });
    await over;
    expect([fake.listeners, waiting.size]).toEqual([0, 0]);
  });
});
