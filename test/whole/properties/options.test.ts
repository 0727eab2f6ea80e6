import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlexAuth, type PlexAuthOptions } from '../../../src/engine/create-plex-auth.ts';
import { type SignInOptions, signIn } from '../../../src/engine/sign-in.ts';
import {
  createPlexClient,
  type PlexClient,
  type PlexClientOptions,
  Secret,
} from '../../../src/plex/client.ts';
import type { Fetch } from '../../../src/ports.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type PlexEmulatorOptions,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
} from '../../../src/testing/index.ts';
import { uncaughtIn } from '../../fixture/uncaught-in.ts';
import { answerTexts } from './good-answers.ts';
import { anyValue, oddValues, unwritableValues } from './odd-values.ts';
import { runsOf } from './seed.ts';

/** Whether a value is right for an option, by its documentation; undefined where that leaves it open. */
type Rule = (value: unknown) => boolean | undefined;
type Rules = Readonly<Record<string, Rule>>;

const longestMs = 2 ** 31 - 1;
const isText: Rule = (value) => typeof value === 'string' && value !== '';
const isShown: Rule = (value) => isText(value) && !/\p{Surrogate}/u.test(value as string);
const isASCII: Rule = (value) => typeof value === 'string' && /^[!-~]([ -~]*[!-~])?$/.test(value);
const isFlag: Rule = (value) => typeof value === 'boolean';
const isFunction: Rule = (value) => typeof value === 'function';
const isMs =
  (leastMs: number): Rule =>
  (value) =>
    typeof value === 'number' && value >= leastMs && value <= longestMs;
const isFrom0: Rule = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isLifetime: Rule = (value) => isAbove0(value) && (value as number) <= 2 ** 31 - 1;
const isAbove0: Rule = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;
const has =
  (...methods: string[]): Rule =>
  (value) =>
    Object(value) === value &&
    methods.every((name) => typeof Reflect.get(value as object, name) === 'function');
