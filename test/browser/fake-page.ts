import type { OpenedWindow } from '../../src/ports.ts';

/** One browser, as far as tabs of one origin share it. */
export interface FakeBrowser {
  readonly local: Storage;
  readonly locks: FakeLocks;
  readonly channels: Set<FakeChannel>;
}

/** What {@link createFakePage} makes: a window, and what a test does to it and sees of it. */
export interface FakePage {
  readonly window: Window & typeof globalThis;
  /** Fires an event at the window, or `visibilitychange` at the document. */
  fire(event: string, fields?: object): void;
  hidden: boolean;
  online: boolean;
  /** Where the tab was sent. */
  readonly sentTo: string[];
  /** Listeners on window and document that are still there. */
  readonly listeners: number;
  readonly session: Storage;
}

export function createFakeBrowser(): FakeBrowser {
  return { local: createFakeStorage(), locks: createFakeLocks(), channels: new Set() };
}

/** Makes a page of a few parts: those that the host uses. */
export function createFakePage(
  browser: FakeBrowser = createFakeBrowser(),
  missing: Partial<Record<string, unknown>> = {},
): FakePage {
  function FakeBroadcastChannel(channel: string) {
    return createFakeChannel(browser, channel);
  }
  const parts = { window: createFakeTarget(), document: createFakeTarget() };
  const sentTo: string[] = [];
  const session = createFakeStorage();
  const page: FakePage = {
    hidden: false,
    online: true,
    sentTo,
    session,
    get listeners() {
      return parts.window.size + parts.document.size;
    },
    fire(event, fields = {}) {
      parts[event === 'visibilitychange' ? 'document' : 'window'].fire(event, fields);
    },
    window: undefined as never,
  };
  const fake = {
    addEventListener: parts.window.add,
    removeEventListener: parts.window.remove,
    document: {
      addEventListener: parts.document.add,
      removeEventListener: parts.document.remove,
      get hidden() {
        return page.hidden;
      },
    },
    navigator: {
      locks: 'locks' in missing ? missing['locks'] : browser.locks,
      get onLine() {
        return page.online;
      },
    },
    location: {
      href: 'https://app.example/page#part',
      origin: 'https://app.example',
      assign: (url: string) => sentTo.push(url),
    },
    localStorage: browser.local,
    sessionStorage: session,
    BroadcastChannel: FakeBroadcastChannel,
    open: () => null,
    close() {},
  };
  const { locks: _, ...others } = Object.getOwnPropertyDescriptors(missing);
  Object.defineProperties(fake, others);
  return Object.assign(page, { window: fake as unknown as Window & typeof globalThis });
}

function createFakeTarget() {
  const listeners = new Map<string, Set<(event: object) => void>>();
  const of = (event: string) => {
    const found = listeners.get(event) ?? new Set();
    listeners.set(event, found);
    return found;
  };
  return {
    add: (event: string, listener: (event: object) => void) => void of(event).add(listener),
    remove: (event: string, listener: (event: object) => void) => void of(event).delete(listener),
    fire: (event: string, fields: object) => {
      for (const listener of [...of(event)]) listener(fields);
    },
    get size() {
      return [...listeners.values()].reduce((sum, { size }) => sum + size, 0);
    },
  };
}

export function createFakeStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, String(value)),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}

/** Web Locks: `ifAvailable` and `steal`, as the host asks for them. */
interface FakeLocks {
  readonly isHeld: boolean;
  request(name: string, options: LockOptions, hold: (lock: object | null) => unknown): Promise<unknown>;
}

function createFakeLocks(): FakeLocks {
  const holders = new Map<string, { lose: (error: Error) => void }>();
  return {
    get isHeld() {
      return holders.size > 0;
    },
    async request(name, { ifAvailable, steal }, hold) {
      await Promise.resolve();
      const holder = holders.get(name);
      if (holder && ifAvailable) return hold(null);
      if (holder && steal) holder.lose(new DOMException('stolen', 'AbortError'));
      const own = { lose: (_error: Error) => {} };
      const lost = new Promise((_resolve, reject) => {
        own.lose = reject;
      });
      holders.set(name, own);
      try {
        return await Promise.race([hold({}), lost]);
      } finally {
        if (holders.get(name) === own) holders.delete(name);
      }
    },
  };
}

/** One end of a BroadcastChannel: the others receive it a task later, none once it is closed. */
interface FakeChannel {
  readonly name: string;
  postMessage(data: unknown): void;
  close(): void;
  addEventListener(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function createFakeChannel(
  { channels }: FakeBrowser,
  name: string,
): FakeChannel & { hear(data: unknown): void } {
  const listeners = new Set<(event: { data: unknown }) => void>();
  let isClosed = false;
  const channel = {
    name,
    postMessage(data: unknown) {
      if (isClosed) throw new DOMException('closed', 'InvalidStateError');
      const copy = structuredClone(data);
      for (const other of channels) {
        if (other === channel || other.name !== name) continue;
        queueMicrotask(() => (other as typeof channel).hear(copy));
      }
    },
    close() {
      isClosed = true;
      channels.delete(channel);
    },
    addEventListener: (_: 'message', listener: (event: { data: unknown }) => void) =>
      void listeners.add(listener),
    hear(data: unknown) {
      if (!isClosed) for (const listener of listeners) listener({ data });
    },
  };
  channels.add(channel);
  return channel;
}

/** A popup as the opener sees it. */
export interface FakePopup extends OpenedWindow {
  closed: boolean;
  readonly shown: string[];
}

export function createFakePopup(): FakePopup {
  const shown: string[] = [];
  const popup: FakePopup = {
    closed: false,
    shown,
    navigate: (url) => void shown.push(url),
    close: () => {
      popup.closed = true;
    },
  };
  return popup;
}
