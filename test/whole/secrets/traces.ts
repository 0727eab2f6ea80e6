import { inspect } from 'node:util';

/** Things that could show a secret, each under a name that a failure prints. */
export type Exhibits = Readonly<Record<string, unknown>>;

/** How much of a secret counts as the secret: what is cut off at either end is still of use to a thief. */
const leastLength = 12;

/**
 * Finds out where a secret shows.
 *
 * It looks once at everything within reach of an exhibit: hidden, symbolic and inherited properties, getters, maps, sets,
 * buffers, the messages, stacks and causes of errors; and at what each object makes of itself for JSON, for a text and
 * for `util.inspect`. A secret counts when it is there plain, in base64, percent-encoded or in hexadecimal, and when any
 * twelve of its characters are.
 *
 * @returns For each place the name of the exhibit and the way there.
 */
export function tracesOf(secret: string, exhibits: Exhibits): string[] {
  const shows = createDetector(secret);
  return Object.entries(exhibits).flatMap(([name, exhibit]) =>
    placesIn(exhibit, shows).map((place) => `${name}${place}`),
  );
}

/** Everything that a console, a log and a message channel make of a value. Not for a graph: what is shared is shown each time. */
export function showingsOf(value: unknown): unknown[] {
  return [
    inspect(value, everything),
    inspect(value, { ...everything, customInspect: false, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
    structuredClone(value),
  ];
}

function createDetector(secret: string): (text: string) => boolean {
  if (secret.length < leastLength) throw new Error('Too short to tell from chance');
  const forms = new Set<string>();
  for (let start = 0; start + leastLength <= secret.length; start++) {
    const part = secret.slice(start, start + leastLength);
    forms.add(part);
    forms.add(encodeURIComponent(part));
    forms.add(Buffer.from(part).toString('hex'));
  }
  // Base64 takes three bytes at a time: whatever stands before, one of these three is in it.
  for (let skipped = 0; skipped < 3; skipped++) {
    const bytes = Buffer.from(secret.slice(skipped));
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    forms.add(whole.toString('base64')).add(whole.toString('base64url'));
  }
  const pattern = new RegExp([...forms].map((form) => form.replace(/[^\w]/g, '\\$&')).join('|'));
  return (text) => pattern.test(text);
}

const everything = {
  depth: Number.POSITIVE_INFINITY,
  maxArrayLength: Number.POSITIVE_INFINITY,
  maxStringLength: Number.POSITIVE_INFINITY,
  breakLength: Number.POSITIVE_INFINITY,
} as const;

function placesIn(exhibit: unknown, shows: (text: string) => boolean): string[] {
  const places: string[] = [];
  const seen = new Set<unknown>();
  /** `made`: by how many calls it came to be. What calls make can make more, without end. */
  const open: { value: object; place: string; made: number }[] = [];
  const look = (value: unknown, place: string, made: number) => {
    if (typeof value === 'string' || typeof value === 'symbol') {
      const text = String(value);
      if (text.length < leastLength) return;
      if (seen.has(text) ? places.length > 0 && shows(text) : shows(text)) places.push(place);
      seen.add(text);
    } else if (typeof value === 'function' || (typeof value === 'object' && value !== null)) {
      if (!seen.has(value) && made <= mostMade) open.push({ value, place, made });
      seen.add(value);
    }
  };
  look(exhibit, '', 0);
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, place, made } = next;
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
      look(toText(value), `${place}<bytes>`, made);
      continue;
    }
    if (value instanceof Map || value instanceof Set || value instanceof Headers) {
      let index = 0;
      for (const part of value) look(part, `${place}<${index++}>`, made);
    }
    for (const form of ownForms) look(form(value), `${place}<shown>`, made + 1);
    let level: object | null = value;
    for (; level && !isNative(level, value); level = Object.getPrototypeOf(level)) {
      for (const key of Reflect.ownKeys(level)) {
        look(key, `${place}<key>`, made);
        const step = typeof key === 'symbol' ? `[${String(key)}]` : `.${key.slice(0, 30)}`;
        const { get, value: plain } = Object.getOwnPropertyDescriptor(level, key) ?? {};
        // Getters included: an inspector that follows them sees what they give.
        if (get) look(attempt(get, value), place + step, made + 1);
        else look(plain, place + step, made);
      }
    }
  }
  return places;
}

const mostMade = 2;

function toText(bytes: ArrayBuffer | ArrayBufferView): string {
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

function attempt(method: (...values: never[]) => unknown, self: object, ...values: unknown[]): unknown {
  try {
    return Reflect.apply(method, self, values);
  } catch {
    return undefined;
  }
}

/** What an object makes of itself where something shows it. */
const ownForms = ['toJSON', 'toString', 'valueOf', inspect.custom, Symbol.toPrimitive].map(
  (name) =>
    (value: object): unknown => {
      const method = attempt(() => Reflect.get(value, name), value);
      if (typeof method !== 'function' || isPlatforms(method)) return undefined;
      return attempt(method as () => unknown, value, name === Symbol.toPrimitive ? 'string' : '');
    },
);

function isPlatforms(code: unknown): boolean {
  return (
    typeof code === 'function' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(code))
  );
}

/** Whether a prototype is the platform's own, which the product puts nothing into. */
function isNative(level: object, value: object): boolean {
  return level !== value && isPlatforms(level.constructor);
}