const isURL =
  (isBase: boolean): Rule =>
  (value) => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const { protocol, hostname, username, password, href } = new URL(value);
    if (!/^https?:$/.test(protocol) || username || password || (isBase && /[?#]/.test(href))) return false;
    // Whether plain http to another machine is taken is not for this test to say.
    return protocol === 'https:' || hostname === 'localhost' ? true : undefined;
  };
/** Empty objects of every kind are taken for one without fields. */
const isFields =
  (rules: Rules): Rule =>
  (value) => {
    if (Object(value) !== value) return false;
    const entries = Object.entries(value as object);
    if (entries.length === 0) return undefined;
    return entries.every(
      ([name, part]) => part === undefined || (Object.hasOwn(rules, name) && rules[name]?.(part) === true),
    )
      ? true
      : undefined;
  };
/** What else is taken where `undefined` is. */
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? undefined : rule(value);
const unless =
  (isOpen: (value: unknown) => boolean, rule: Rule): Rule =>
  (value) =>
    isOpen(value) ? undefined : rule(value);

const clockMethods = has('now', 'setTimeout', 'clearTimeout');
const storeMethods = has('getItem', 'setItem', 'removeItem');
const silent: Fetch = () => new Promise(() => {});

/** A text that is no UTF-16 is let pass as yet: see the known faults below. */
const isTextAsYet: Rule = (value) => (isText(value) && !isShown(value) ? undefined : isText(value));
const device: Rules = Object.fromEntries(
  [
    'version',
    'platform',
    'platformVersion',
    'device',
    'deviceName',
    'model',
    'language',
    'screenResolution',
    'layout',
    'environment',
  ].map((name) => [name, isTextAsYet]),
);
const clientRules: Rules = {
  product: isTextAsYet,
  clientIdentifier: isASCII,
  device: unless((value) => Object(value) === value && !(value instanceof Object), isFields(device)),
  serverURL: isURL(true),
  forwardURL: isURL(false),
  fetch: isFunction,
  clock: clockMethods,
  requestTimeoutMs: isMs(1),
};
const authRules: Rules = {
  ...clientRules,
  strong: isFlag,
  authAppURL: isURL(true),
  linkURL: isURL(true),
  store: storeMethods,
  credentials: storeMethods,
  random: isFunction,
  inspect: unless((value) => Object(value) === value && typeof value !== 'function', isFunction),
  polling: unless(
    (value) => Object(value) === value,
    () => false,
  ),
  giveUpAfterMs: isMs(1),
  renewals: (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
};
const pollingRules: Rules = { intervalMs: isMs(250), maxIntervalMs: isMs(1000), maxBackoffMs: isMs(1000) };
const emulatorRules: Rules = {
  clock: orNull(clockMethods),
  random: orNull(isFunction),
  lifetimeMs: () => undefined,
  approveAfterMs: isFrom0,
  readOnce: orNull(isFlag),
  tokenLagMs: orNull(isFrom0),
  rateLimit: () => undefined,
  user: (value) =>
    ['string', 'number', 'boolean', 'bigint', 'symbol', 'function'].includes(typeof value)
      ? false
      : undefined,
  idBase: orNull((value) => Number.isSafeInteger(value) && (value as number) >= 0),
  openerPolicy: orNull((value) => value === 'unsafe-none' || value === 'same-origin'),
};

/** Makes the call and says what is not as documented. */
async function errorIn(
  call: () => unknown,
  name: string,
  isRight: boolean | undefined,
): Promise<string | undefined> {
  let thrown: { error: unknown } | undefined;
  try {
    await call();
  } catch (error) {
    thrown = { error };
  }
  if (!thrown) return isRight === false ? `takes a wrong ${name}` : undefined;
  const { error } = thrown;
  if (!(error instanceof TypeError)) return `throws ${String(error)} for ${name}`;
  if (!error.message.includes(name)) return `does not name ${name}: ${error.message}`;
  return isRight === true ? `refuses a right ${name}: ${error.message}` : undefined;
}

/** Runs a call with every odd value and with arbitrary ones in the place of each of its options. */
function itChecks(rules: Rules, call: (name: string, value: unknown) => unknown, numRuns = 150): void {
  it.each(Object.entries(rules))('takes %s or refuses it by name', async (name, rule) => {
    for (const value of oddValues) {
      expect([value, await errorIn(() => call(name, value), name, rule(value))]).toEqual([value, undefined]);
    }
    const property = fc.asyncProperty(anyValue, async (value) => {
      const isRight = value === undefined ? undefined : rule(value);
      const fault = await errorIn(() => call(name, value), name, isRight);
      if (fault) throw new Error(fault);
    });
    await fc.assert(property, runsOf(numRuns));
  });
}

const clientOf = (options: object) => createPlexClient(options as PlexClientOptions);
async function authOf(options: object): Promise<void> {
  const { clock } = createVirtualTime();
  const all = { product: 'Test', fetch: silent, clock, ...options } as PlexAuthOptions;
  await uncaughtIn(async () => {
    const auth = createPlexAuth(all);
    void auth.dispose();
  }).then(([uncaught]) => {
    if (uncaught) throw uncaught;
  });
}

describe('createPlexClient', () => {
  itChecks(clientRules, (name, value) => clientOf({ [name]: value }));

  it('refuses an unknown field of device by name', () => {
    expect(() => clientOf({ device: { colour: 'red' } })).toThrow(/device\.colour/);
  });

  it.each(Object.keys(device))('takes device.%s or refuses it by name', async (name) => {
    for (const value of oddValues) {
      const fault = await errorIn(
        () => clientOf({ device: { [name]: value } }),
        `device.${name}`,
        isTextAsYet(value),
      );
      expect([value, fault]).toEqual([value, undefined]);
    }
  });

  it('sends every product and device name that it takes', async () => {
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

  it.each([
    ['product', { product: '\ud800' }],
    ['device.deviceName', { device: { deviceName: 'x\udc00' } }],
  ])('refuses half a character in %s, which no URL holds', (name, options) => {
    expect(() => clientOf(options)).toThrow(name);
  });

  it('takes a device without a prototype', () => {
    clientOf({ device: Object.assign(Object.create(null) as object, { model: 'x' }) });
  });

  it.each(['x', 5, true])('refuses %s in place of all options', (options) => {
    expect(() => clientOf(options as unknown as object)).toThrow(TypeError);
  });
});

describe('createPlexAuth', () => {
  itChecks(authRules, (name, value) => authOf({ [name]: value }), 60);
  it.each(Object.entries(pollingRules))('takes polling.%s or refuses it by name', async (name, rule) => {
    for (const value of oddValues) {
      const fault = await errorIn(
        () => authOf({ polling: { [name]: value } }),
        `polling.${name}`,
        name === 'intervalMs' && rule(value) ? undefined : rule(value),
      );
      expect([value, fault]).toEqual([value, undefined]);
    }
  });

  it.each([undefined, null, 'x', 5, true])('refuses %s in place of all options', (options) => {
    expect(() => createPlexAuth(options as unknown as PlexAuthOptions)).toThrow(TypeError);
  });
});

describe('signIn', () => {
  const isSignal = has('throwIfAborted', 'addEventListener', 'removeEventListener');

  itChecks(
    { ...clientRules, onView: isFunction, signal: isSignal },
    async (name, value) => {
      const { clock } = createVirtualTime();
      const ended = new AbortController();
      const all = {
        product: 'Test',
        fetch: silent,
        clock,
        signal: ended.signal,
        [name]: value,
      } as unknown as SignInOptions;
      const over = signIn(all);
      if (name === 'signal' && isSignal(value) === true) return;
      queueMicrotask(() => ended.abort(undefined));
      await over.catch((error: unknown) => {
        if (!(error instanceof DOMException)) throw error;
      });
    },
    40,
  );

  it.each([undefined, null])('refuses %s in place of all options', async (options) => {
    await expect(signIn(options as unknown as SignInOptions)).rejects.toThrow(TypeError);
  });
});

describe('createPlexEmulator', () => {
  itChecks(emulatorRules, (name, value) => createPlexEmulator({ [name]: value } as PlexEmulatorOptions));

  it.each(['short', 'strong'] as const)('takes lifetimeMs.%s or refuses it by name', async (name) => {
    for (const value of oddValues) {
      const call = () => createPlexEmulator({ lifetimeMs: { [name]: value } } as PlexEmulatorOptions);
      expect([value, await errorIn(call, `lifetimeMs.${name}`, isLifetime(value))]).toEqual([
        value,
        undefined,
      ]);
    }
  });

  it.each(['requests', 'perMs', 'retryAfterMs'] as const)(
    'takes rateLimit.%s or refuses it by name',
    async (name) => {
      const rules: Rules = {
        requests: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
        perMs: isAbove0,
        retryAfterMs: isFrom0,
      };
      for (const value of oddValues) {
        const rateLimit = { requests: 1, perMs: 1, [name]: value };
        const call = () => createPlexEmulator({ rateLimit } as PlexEmulatorOptions);
        expect([value, await errorIn(call, `rateLimit.${name}`, rules[name]?.(value))]).toEqual([
          value,
          undefined,
        ]);
      }
    },
  );

  it.each(unwritableValues.map((value) => [value]))(
    'names the option whose value cannot be written out',
    (value) => {
      expect(() => createPlexEmulator({ readOnce: value } as unknown as PlexEmulatorOptions)).toThrow(
        'readOnce',
      );
    },
  );

  it.each([
    ['lifetimeMs', 5],
    ['lifetimeMs', 'x'],
    ['rateLimit', null],
  ])('refuses %s of %s by name', (name, value) => {
    const call = () => createPlexEmulator({ [name]: value } as PlexEmulatorOptions);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`plex-auth-flow: ${name} must be`);
  });

  it('makes a PIN with the longest lifetime that it takes', async () => {
    const emulator = createPlexEmulator({ lifetimeMs: { short: 2 ** 31 - 1 } });
    await createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch }).getPin();
    expect(() => createPlexEmulator({ lifetimeMs: { short: 2 ** 31 } })).toThrow('lifetimeMs.short');
  });
});

describe('servePlexEmulator', () => {
  const isPort: Rule = (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;

  it('refuses a wrong port by name', async () => {
    const wrong = oddValues.filter((value) => !isPort(value) && typeof value !== 'symbol');
    for (const port of wrong) {
      const call = () => servePlexEmulator({ port } as ServePlexEmulatorOptions);
      // What cannot be written out is a known fault; `[]` and the like can.
      expect([port, await errorIn(call, 'port', false)]).toEqual([port, undefined]);
    }
  });

  it.each([[Symbol('odd')], ...unwritableValues.map((value) => [value])])(
    'names the port that cannot be written out',
    async (port) => {
      await expect(servePlexEmulator({ port } as unknown as ServePlexEmulatorOptions)).rejects.toThrow(
        'plex-auth-flow: port must be',
      );
    },
  );

  it('refuses a wrong emulator by name', async () => {
    const options = { emulator: 5 } as unknown as ServePlexEmulatorOptions;
    const refused = await servePlexEmulator(options).then(
      (served) => served.close(),
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(TypeError);
  });
});

describe('the arguments of a call', () => {
  const token = 'tok';
  const isToken: Rule = (value) =>
    isASCII(value) || value instanceof Secret ? true : typeof value === 'string' ? false : undefined;
  const isWrongToken: Rule = (value) => (Object(value) === value ? undefined : isToken(value) === true);
  const calls: Record<string, (client: PlexClient, more: object) => Promise<unknown>> = {
    getPin: (client, more) => client.getPin(more),
    getToken: (client, more) => client.getToken({ pinID: 7, ...more }),
    getUser: (client, more) => client.getUser({ token, ...more }),
    signOut: (client, more) => client.signOut({ token, ...more }),
    linkPin: (client, more) => client.linkPin({ token, code: '7RQZ', ...more }),
    ping: (client, more) => client.ping(more),
  };
  const shared: Rules = { serverURL: isURL(true), clientIdentifier: isASCII, signal: () => undefined };
  const own: Record<string, Rules> = {
    getToken: { pinID: (value) => Number.isSafeInteger(value) && (value as number) > 0 },
    getUser: { token: isWrongToken },
    signOut: { token: isWrongToken },
    linkPin: { token: isWrongToken, code: isText },
    ping: { token: isWrongToken },
  };
  const answers: Record<string, string> = {
    getPin: answerTexts.newPin,
    getToken: answerTexts.pendingPin,
    getUser: answerTexts.user,
  };

  describe.each(Object.entries(calls))('%s', (operation, call) => {
    const { clock } = createVirtualTime();
    const fetch: Fetch = async () => new Response(answers[operation] ?? '{}', { status: 200 });
    const client = createPlexClient({ clientIdentifier: 'tv', fetch, clock });
    itChecks({ ...shared, ...own[operation] }, (name, value) => call(client, { [name]: value }), 60);
  });

  it('leave no timer where the signal is none', async () => {
    const time = createVirtualTime();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: silent, clock: time.clock });
    await client.getPin({ signal: 5 as unknown as AbortSignal }).catch(() => {});
    expect(time.timers).toBe(0);
  });

  it('name the token that is no Secret', async () => {
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: silent });
    const token = { reveal: 1 } as unknown as Secret;
    await expect(client.getUser({ token })).rejects.toThrow('token must be');
  });

  it('may say that there is no token to ping with', async () => {
    const client = createPlexClient({
      clientIdentifier: 'tv',
      fetch: async () => new Response('{"pong":true}'),
    });
    await client.ping({ token: undefined });
  });

  it.each(['getUser', 'signOut', 'linkPin'] as const)('name the token that %s lacks', async (operation) => {
    const client = createPlexClient({
      clientIdentifier: 'tv',
      fetch: async () => new Response('{}', { status: 401 }),
    });
    const call = client[operation] as (call: object) => Promise<unknown>;
    await expect(call({ code: '7RQZ' })).rejects.toThrow('token');
  });
});

