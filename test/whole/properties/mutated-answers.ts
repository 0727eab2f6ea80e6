import fc from 'fast-check';
import { givenThings, thrownThings } from './broken-fetch.ts';
import { byteEdits, encode } from './byte-edits.ts';
import { answerTexts, type BaseName } from './good-answers.ts';
import { dates, longTexts, oddStatuses, oddTexts, oddTypes, strangeNames, waits } from './odd-wire.ts';

/** The calls of a client. */
export type Operation =
  | 'getPin'
  | 'getToken'
  | 'getUser'
  | 'getServers'
  | 'hasAccess'
  | 'signOut'
  | 'linkPin'
  | 'ping';

/** A change to one field of an answer: which one (counted round), how, and to what JSON text. */
interface FieldEdit {
  readonly field: number;
  readonly how: 'replace' | 'remove' | 'nest' | 'double' | 'add';
  readonly text: string;
}

/** A change to the bytes of an answer, at a place (counted round) where it has one. */
interface ByteEdit {
  readonly how: keyof typeof byteEdits;
  readonly at: number;
}

/** How an answer comes. */
export type Delivery =
  | { readonly how: 'whole' }
  /** In parts of these sizes, counted round; 0 is an empty part. */
  | { readonly how: 'parts'; readonly sizes: readonly number[] }
  /** With a turn of the event loop before each part. */
  | { readonly how: 'slowParts'; readonly sizes: readonly number[] }
  | { readonly how: 'breaks'; readonly at: number }
  | { readonly how: 'stalls'; readonly at: number; readonly minds: boolean }
  | { readonly how: 'endless'; readonly size: number }
  | { readonly how: 'endlessEmpty' }
  | { readonly how: 'noAnswer'; readonly minds: boolean }
  | { readonly how: 'rejects' | 'throws'; readonly thrown: keyof typeof thrownThings }
  | { readonly how: 'noResponse'; readonly given: keyof typeof givenThings }
  | { readonly how: 'textParts' }
  | { readonly how: 'locked' };

/** What makes one answer out of a good one; small, so that fast-check can print it and shrink it. */
export interface MutatedAnswer {
  readonly operation: Operation;
  readonly base: BaseName;
  readonly fieldEdits: readonly FieldEdit[];
  readonly byteEdits: readonly ByteEdit[];
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly delivery: Delivery;
}

const goodStatuses: Record<BaseName, readonly number[]> = {
  newPin: [201, 200],
  pendingPin: [200],
  claimedPin: [200],
  user: [200],
  resources: [200],
  sharedResources: [200],
  pong: [200],
  nothing: [204, 204, 200],
  malformed: [400],
  badToken: [401, 422, 498],
  otherClient: [403],
  gone: [404],
  tooMany: [429],
  outage: [500, 503],
  pinXML: [200, 201],
  errorXML: [401, 403, 404, 429],
  page: [200, 200, 503, 404, 511],
};

const likelyBases: Record<Operation, readonly BaseName[]> = {
  getPin: ['newPin', 'newPin', 'newPin', 'claimedPin'],
  getToken: ['pendingPin', 'pendingPin', 'claimedPin', 'claimedPin', 'gone'],
  getUser: ['user', 'user', 'user', 'badToken'],
  getServers: ['resources', 'resources', 'resources', 'badToken'],
  hasAccess: ['resources', 'resources', 'sharedResources', 'badToken'],
  signOut: ['nothing', 'badToken'],
  linkPin: ['nothing', 'gone', 'badToken'],
  ping: ['pong', 'badToken'],
};

const otherBases = Object.keys(answerTexts) as BaseName[];

const json = 'application/json; charset=utf-8';

