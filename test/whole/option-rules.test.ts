/** Every option of every entry point is taken, or refused by a TypeError that names it: never its value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BackendPlexAuthOptions } from '../../src/browser/backend-plex-auth.ts';
import type { BrowserPlexAuthOptions } from '../../src/browser/browser-options.ts';
import { createBrowserPlexAuth } from '../../src/browser/create-browser-plex-auth.ts';
import { renderPlexSignIn } from '../../src/element/index.ts';
import {
  createPlexAuth,
  type Fetch,
  type PlexAuthOptions,
  type SignInOptions,
  signIn,
} from '../../src/index.ts';
import { createPlexInspector } from '../../src/inspect/index.ts';
import { createPlexClient, type PlexClient } from '../../src/plex/client.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  drivePlexAuth,
  type PlexEmulatorOptions,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
} from '../../src/testing/index.ts';
import { createFakePage } from '../browser/fake-page.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';
import {
  authRules,
  backendRules,
  browserRules,
  callRules,
  clientRules,
  emulatorRules,
  inspectorRules,
  type OptionRule,
  type OptionRules,
  renderRules,
  servedEmulatorRules,
  signInRules,
} from './option-rules.ts';
import { answerTexts } from './properties/good-answers.ts';
import { anyValue, oddValues, unwritableValues } from './properties/odd-values.ts';
import { runsOf } from './properties/seed.ts';

interface EntryPoint {
  readonly name: string;
  readonly rules: OptionRules;
  /** The options that stay as they are while one is bad. */
  readonly base: object;
  readonly call: (options: object) => unknown;
  /** How many arbitrary values each option gets. */
  readonly runs: number;
  /** Whether what is taken would open a window or a port, so that only wrong values are given. */
  readonly onlyWrong?: boolean;
}

const silent: Fetch = () => new Promise(() => {});
const { clock } = createVirtualTime();
const base = { product: 'Test', fetch: silent, clock };

/** What an odd function throws later has nothing to do with the check of the option. */
async function throwingLateErrors(work: () => Promise<unknown>): Promise<void> {
  const [uncaught] = await uncaughtIn(work);
  if (uncaught) throw uncaught;
}

async function beginSignIn(options: object): Promise<void> {
  const ended = new AbortController();
  const over = signIn({ signal: ended.signal, ...options } as SignInOptions);
  over.catch(() => {});
  // A signal of the caller's own may never end it.
  if ('signal' in options) {
    await Promise.race([over, new Promise((resolve) => setImmediate(resolve))]);
    return;
  }
  queueMicrotask(() => ended.abort(undefined));
  await over.catch((error: unknown) => {
    if (!(error instanceof DOMException)) throw error;
  });
}

const entryPoints: EntryPoint[] = [
  {
    name: 'createPlexClient',
    rules: clientRules,
    base: {},
    call: (options) => createPlexClient(options),
    runs: 150,
  },
  {
    name: 'createPlexAuth',
    rules: authRules,
    base,
    call: (options) =>
      throwingLateErrors(async () => void createPlexAuth(options as PlexAuthOptions).dispose()),
    runs: 60,
  },
  { name: 'signIn', rules: signInRules, base, call: beginSignIn, runs: 40 },
  {
    name: 'createBrowserPlexAuth',
    rules: browserRules,
    base: { ...base, window: createFakePage().window },
    call: (options) =>
      throwingLateErrors(async () => createBrowserPlexAuth(options as BrowserPlexAuthOptions).dispose()),
    runs: 20,
  },
  {
    name: 'createBrowserPlexAuth with backendURL',
    rules: backendRules,
    base: { backendURL: '/auth/plex', fetch: silent, clock, window: createFakePage().window },
    call: (options) =>
      throwingLateErrors(async () => createBrowserPlexAuth(options as BackendPlexAuthOptions).dispose()),
    runs: 20,
  },
  {
    name: 'drivePlexAuth, which hands its options to createPlexAuth',
    rules: Object.fromEntries(
      Object.entries(authRules).filter(([name]) => !['fetch', 'clock', 'inspect', 'random'].includes(name)),
    ),
    base: {},
    call: (options) => drivePlexAuth({ untilMs: 0, start: false, options }),
    runs: 10,
  },
  {
    name: 'createPlexInspector',
    rules: inspectorRules,
    base: {},
    call: (options) => createPlexInspector(options),
    runs: 60,
    onlyWrong: true,
  },
  {
    name: 'renderPlexSignIn',
    rules: renderRules,
    base: { product: 'Test' },
    call: (options) => renderPlexSignIn(options as Parameters<typeof renderPlexSignIn>[0]),
    runs: 60,
  },
  {
    name: 'createPlexEmulator',
    rules: emulatorRules,
    base: { rateLimit: { requests: 1, perMs: 1 } },
    call: (options) => createPlexEmulator(options as PlexEmulatorOptions),
    runs: 150,
  },
  {
    name: 'servePlexEmulator',
    rules: servedEmulatorRules,
    base: {},
    call: (options) => servePlexEmulator(options as ServePlexEmulatorOptions),
    runs: 60,
    onlyWrong: true,
  },
  ...Object.entries(callRules).map(([operation, rules]) => toCallEntryPoint(operation, rules)),
];

