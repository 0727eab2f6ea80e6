import fc from 'fast-check';

/** Values that programs pass by mistake, and some that only an enemy does. */
export const oddValues: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 249, 250, 1000, 65_535, 65_536],
  ...[
    2 ** 31 - 1,
    2 ** 31,
    2 ** 53,
    1e308,
    7n,
    Symbol('odd'),
    new Date(0),
    new Date(NaN),
    /x/,
    new Map(),
    new Set([1]),
  ],
  ...[
    '',
    ' ',
    'x',
    ' x',
    'x ',
    'a\nb',
    '\0',
    '\u001b[2J',
    'é',
    '🛋️',
    '\u202e',
    'x'.repeat(100_000),
    '7',
    'true',
    'null',
  ],
  ...[
    'https://x',
    'https://x/',
    'http://localhost:1/',
    'HTTPS://X/y',
    'https://u:p@x',
    'https://x/?q',
    'https://x/#h',
  ],
  ...[
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//x',
    'x.y',
    'http://',
    'http://[',
    ' https://x',
  ],
  ...['unsafe-none', 'same-origin', '__proto__', 'constructor', 'toString'],
  ...[
    [],
    [1],
    ['x'],
    [[]],
    {},
    { x: 1 },
    JSON.parse('{"then":1}'),
    { now: 1 },
    { getItem: 1 },
    { aborted: false },
  ],
  ...[() => {}, () => 'x', Promise.resolve(1), new Error('x'), new URL('https://x'), new Uint8Array(2)],
  JSON.parse('{"__proto__":{"polluted":1}}'),
];

/** Values that cannot even be written out. */
export const unwritableValues: readonly unknown[] = [
  Object.create(null),
  { toString: 1 },
  { toString: null, valueOf: null },
];

/** Any value at all, the odd ones more often. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...oddValues),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
);