describe('what a store gives', () => {
  const keys = ['plex-auth-flow.client-identifier', 'plex-auth-flow.pin', 'plex-auth-flow.credentials'];
  const wellFormed = fc.string({ unit: 'grapheme' });
  const keptPin = fc.record(
    {
      pinID: fc.oneof(fc.integer({ min: 1 }), fc.anything()),
      code: fc.oneof(fc.constant('7RQZ'), wellFormed, fc.integer()),
      clientIdentifier: fc.oneof(fc.constant('tv'), wellFormed, fc.constant(null)),
      atMs: fc.oneof(fc.constant(Date.UTC(2026, 0, 1)), fc.double(), fc.constant('now')),
      expiresInMs: fc.oneof(fc.constant(900_000), fc.double()),
      qrURL: fc.oneof(fc.constant(null), wellFormed, fc.integer()),
    },
    { requiredKeys: ['pinID', 'code', 'clientIdentifier'] },
  );
  const keptCredentials = fc.record({
    token: fc.oneof(fc.constant('tok'), wellFormed, fc.anything()),
    clientIdentifier: fc.oneof(fc.constant('tv'), wellFormed, fc.anything()),
    serverURL: fc.oneof(fc.constant(undefined), wellFormed),
  });
  const record = fc.oneof(fc.constant(undefined), keptPin, keptCredentials, anyValue);
  const kept: fc.Arbitrary<() => unknown> = fc.oneof(
    record.map((value) => () => value),
    record.map((value) => () => toText(value)),
    fc.json().map((text) => () => text),
    fc.string().map((text) => () => text),
    record.map((value) => () => Promise.resolve(value)),
    anyValue.map((value) => () => Promise.reject(value)),
    anyValue.map((value) => () => {
      throw value;
    }),
    fc.constant(() => new Promise(() => {})),
  );

  it('never brings an engine down', { timeout: 120_000 }, async () => {
    const statuses = new Map<string, number>();
    const property = fc.asyncProperty(kept, kept, kept, async (identifier, pin, credentials) => {
      const answers: (() => unknown)[] = [identifier, pin, credentials];
      const time = createVirtualTime();
      const emulator = createPlexEmulator({ clock: time.clock, approveAfterMs: 3000 });
      const store = {
        getItem: (key: string) => answers[keys.indexOf(key)]?.(),
        setItem: () => {},
        removeItem: () => {},
      };
      const uncaught = await uncaughtIn(async () => {
        const { clock } = time;
        const auth = createPlexAuth({
          product: 'Test',
          clock,
          fetch: emulator.fetch,
          store,
          credentials: store,
        });
        auth.start();
        await time.advance(300_000);
        const { status } = auth.getSnapshot();
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        await auth.dispose();
      });
      expect(uncaught).toEqual([]);
      expect(time.timers).toBe(0);
    });
    await fc.assert(property, runsOf(600));
    console.info(
      [...statuses].map(([status, times]) => `${String(times).padStart(7)}  ${status}`).join('\n'),
    );
    expect(
      [...statuses.keys()].filter((status) => !['authenticated', 'expired', 'failed'].includes(status)),
    ).toEqual([]);
  });
});