const oddHeader: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('retry-after'), fc.constantFrom(...waits.filter(isLatin))) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('date'), fc.constantFrom(...dates)) },
  { weight: 3, arbitrary: fc.tuple(fc.constant('content-type'), fc.constantFrom(...oddTypes)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('content-length'), fc.constantFrom('0', '1', '-1', '99999999999', 'x')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('content-encoding'), fc.constantFrom('gzip', 'br', 'identity', 'x')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('location'), fc.constantFrom('javascript:alert(1)', '//x', 'http://[')),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constantFrom('retry-after', 'date', 'content-type', 'x-plex-token'),
      fc
        .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 9 })
        .map((codes) => String.fromCharCode(...codes)),
    ),
  },
);

/** A header carries bytes: what is no Latin-1 cannot come over the wire. */
function isLatin(text: string): boolean {
  return [...text].every((character) => character <= '\u00ff');
}

const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 3, arbitrary: fc.double().map(String) },
  { weight: 3, arbitrary: fc.maxSafeInteger().map(String) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.nat({ max: 0xffff }), { maxLength: 8 })
      .map((codes) => String.fromCharCode(...codes))
      .map((text) => JSON.stringify(text)),
  },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
);

/** Made on purpose rare: each costs as much as a hundred others. */
const heavyText = fc.constantFrom('«very deep list»', '«huge text»');

const toFieldEdit = (text: fc.Arbitrary<string>): fc.Arbitrary<FieldEdit> =>
  fc.record({
    field: fc.oneof(fc.nat({ max: 60 }), fc.constantFrom(0, 1, 4, 12, 15)),
    how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'nest', 'double', 'add'),
    text,
  });

const lightByteEdits = (Object.keys(byteEdits) as (keyof typeof byteEdits)[]).filter(
  (how) => !how.startsWith('too'),
);

const byteEdit: fc.Arbitrary<ByteEdit> = fc.record({
  how: fc.oneof(
    { weight: 8, arbitrary: fc.constant('truncate' as const) },
    { weight: 22, arbitrary: fc.constantFrom(...lightByteEdits) },
  ),
  at: fc.nat({ max: 2000 }),
});

const sizes = fc.array(fc.oneof(fc.constantFrom(0, 1, 1, 2, 3), fc.nat({ max: 300 })), {
  minLength: 1,
  maxLength: 5,
});

const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  { weight: 500, arbitrary: fc.constant<Delivery>({ how: 'whole' }) },
  { weight: 250, arbitrary: fc.record({ how: fc.constant('parts' as const), sizes }) },
  { weight: 15, arbitrary: fc.record({ how: fc.constant('slowParts' as const), sizes }) },
  { weight: 30, arbitrary: fc.record({ how: fc.constant('breaks' as const), at: fc.nat({ max: 900 }) }) },
  {
    weight: 15,
    arbitrary: fc.record({
      how: fc.constant('stalls' as const),
      at: fc.nat({ max: 900 }),
      minds: fc.boolean(),
    }),
  },
  { weight: 10, arbitrary: fc.record({ how: fc.constant('noAnswer' as const), minds: fc.boolean() }) },
  {
    weight: 30,
    arbitrary: fc.record({
      how: fc.constantFrom('rejects' as const, 'throws' as const),
      thrown: fc.constantFrom(...(Object.keys(thrownThings) as (keyof typeof thrownThings)[])),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      how: fc.constant('noResponse' as const),
      given: fc.constantFrom(...(Object.keys(givenThings) as (keyof typeof givenThings)[])),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Delivery>({ how: 'textParts' }, { how: 'locked' }) },
  {
    weight: 1,
    arbitrary: fc.record({ how: fc.constant('endless' as const), size: fc.constantFrom(65_536, 1_000_001) }),
  },
  { weight: 1, arbitrary: fc.constant<Delivery>({ how: 'endlessEmpty' }) },
);

const few = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Value[]>([]) },
    { weight: 5, arbitrary: value.map((one) => [one]) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 2, maxLength: 3 }) },
  );