/** A call of a client. What is refused asks nothing of Plex. */
function toCallEntryPoint(operation: string, rules: OptionRules): EntryPoint {
  const answers: Record<string, string> = {
    getPin: answerTexts.newPin,
    getToken: answerTexts.pendingPin,
    getUser: answerTexts.user,
    getServers: '[]',
    hasAccess: '[]',
  };
  let asked = 0;
  const fetch: Fetch = async () => {
    asked += 1;
    return new Response(answers[operation] ?? '{}', { status: 200 });
  };
  const client = createPlexClient({ clientIdentifier: 'tv', fetch, clock });
  const call = client[operation as keyof PlexClient] as (options: object) => Promise<unknown>;
  return {
    name: operation,
    rules,
    base: {
      pinID: 7,
      ...('token' in rules && { token: 'a-token' }),
      code: '7RQZ',
      machineIdentifier: 'attic',
    },
    runs: 60,
    async call(options) {
      const before = asked;
      await call(options).catch((error: unknown) => {
        if (asked > before) throw new Error(`${operation} asked before it refused`);
        throw error;
      });
    },
  };
}

/** Puts one option, such as `polling.intervalMs`, in the place of what the others are. */
function withOption(base: object, option: string, value: unknown): object {
  const [outer = '', inner] = option.split('.');
  const fields = (base as Record<string, object | undefined>)[outer];
  return { ...base, [outer]: inner === undefined ? value : { ...fields, [inner]: value } };
}

/** Gives an option a value and says what is not as the rule has it. */
async function complaintAbout(
  { base, call }: EntryPoint,
  option: string,
  { words }: OptionRule,
  value: unknown,
  isRight: boolean | undefined,
): Promise<string | undefined> {
  let thrown: { error: unknown } | undefined;
  try {
    await call(withOption(base, option, value));
  } catch (error) {
    thrown = { error };
  }
  if (!thrown) return isRight === false ? `takes a wrong ${option}` : undefined;
  const { error } = thrown;
  if (!(error instanceof TypeError)) return `throws ${String(error)} for ${option}`;
  const { message } = error;
  if (isRight === true) return `refuses a right ${option}: ${message}`;
  if (!message.includes(option)) return `does not name ${option}: ${message}`;
  const allowed = [words ?? []].flat().map((one) => `plex-auth-flow: ${option} must be ${one}`);
  const isWorded = allowed.length === 0 || isRight === undefined || allowed.includes(message);
  return isWorded ? undefined : `has other words: ${message}`;
}

describe.each(entryPoints.map((entryPoint) => [entryPoint.name, entryPoint] as const))(
  '%s',
  (_name, entryPoint) => {
    const { rules, runs, onlyWrong } = entryPoint;

    it.each(Object.entries(rules))(
      'takes %s, or refuses it by name and in the same words',
      async (option, rule) => {
        for (const value of rule.wrong ?? [])
          expect([value, await complaintAbout(entryPoint, option, rule, value, false)]).toEqual([
            value,
            undefined,
          ]);
        const isGiven = (value: unknown) => !onlyWrong || rule.isRight(value) === false;
        for (const value of [...oddValues, ...unwritableValues].filter(isGiven)) {
          const complaint = await complaintAbout(entryPoint, option, rule, value, rule.isRight(value));
          if (complaint) expect([value, complaint]).toEqual([value, undefined]);
        }
        const property = fc.asyncProperty(anyValue.filter(isGiven), async (value) => {
          const isRight = value === undefined ? undefined : rule.isRight(value);
          const complaint = await complaintAbout(entryPoint, option, rule, value, isRight);
          if (complaint) throw new Error(complaint);
        });
        await fc.assert(property, runsOf(runs));
      },
    );
  },
);

