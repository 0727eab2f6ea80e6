import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reactive } from 'vue';
import { createRedactor } from '../../src/inspect/redact.ts';
import { Secret } from '../../src/secret.ts';
import { anyValue, oddValues, unwritableValues } from '../whole/properties/odd-values.ts';
import { runsOf } from '../whole/properties/seed.ts';

const token = 'Xtok/canary-5Qz81xWv';
const hidden = '[redacted]';

/** What a new redactor makes of a value. */
const redacted = (value: unknown) => createRedactor().redact(value);

describe('a Secret', () => {
  it.each<[string, unknown]>([
    ['as it is', new Secret(token)],
    ['behind a proxy', new Proxy(new Secret(token), {})],
    ['behind that of a user interface', reactive({ held: new Secret(token) }).held],
    ['as a structured clone', structuredClone(new Secret(token))],
    ['of another copy of this library', { secret: hidden, reveal: () => token }],
    ['whose reveal throws', { secret: hidden, reveal: () => expect.fail() }],
  ])('is shown as [redacted]: %s', (_name, secret) => {
    expect(redacted({ deep: [{ kept: secret }] })).toEqual({ deep: [{ kept: hidden }] });
  });

  it.each<[string, unknown]>([
    ['after it', [new Secret(token), { plain: token }]],
    ['before it', [{ plain: token }, new Secret(token)]],
    ['behind a proxy', [reactive({ held: new Secret(token) }).held, token]],
    ['within a text', [new Secret(token), `GET /x/${token}?y`]],
    ['as a key', [new Secret(token), { [token]: 1 }]],
    ['in a Map and a Set', [new Secret(token), new Map([[token, new Set([token])]])]],
    ['in an address', [new Secret(token), new URL(`https://x/?q=${encodeURIComponent(token)}`)]],
    ['encoded twice', [new Secret(token), encodeURIComponent(encodeURIComponent(token))]],
    ['encoded in small letters', [new Secret(token), token.replace('/', '%2f')]],
    ['in JSON', [new Secret(`q"\\${token}`), JSON.stringify({ held: `q"\\${token}` })]],
    ['in an error and its causes', [new Secret(token), new Error(token, { cause: new Error(`x ${token}`) })]],
    ['in a String object', [new Secret(token), new String(token)]],
    ['in what toJSON makes', [new Secret(token), { toJSON: () => ({ token, is: token }) }]],
    ['where a text is cut', [new Secret(token), 'x'.repeat(9_990) + token]],
    ['where many are cut', [new Secret(token), token.repeat(1000)]],
    ['beyond where one is cut', [new Secret(token), `${'x'.repeat(9_999)}${token}${token}${token}`]],
  ])('is found elsewhere as a plain text: %s', (_name, value) => {
    const shown = JSON.stringify(redacted(value)).toLowerCase();
    for (let start = 0; start + 6 <= token.length; start++)
      expect(shown).not.toContain(token.slice(start, start + 6).toLowerCase());
  });

  it('is found in later values', () => {
    const { redact } = createRedactor();
    redact(new Secret(token));
    expect(redact({ kept: `is ${token}` })).toEqual({ kept: `is ${hidden}` });
  });

  it('is hidden as a whole where it begins with another', () => {
    expect(redacted([new Secret('abcdefghij'), new Secret('abcdefghijklmno'), 'abcdefghijklmno'])).toEqual([
      hidden,
      hidden,
      hidden,
    ]);
  });

  it('shows nothing of itself in the redactor', () => {
    const redactor = createRedactor();
    redactor.redact(new Secret(token));
    expect(Reflect.ownKeys(redactor)).toEqual(['redact', 'redactConfig']);
  });

  it('is remembered with the last 500', () => {
    const { redact } = createRedactor();
    const secrets = Array.from({ length: 550 }, (_, index) => `secret-${index}-of-many`);
    for (const secret of secrets) redact(new Secret(secret));
    redact(new Secret(secrets[50] ?? ''));
    expect(redact([secrets[549], secrets[50], secrets[49]])).toEqual([hidden, hidden, secrets[49]]);
  });
});