describe('a kept PIN', () => {
  const kept = {
    pinID: 7,
    code: '7RQZ',
    clientIdentifier: 'tv',
    atMs: Date.UTC(2026, 0, 1),
    expiresInMs: 900_000,
  };

  /** Begins with a record in the store, and gives the state after half a minute, or what was not caught. */
  async function endWith(record: object): Promise<unknown> {
    const time = createVirtualTime();
    const { clock } = time;
    const emulator = createPlexEmulator({ clock, approveAfterMs: 3000 });
    const getItem = (key: string) => (key.endsWith('.pin') ? JSON.stringify({ ...kept, ...record }) : null);
    const store = { getItem, setItem: () => {}, removeItem: () => {} };
    let status: unknown;
    const uncaught = await uncaughtIn(async () => {
      const auth = createPlexAuth({ product: 'Test', clock, fetch: emulator.fetch, store });
      auth.start();
      await time.advance(30_000);
      ({ status } = auth.getSnapshot());
      await auth.dispose();
    });
    return uncaught[0] ?? status;
  }

  const setAside = async (_what: string, record: object) => {
    expect(await endWith(record)).toBe('authenticated');
  };
  it.each([
    ['with a number that is no id', { pinID: 0.5 }],
    ['with a client identifier that no header carries', { clientIdentifier: 'é' }],
  ])('%s is set aside for a new one', setAside);
  it.each([['of half a character', { code: '\ud800' }]])('%s is set aside for a new one', setAside);
});

/** As JSON, where it can be that. */
function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return '{';
  }
}