describe('in place of all options', () => {
  it.each<[string, (options: never) => unknown, readonly unknown[]]>([
    ['createPlexClient', createPlexClient, [null, 'x', 5, true]],
    ['createPlexAuth', createPlexAuth, [undefined, null, 'x', 5, true]],
    ['signIn', signIn, [undefined, null]],
    ['createBrowserPlexAuth', createBrowserPlexAuth, [undefined, null, 'x']],
    ['createPlexInspector', createPlexInspector, [null, 'x', 5]],
    ['renderPlexSignIn', renderPlexSignIn, [undefined, null, 'x']],
  ])('%s refuses what is no object', async (_name, call, values) => {
    for (const value of values) await expect(async () => call(value as never)).rejects.toThrow(TypeError);
  });
});

describe('what is needed', () => {
  it('is a product, of createPlexAuth and signIn', async () => {
    const words = 'plex-auth-flow: product must be given';
    expect(() => createPlexAuth({} as PlexAuthOptions)).toThrow(new TypeError(words));
    await expect(signIn({} as SignInOptions)).rejects.toThrow(new TypeError(words));
  });

  it('is a client identifier, of the client or of a call', async () => {
    let asked = 0;
    const fetch: Fetch = async () => {
      asked += 1;
      return new Response();
    };
    await expect(createPlexClient({ fetch }).getPin()).rejects.toThrow(
      new TypeError('plex-auth-flow: clientIdentifier must be printable ASCII'),
    );
    expect(asked).toBe(0);
  });
});

describe('options that depend on one another', () => {
  it('are refused by the one that is too low', () => {
    const polling = { intervalMs: 3000, maxIntervalMs: 2000 };
    expect(() => createPlexAuth({ product: 'Test', polling })).toThrow(
      new TypeError('plex-auth-flow: polling.maxIntervalMs must be from 3000 to 2147483647 ms'),
    );
  });

  it.each([
    'http://localhost:1',
    'http://emulator.localhost:1',
    'http://127.0.0.2:1',
    'http://[::1]:1',
    'https://plex.lan',
  ])('let a server pass that nobody on the way can listen to: %s', (serverURL) => {
    createPlexClient({ serverURL });
  });

  it('let plain http pass where it is asked for, at the client or at a call', async () => {
    const origins: string[] = [];
    const fetch: Fetch = async (input) => {
      origins.push(new URL(String(input)).origin);
      return new Response(answerTexts.newPin, { status: 201 });
    };
    const serverURL = 'http://plex.lan:32400';
    const client = createPlexClient({
      clientIdentifier: 'tv',
      allowInsecureRequests: true,
      serverURL,
      fetch,
    });
    await client.getPin();
    await client.getPin({ serverURL: 'http://other.lan' });
    expect(origins).toEqual([serverURL, 'http://other.lan']);
  });
});

describe('a refusal', () => {
  it('shows no value', () => {
    const make = () => createPlexClient({ serverURL: 'ftp://user:canary@plex.tv' });
    expect(make).toThrow('serverURL');
    expect(make).not.toThrow('canary');
  });

  it('leaves no timer where the signal is none', async () => {
    const time = createVirtualTime();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: silent, clock: time.clock });
    await client.getPin({ signal: 5 as unknown as AbortSignal }).catch(() => {});
    expect(time.timers).toBe(0);
  });
});

describe('what is taken', () => {
  it('reaches Plex: every product and device name', async () => {
    const fetch: Fetch = async (input, init) => {
      new Request(input, init);
      return new Response(answerTexts.newPin, { status: 201 });
    };
    const text = fc.string({ minLength: 1, unit: 'binary' });
    const property = fc.asyncProperty(text, text, async (product, deviceName) => {
      const client = createPlexClient({ clientIdentifier: 'tv', product, device: { deviceName }, fetch });
      await client.getPin();
    });
    await fc.assert(property, runsOf(500));
  });

  it('may be a device without a prototype', () => {
    createPlexClient({ device: Object.assign(Object.create(null) as object, { model: 'x' }) });
  });

  it('makes a PIN with the longest lifetime', async () => {
    const emulator = createPlexEmulator({ lifetimeMs: { short: 2 ** 31 - 1 } });
    await createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch }).getPin();
  });

  it('may be a ping without a token', async () => {
    const fetch: Fetch = async () => new Response('{"pong":true}');
    await createPlexClient({ clientIdentifier: 'tv', fetch }).ping({ token: undefined });
  });

  it.each([
    { device: undefined },
    { device: { model: undefined } },
    { polling: { adjustDelayMs: undefined } },
    { polling: { adjustDelayMs: (delayMs: number) => delayMs } },
    { renewals: Infinity },
  ])('leaves the engine idle: %j', (options) => {
    const auth = createPlexAuth({ product: 'My App', ...options } as PlexAuthOptions);
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    void auth.dispose();
  });
});
