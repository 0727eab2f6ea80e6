/** A window as the page sees that opened it. */
export interface FakeWindow {
  closed: boolean;
  location: { href: string };
  document: Document;
  /** Each message with the origin that it was meant for. */
  readonly received: { message: Record<string, unknown>; origin: string }[];
}

/** A page that opens windows. */
export interface FakeOpener {
  readonly window: Window;
  readonly opened: FakeWindow[];
  /** What `open` was called with. */
  readonly calls: string[][];
  /** How many listeners are there. */
  readonly listeners: number;
  /** A message comes in. */
  say(data: unknown, source: unknown, origin: string): void;
}

export function createFakeWindow(): FakeWindow & { postMessage(message: object, origin: string): void } {
  const received: FakeWindow['received'] = [];
  const fake = {
    closed: false,
    location: { href: 'about:blank' },
    document: { title: '' } as Document,
    received,
    postMessage: (message: object, origin: string) =>
      void received.push({ message: structuredClone(message) as Record<string, unknown>, origin }),
    close() {
      fake.closed = true;
    },
  };
  return fake;
}

/** @param open What the browser makes of a call: default a window, but it may refuse or throw. */
export function createFakeOpener(open: () => FakeWindow | null = createFakeWindow): FakeOpener {
  const opened: FakeWindow[] = [];
  const calls: string[][] = [];
  const listeners = new Set<(event: object) => void>();
  const window = {
    open(...call: string[]) {
      calls.push(call);
      const made = open();
      if (made) opened.push(made);
      return made;
    },
    addEventListener: (type: string, listener: (event: object) => void) => {
      if (type === 'message') listeners.add(listener);
    },
    removeEventListener: (_: string, listener: (event: object) => void) => void listeners.delete(listener),
  };
  return {
    window: window as unknown as Window,
    opened,
    calls,
    get listeners() {
      return listeners.size;
    },
    say(data, source, origin) {
      for (const listener of [...listeners]) listener({ data, source, origin });
    },
  };
}