/** An answer to a call: a good one of that call or of another, with changes to fields, bytes, status, headers and stream. */
export const mutatedAnswer: fc.Arbitrary<MutatedAnswer> = fc
  .tuple(
    fc.constantFrom<Operation>(
      'getPin',
      'getPin',
      'getToken',
      'getToken',
      'getToken',
      'getUser',
      'getUser',
      'getServers',
      'hasAccess',
      'hasAccess',
      'signOut',
      'linkPin',
      'ping',
    ),
    fc.nat({ max: 59 }),
    few(toFieldEdit(oddText)),
    fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: few(byteEdit) }),
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(-1) },
      { weight: 4, arbitrary: fc.constantFrom(...oddStatuses) },
      { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
    ),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: few(oddHeader) }),
    delivery,
    fc.oneof(
      { weight: 1200, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: toFieldEdit(heavyText) },
      {
        weight: 1,
        arbitrary: fc.record({
          how: fc.constantFrom('tooLong' as const, 'tooWide' as const),
          at: fc.constant(0),
        }),
      },
    ),
  )
  .map(([operation, pick, fields, bytes, oddStatus, headers, how, heavy]) => {
    const likely = likelyBases[operation];
    const bases = pick < 42 ? likely : otherBases;
    const base = bases[pick % bases.length] ?? 'pong';
    const statuses = goodStatuses[base];
    return {
      operation,
      base,
      fieldEdits: heavy && 'text' in heavy ? [...fields, heavy] : fields,
      byteEdits: heavy && !('text' in heavy) ? [...bytes, heavy] : bytes,
      status: oddStatus === -1 ? (statuses[pick % statuses.length] ?? 200) : oddStatus,
      headers,
      delivery: how,
    };
  });

/** The bytes of the body. */
export function bodyOf({ base, fieldEdits, byteEdits: edits }: MutatedAnswer): Uint8Array {
  const text = answerTexts[base];
  let bytes = encode(text.startsWith('{') ? withFieldEdits(text, fieldEdits) : text);
  for (const { how, at } of edits) bytes = new Uint8Array(byteEdits[how](bytes, at));
  return bytes;
}

/** The headers, the content type of the base first where no edit gives another. */
export function headersOf({ base, headers }: MutatedAnswer): Headers {
  const text = answerTexts[base];
  const type = text.startsWith('{') ? json : text.startsWith('<?xml') ? 'application/xml' : 'text/html';
  const all = new Headers();
  if (text !== '' && !headers.some(([name, value]) => name === 'content-type' && value !== '')) {
    all.set('content-type', type);
  }
  for (const [name, value] of headers) all.append(name, value);
  return all;
}

interface Node {
  [name: string]: unknown;
}

/** Edits the parsed answer and writes it out, with texts put in that no value could hold. */
function withFieldEdits(text: string, edits: readonly FieldEdit[]): string {
  if (edits.length === 0) return text;
  const root = JSON.parse(text) as Node;
  const raw: string[] = [];
  for (const { field, how, text: odd } of edits) {
    const places = placesIn(root);
    const [node, name] = places[field % Math.max(1, places.length)] ?? [root, 'id'];
    const put = (at: string, value: string) => {
      Object.defineProperty(node, at, {
        value: `«${raw.length}»`,
        enumerable: true,
        configurable: true,
        writable: true,
      });
      raw.push(value);
    };
    if (how === 'remove') delete node[name];
    else if (how === 'replace') put(name, longTexts[odd]?.() ?? odd);
    else if (how === 'nest') put(name, `{"value":${JSON.stringify(node[name])},"more":[${odd}]}`);
    else if (how === 'double') put(name, `${JSON.stringify(node[name])},${JSON.stringify(name)}:${odd}`);
    else put(strangeNames[field % strangeNames.length] ?? 'then', longTexts[odd]?.() ?? odd);
  }
  // From the last on, since a later edit may hold the place of an earlier one.
  return raw.reduceRight(
    (whole, value, index) => whole.split(`"«${index}»"`).join(longTexts[value]?.() ?? value),
    JSON.stringify(root),
  );
}

function placesIn(node: Node): [Node, string][] {
  return Object.entries(node).flatMap(([name, value]): [Node, string][] => [
    [node, name],
    ...(typeof value === 'object' && value !== null ? placesIn(value as Node) : []),
  ]);
}