describe('a field', () => {
  it.each([
    'token',
    'authToken',
    'accessToken',
    'access_token',
    'X-Plex-Token',
    'Authorization',
    'password',
    'clientIdentifier',
    'X-Plex-Client-Identifier',
    'qrURL',
  ])('that is named %s is hidden, and its value elsewhere', (name) => {
    expect(redacted([{ [name]: token }, token])).toEqual([{ [name]: hidden }, hidden]);
    expect(redacted({ [name]: { deep: token } })).toEqual({ [name]: hidden });
    expect(redacted(new Map([[name, token]]))).toEqual({ [name]: hidden });
  });

  it('of headers and parameters is hidden, too', () => {
    expect(redacted(new Headers({ Authorization: `Bearer ${token}`, Accept: 'x' }))).toEqual({
      authorization: hidden,
      accept: 'x',
    });
    expect(redacted(new URLSearchParams({ token, page: '1' }))).toEqual({ token: hidden, page: '1' });
  });

  it('that is empty says so', () => {
    expect(redacted({ token: null, password: '', authToken: undefined })).toEqual({
      token: null,
      password: '',
    });
  });

  it('that is only named a little like one is shown', () => {
    const shown = { getToken: 'a', fetchingToken: 'b', tokens: 3, secretary: 'c', passwordless: true };
    expect(redacted(shown)).toEqual(shown);
  });
});

describe('a PIN', () => {
  const pin = { pinID: 700000123, code: 'AB3K', clientIdentifier: 'tv-in-the-hall', expiresInMs: 900_000 };

  it('keeps its id, its code and its client identifier, and shows when it ends', () => {
    expect(redacted(pin)).toEqual({ ...pin, pinID: hidden, code: hidden, clientIdentifier: hidden });
  });

  it('has its id hidden where it turns up again, as a number or in a text', () => {
    expect(redacted([pin, 700000123, { request: 'GET /api/v2/pins/700000123' }, 700000124])).toEqual([
      expect.anything(),
      hidden,
      { request: `GET /api/v2/pins/${hidden}` },
      700000124,
    ]);
  });

  it('whose id is short has it hidden in its place alone: 12 is also a count', () => {
    expect(redacted([{ pinID: 12 }, 12])).toEqual([{ pinID: hidden }, 12]);
  });

  it.each([
    'https://app.plex.tv/auth#?clientID=tv-in-the-hall&code=AB3K&context=x',
    'https://x/?next=https%3A%2F%2Fplex.tv%2Flink%3Fcode%3DAB3K%26x',
    'type AB3K there',
  ])('has its code hidden in %s', (text) => {
    const [, shown] = redacted([pin, text]) as [unknown, string];
    expect(shown).not.toMatch(/AB3K|tv-in-the-hall/);
    expect(shown).toContain(hidden);
  });

  it('leaves a word alone that its short code is a part of', () => {
    expect(redacted([pin, 'CAB3KS'])).toEqual([expect.anything(), 'CAB3KS']);
  });

  it('has the code of its view hidden', () => {
    const view = {
      status: 'awaitingLink',
      code: 'AB3K',
      authURL: 'https://x/?code=AB3K',
      qrURL: 'https://y',
    };
    expect(redacted(view)).toEqual({
      ...view,
      code: hidden,
      authURL: `https://x/?code=${hidden}`,
      qrURL: hidden,
    });
  });

  it('leaves the code of an error alone', () => {
    const error = Object.assign(new TypeError('Boom'), { code: 'PLEX_HTTP', status: 503, retryable: true });
    expect(redacted(error)).toEqual({
      name: 'TypeError',
      message: 'Boom',
      code: 'PLEX_HTTP',
      status: 503,
      retryable: true,
    });
  });
});

it.each([
  ['https://x/photo?X-Plex-Token=abc123&w=1', `https://x/photo?X-Plex-Token=${hidden}&w=1`],
  [
    'https://x/?u=https%3A%2F%2Fy%3FX-Plex-Token%3Dabc%2Bd%26w',
    `https://x/?u=https%3A%2F%2Fy%3FX-Plex-Token%3D${hidden}%26w`,
  ],
  ['X-Plex-Token: abc123', `X-Plex-Token: ${hidden}`],
  ['{"authToken":"abc123","id":1}', `{"authToken":"${hidden}","id":1}`],
  ['Authorization: Bearer abc.def', `Authorization: Bearer ${hidden}`],
  ['Unexpected token: x', 'Unexpected token: x'],
])('a token that nobody knows is hidden where a text names it: %s', (text, shown) => {
  expect(redacted(text)).toBe(shown);
});

