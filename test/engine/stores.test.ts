import { inspect } from 'node:util';
import { createStorage } from 'unstorage';
import { describe, expect, it } from 'vitest';
import type { KeyValueStore } from '../../src/index.ts';
import {
  approve,
  codeIn,
  count,
  createFlow,
  createWorld,
  link,
  signIn,
  tokenIn,
} from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

describe('a store', () => {
  type Method = Exclude<keyof KeyValueStore, 'changeItem'>;
  const ways: [string, (error: Error) => unknown][] = [
    [
      'throws',
      (error) => {
        throw error;
      },
    ],
    ['rejects', (error) => Promise.reject(error)],
  ];

  /** A store that fails in one method, for keys that have `part` in them. */
  function createFaultyStore(method: Method, part: string, fail: (error: Error) => unknown): KeyValueStore {
    const store = createRecordingStore();
    return {
      ...store,
      [method](key: string, value: string) {
        return key.includes(part) ? fail(new Error('disk full')) : store[method](key, value);
      },
    };
  }

  describe.each(ways)('that %s', (_way, fail) => {
    it.each<[Method, part: string, what: string]>([
      ['getItem', 'pin', 'store'],
      ['setItem', 'pin', 'store'],
      ['removeItem', 'pin', 'store'],
      ['setItem', 'client-identifier', 'store'],
      ['getItem', 'credentials', 'credentials'],
      ['setItem', 'credentials', 'credentials'],
    ])('in %s of the %s does not stop the flow', async (method, part, what) => {
      const flow = createFlow({
        clientIdentifier: undefined,
        store: createRecordingStore(),
        credentials: createRecordingStore(),
        [what]: createFaultyStore(method, part, fail),
      });
      flow.auth.start();
      await flow.time.advance(2500);
      await approve(flow);
      await flow.time.advance(0);
      expect(flow.auth.getSnapshot().status).toBe('authenticated');
      const errors = flow.views.flatMap((view) =>
        'lastError' in view && view.lastError ? [view.lastError] : [],
      );
      expect(errors[0]).toMatchObject({ code: 'PLEX_STORE', retryable: true, cause: { name: 'Error' } });
      expect(count(flow.emulator, 'getPin')).toBe(1);
    });

    it('in getItem of the credentials still gets the token', async () => {
      const credentials = createRecordingStore();
      const getItem = () => fail(new Error('disk full'));
      const flow = createFlow({ credentials: { ...credentials, getItem } });
      const token = await signIn(flow);
      expect(credentials.written.join()).toContain(token);
    });

    it('in getItem of the credentials still resumes the PIN that the user approved', async () => {
      const store = createRecordingStore();
      const before = createFlow({ store });
      before.auth.start();
      await before.time.advance(500);
      const token = link(before);
      await before.auth.dispose();
      const credentials = createFaultyStore('getItem', 'credentials', fail);
      const after = createFlow({ store, credentials }, before);
      await after.time.advance(3000);
      expect(tokenIn(after.auth)).toBe(token);
    });

    it('in removeItem of the credentials does not stop the sign-out', async () => {
      const flow = createFlow({ credentials: createFaultyStore('removeItem', 'credentials', fail) });
      await signIn(flow);
      flow.auth.signOut();
      await flow.time.advance(0);
      expect(flow.auth.getSnapshot()).toMatchObject({ status: 'idle', reason: 'signedOut' });
      const errors = flow.views.map((view) => ('lastError' in view ? view.lastError?.code : undefined));
      expect(errors).toContain('PLEX_STORE');
    });

    it('in reading the client identifier fails the flow: a new one would be a new device', async () => {
      const store = createFaultyStore('getItem', 'client-identifier', fail);
      const { auth, emulator, time } = createFlow({ clientIdentifier: undefined, store });
      auth.start();
      await time.advance(60_000);
      expect(auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_STORE' } });
      expect(emulator.requests).toEqual([]);
      expect(time.timers).toBe(0);
    });
  });

  it('that takes its time over a write gets the next one after it: a used PIN does not come back', async () => {
    const world = createWorld();
    const kept = createRecordingStore();
    const store: KeyValueStore = {
      ...kept,
      setItem: (key, value) =>
        new Promise<void>((resolve) => {
          world.time.clock.setTimeout(() => resolve(void kept.setItem(key, value)), 5000);
        }),
    };
    const flow = createFlow({ store }, world);
    await signIn(flow);
    await flow.time.advance(60_000);
    expect(kept.written).toHaveLength(1);
    expect(kept.items.size).toBe(0);
  });

  const never = () => new Promise(() => {});

  it('that never answers has failed after the time of a request', async () => {
    const store = { ...createRecordingStore(), getItem: never };
    const flow = createFlow({ clientIdentifier: undefined, credentials: store, requestTimeoutMs: 3000 });
    flow.auth.start();
    await flow.time.advance(2999);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle' });
    await flow.time.advance(1000);
    expect(flow.views[0]).toMatchObject({ status: 'idle', lastError: { code: 'PLEX_STORE' } });
    await approve(flow);
  });

  it('that never returns the client identifier fails the flow', async () => {
    const store = createRecordingStore();
    const getItem = (key: string) => (key.includes('client') ? never() : store.getItem(key));
    const flow = createFlow({ clientIdentifier: undefined, store: { ...store, getItem } });
    flow.auth.start();
    await flow.time.advance(10 * 60_000);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_STORE' } });
    expect(flow.time.timers).toBe(0);
  });

  it('that never answers is waited for by nobody once the engine is disposed of', async () => {
    const { auth, time } = createFlow({ store: { ...createRecordingStore(), getItem: never } });
    await time.advance(0);
    expect(time.timers).toBe(1);
    auth.dispose();
    expect(time.timers).toBe(0);
  });

  it.each(['', 'Küche', ' tv', 'two\nlines'])(
    'that holds what no client identifier can be, %j, is given a new one',
    async (kept) => {
      const store = createRecordingStore();
      store.items.set('plex-auth-flow.client-identifier', kept);
      const flow = createFlow({ clientIdentifier: undefined, store });
      await signIn(flow);
      const [pin] = flow.emulator.pins;
      expect(pin?.clientIdentifier).toMatch(/^[a-z0-9]{24}$/);
      expect(store.items.get('plex-auth-flow.client-identifier')).toBe(pin?.clientIdentifier);
    },
  );

  it('that works again when the flow is tried again is used again', async () => {
    const kept = createRecordingStore();
    let isBroken = true;
    const store: KeyValueStore = {
      ...kept,
      getItem(key) {
        if (isBroken) throw new Error('locked');
        return kept.getItem(key);
      },
    };
    const flow = createFlow({ clientIdentifier: undefined, store });
    flow.auth.start();
    await flow.time.advance(500);
    isBroken = false;
    await flow.time.advance(2000);
    await approve(flow);
  });

  it('that puts what it was given into its error shows no token', async () => {
    const credentials: KeyValueStore = {
      ...createRecordingStore(),
      setItem: (_key, value) => Promise.reject(new Error(`cannot write ${value}`)),
    };
    const flow = createFlow({ credentials });
    const token = await signIn(flow);
    await flow.time.advance(0);
    const shown = inspect(flow.views, { depth: 20, showHidden: true }) + JSON.stringify(flow.views);
    expect(shown).toContain('PLEX_STORE');
    expect(shown).not.toContain(token);
  });

  const parsing = (): KeyValueStore => {
    const store = createRecordingStore();
    return { ...store, getItem: (key) => parsed(store.items.get(key)) };
  };
  const parsed = (text = 'null'): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };

  it.each<[string, () => KeyValueStore]>([
    ['that gives parsed JSON back', parsing],
    ['of unstorage', () => createStorage() as KeyValueStore],
    [
      'that gives undefined for nothing',
      () => {
        const store = createRecordingStore();
        return { ...store, getItem: (key) => store.items.get(key) };
      },
    ],
    [
      'of Web Storage, whose methods need their object',
      () => {
        class WebStorage {
          readonly #items = new Map<string, string>();
          getItem(key: string) {
            return this.#items.get(key) ?? null;
          }
          setItem(key: string, value: string) {
            this.#items.set(key, value);
          }
          removeItem(key: string) {
            this.#items.delete(key);
          }
        }
        return new WebStorage();
      },
    ],
  ])('%s keeps everything from one life to the next', async (_name, create) => {
    const options = { clientIdentifier: undefined, store: create(), credentials: create() };
    const first = createFlow(options);
    first.auth.start();
    await first.time.advance(500);
    const code = codeIn(first.auth);
    first.auth.dispose();
    const second = createFlow(options, first);
    await second.time.advance(500);
    expect(codeIn(second.auth)).toBe(code);
    const token = await approve(second);
    await second.time.advance(0);
    second.auth.dispose();
    const third = createFlow(options, first);
    await third.time.advance(500);
    expect(tokenIn(third.auth)).toBe(token);
    const identifiers = first.emulator.requests.map(({ clientIdentifier }) => clientIdentifier);
    expect(new Set(identifiers).size).toBe(1);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });
});
