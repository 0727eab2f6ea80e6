import { createInspector } from '@statelyai/inspect';
import {
  createPlexAuth,
  type KeyValueStore,
  type PlexAuth,
  type PlexAuthOptions,
  type PlexAuthView,
} from '../../../src/index.ts';
import type { Fetch } from '../../../src/ports.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type VirtualTime,
} from '../../../src/testing/index.ts';
import { createDice } from '../../../tools/simulate/dice.ts';
import { type Exhibits, showingsOf, tracesOf } from './traces.ts';

/** A flow in virtual time about which nothing goes unseen. */
export interface WatchedFlow {
  readonly auth: PlexAuth;
  readonly time: VirtualTime;
  readonly emulator: PlexEmulator;
  readonly views: PlexAuthView[];
  /** What the caller's own credentials store holds: the one place, with `reveal()`, where a token may be. */
  readonly kept: Map<string, string>;
  /** Each token that the emulator handed out. */
  readonly tokens: string[];
  /** How many requests carried a token, in its own header, to the server that gave it. */
  readonly carried: number;
  /** Adds something that could show a secret. */
  note(name: string, exhibit: unknown): void;
  /** The user approves. */
  link(): void;
  /** Where a secret shows that should not. */
  tracesOf(secret: string): string[];
  /** Where any of the tokens shows. */
  traces(): string[];
}

/** What a test may change. `wrapFetch` stands between the product and the recorder in front of the emulator. */
export interface WatchedFlowOptions extends Partial<PlexAuthOptions> {
  plex?: PlexEmulatorOptions;
  wrapFetch?: (fetch: Fetch) => Fetch;
  /** Another life of the same installation. */
  after?: WatchedFlow;
}

/** A store over a map, as browsers have one. */
export function createMapStore(items: Map<string, string>): KeyValueStore {
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      items.set(key, value);
    },
    removeItem(key) {
      items.delete(key);
    },
  };
}

/** The servers that may receive a token: those of Plex. */
const rightOrigins = ['https://clients.plex.tv', 'https://plex.tv'];

/** Makes an engine with a recorder at everything that could show what it holds. */
export function createWatchedFlow(options: WatchedFlowOptions = {}): WatchedFlow {
  const { plex = {}, wrapFetch = (fetch) => fetch, after, ...more } = options;
  const time = after?.time ?? createVirtualTime();
  const emulator =
    after?.emulator ?? createPlexEmulator({ clock: time.clock, random: createDice(1).next, ...plex });
  const kept = after?.kept ?? new Map<string, string>();
  const tokens = after?.tokens ?? [];
  const exhibits: Record<string, unknown> = {};
  const views: PlexAuthView[] = [];
  const asked: object[] = [];
  const stored = new Map<string, string>();
  const written: string[] = [];
  const inspected: unknown[] = [];
  const wire: string[] = [];
  const persisted: unknown[] = [];
  let carried = 0;

  const recorder: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    if (headers.has('X-Plex-Token') && rightOrigins.includes(new URL(request.url).origin)) {
      carried += 1;
      headers.delete('X-Plex-Token');
    }
    const body = request.body ? await request.clone().text() : '';
    asked.push({ url: request.url, referrer: request.referrer, method: request.method, headers, body });
    return emulator.fetch(input, init);
  };

  const store = createMapStore(stored);
  const stately = createInspector({ send: (event) => void wire.push(JSON.stringify(event)) });

  const auth = createPlexAuth({
    product: 'Canary',
    clock: time.clock,
    random: () => 0,
    store: {
      ...store,
      setItem(key, value) {
        written.push(key, value);
        return store.setItem(key, value);
      },
    },
    credentials: createMapStore(kept),
    inspect(event) {
      // A shallow copy: XState's own objects are replaced and never changed.
      inspected.push({ ...event });
      stately.inspect.next?.(event);
    },
    ...more,
    fetch: wrapFetch(recorder),
  });
  auth.subscribe((view) => {
    views.push(view);
    persisted.push(JSON.stringify(view), JSON.stringify(auth.actor), auth.actor.getPersistedSnapshot());
  });

  const everything = (): Exhibits => ({
    ...exhibits,
    views,
    'shown views': views.map(showingsOf),
    auth,
    actor: auth.actor,
    snapshot: auth.actor.getSnapshot(),
    persisted: [...persisted, auth.actor.getPersistedSnapshot()],
    inspected,
    wire,
    asked,
    'emulator.requests': emulator.requests,
    'emulator.pins': emulator.pins,
    emulator,
    store: [stored, written],
  });

  return {
    auth,
    time,
    emulator,
    views,
    kept,
    tokens,
    get carried() {
      return carried;
    },
    note(name, exhibit) {
      exhibits[name] = exhibit;
    },
    link() {
      const pin = emulator.pins.findLast(({ state }) => state === 'waiting');
      tokens.push(emulator.link(pin?.code ?? ''));
    },
    tracesOf: (secret) => tracesOf(secret, everything()),
    traces: () => tokens.flatMap((token) => tracesOf(token, everything())),
  };
}

/** What the process itself showed while something ran. */
export interface Outcry {
  readonly console: unknown[][];
  readonly printed: string[];
  readonly uncaught: unknown[];
}

/** Runs something, and keeps what reaches the console, the two outputs, and the process as an error that nobody caught. */
export async function outcryOf(work: () => Promise<unknown>): Promise<Outcry> {
  const outcry = {
    console: [] as unknown[][],
    printed: [] as string[],
    uncaught: [] as unknown[],
  };
  const events = ['uncaughtException', 'unhandledRejection', 'warning'] as const;
  const listeners = events.map((event) => [event, process.rawListeners(event)] as const);
  const methods = Object.entries(console).filter(([, method]) => typeof method === 'function');
  const streams = [process.stdout, process.stderr].map((stream) => [stream, stream.write] as const);
  for (const event of events) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => outcry.uncaught.push(error));
  }
  for (const [name] of methods) {
    Object.assign(console, { [name]: (...values: unknown[]) => void outcry.console.push(values) });
  }
  for (const [stream] of streams) stream.write = (text) => outcry.printed.push(String(text)) > 0;
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    for (const [stream, write] of streams) stream.write = write;
    Object.assign(console, Object.fromEntries(methods));
    for (const [event, before] of listeners) {
      process.removeAllListeners(event);
      for (const listener of before) process.on(event, listener as () => void);
    }
  }
  return outcry;
}