describe('a value', () => {
  it('comes out as plain JSON', () => {
    const date = new Date(0);
    const value = {
      date,
      set: new Set([1]),
      map: new Map([['a', 1n]]),
      bytes: new Uint8Array(3),
      call: () => {},
      list: [() => {}, undefined, NaN],
      symbol: Symbol('s'),
      none: undefined,
    };
    expect(redacted(value)).toEqual({
      date: date.toJSON(),
      set: [1],
      map: { a: '1' },
      bytes: '[3 bytes]',
      list: [null, null, null],
      symbol: 'Symbol(s)',
    });
  });

  it('may hold getters that throw, proxies that refuse, and a toJSON that does', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const boom = () => expect.fail();
    const value = {
      get bad() {
        return boom();
      },
      proxy,
      json: { toJSON: boom, shown: 1 },
    };
    expect(redacted(value)).toEqual({ bad: '[unreadable]', proxy: '[unreadable]', json: { shown: 1 } });
  });

  it('may go in circles, and be the same one twice', () => {
    const shared = { x: 1 };
    const value: Record<string, unknown> = { one: shared, other: shared };
    value['self'] = value;
    expect(redacted(value)).toEqual({ one: { x: 1 }, other: { x: 1 }, self: '[circular]' });
  });

  it('that no message could hold comes out small', () => {
    let deep: object = {};
    for (let level = 0; level < 100_000; level++) deep = { deep };
    const double = { left: {}, right: {} };
    let tree: object = double;
    for (let level = 0; level < 40; level++) tree = { left: tree, right: tree };
    for (const value of [
      deep,
      tree,
      Array.from({ length: 1_000_000 }, () => 'x'),
      Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name-${index}`, index])),
      'x'.repeat(10_000_000),
      Array.from({ length: 400 }, () => 'x'.repeat(100_000)),
      new Map(Array.from({ length: 100_000 }, (_, index) => [index, index])),
    ]) {
      expect(JSON.stringify(redacted(value)).length).toBeLessThan(700_000);
    }
  });

  it('is cut below sixteen levels, and a text object is a text', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 20; level++) deep = { deep };
    expect(JSON.stringify(redacted(deep))).toBe(`${'{"deep":'.repeat(16)}"…"${'}'.repeat(16)}`);
    expect(redacted(new String('text'))).toBe('text');
  });

  it('leaves no prototype changed', () => {
    const shown = redacted(JSON.parse('{"__proto__":{"polluted":1}}')) as object;
    expect([Object.getPrototypeOf(shown), ({} as { polluted?: number }).polluted]).toEqual([
      Object.prototype,
      undefined,
    ]);
  });

  it('of any kind comes out as JSON, and as itself from then on', () => {
    const values = fc.oneof(anyValue, fc.constantFrom(...oddValues, ...unwritableValues));
    fc.assert(
      fc.property(values, (value) => {
        const shown = redacted({ value });
        expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
        expect(structuredClone(shown)).toEqual(shown);
        expect(redacted(shown)).toEqual(shown);
      }),
      runsOf(1000),
    );
  });

  it('never shows a secret that it holds, whatever that is and wherever', () => {
    const place = fc.constantFrom<(secret: string) => unknown>(
      (secret) => secret,
      (secret) => ({ deep: [secret] }),
      (secret) => `left ${secret} right`,
      (secret) => ({ [`key ${secret}`]: 1 }),
      (secret) => new Error(secret),
      (secret) => `https://x/?q=${encodeURIComponent(secret)}`,
      (secret) => `https://x/?${new URLSearchParams({ q: secret })}`,
      (secret) => JSON.stringify({ secret }),
      (secret) => new Map([['x', secret]]),
    );
    const secretText = fc
      .string({ unit: 'grapheme-ascii', minLength: 9, maxLength: 60 })
      .filter((text) => !'[redacted]…left right https://x/?q='.includes(text));
    fc.assert(
      fc.property(secretText, fc.array(place, { maxLength: 6 }), fc.nat(6), (secret, places, index) => {
        const values: unknown[] = places.map((put) => put(secret));
        values.splice(index, 0, new Secret(secret));
        const shown = JSON.stringify(redacted(values));
        const forms = [secret, encodeURIComponent(secret), `${new URLSearchParams({ q: secret })}`.slice(2)];
        for (const form of forms) expect(shown).not.toContain(JSON.stringify(form).slice(1, -1));
      }),
      runsOf(1000),
    );
  });
});

describe("a machine's config", () => {
  const config = {
    id: 'app',
    context: { kept: 'innocent' },
    initial: 'password',
    states: {
      password: { on: { NEXT: { guard: () => true, target: 'token' } } },
      token: { entry: function greet() {}, meta: { authToken: token, said: `is ${token}` } },
    },
  };

  it('keeps its states in their order, by any name, and functions by theirs', () => {
    expect(JSON.stringify(createRedactor().redactConfig(config))).toBe(
      JSON.stringify({
        id: 'app',
        initial: 'password',
        states: {
          password: { on: { NEXT: { guard: { type: 'guard' }, target: 'token' } } },
          token: { entry: { type: 'greet' }, meta: { authToken: hidden, said: `is ${hidden}` } },
        },
      }),
    );
  });

  it('may go in circles', () => {
    const round: Record<string, unknown> = { id: 'round' };
    round['self'] = round;
    expect(createRedactor().redactConfig(round)).toEqual({ id: 'round', self: '[circular]' });
  });
});
