/** What each option takes, by its documentation: one row per option, and which entry points have it. */

/** Whether a value is right for an option; undefined where the documentation leaves that open. */
type Rule = (value: unknown) => boolean | undefined;

export interface OptionRule {
  readonly isRight: Rule;
  /** What a message says after "must be": one text, or one of several. Absent where an entry point has words of its own. */
  readonly words?: string | readonly string[];
  /** Mistakes that people make, beside the odd values that every option is given. */
  readonly wrong?: readonly unknown[];
}

export type OptionRules = Readonly<Record<string, OptionRule>>;

const longestMs = 2 ** 31 - 1;
const isText: Rule = (value) => typeof value === 'string' && value !== '';
const isWellFormedText: Rule = (value) => isText(value) && !/\p{Surrogate}/u.test(value as string);
const isASCII: Rule = (value) => typeof value === 'string' && /^[!-~]([ -~]*[!-~])?$/.test(value);
const isFlag: Rule = (value) => typeof value === 'boolean';
const isFunction: Rule = (value) => typeof value === 'function';
const isFrom0: Rule = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isAbove0: Rule = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;
const isLifetime: Rule = (value) => isAbove0(value) && (value as number) <= longestMs;
const isNever: Rule = () => false;
const isOpen: Rule = () => undefined;
const isIntegerTo =
  (most: number): Rule =>
  (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
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
    // Whether plain http to another machine is taken depends on allowInsecureRequests.
    return protocol === 'https:' || hostname === 'localhost' ? true : undefined;
  };

/** Empty objects of every kind are taken for one without fields. */
const isFieldsOf =
  (rules: OptionRules): Rule =>
  (value) => {
    if (Object(value) !== value) return false;
    const entries = Object.entries(value as object);
    const isEach = entries.every(
      ([name, part]) =>
        part === undefined || (Object.hasOwn(rules, name) && rules[name]?.isRight(part) === true),
    );
    return isEach && entries.length > 0 && value instanceof Object ? true : undefined;
  };

/** Some take null where undefined is taken. */
const orNull =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? undefined : rule(value);

const textWords = 'a well-formed text that is not empty';
const text: OptionRule = {
  isRight: isWellFormedText,
  words: textWords,
  wrong: ['', 7, '\ud800', 'x\udc00'],
};
const flag: OptionRule = { isRight: isFlag, words: 'true or false', wrong: ['yes', 1] };
const callback: OptionRule = { isRight: isFunction, words: 'a function', wrong: ['fetch', {}, 0.5] };
const ms = (leastMs: number): OptionRule => ({
  isRight: (value) => typeof value === 'number' && value >= leastMs && value <= longestMs,
  words: `from ${leastMs} to ${longestMs} ms`,
  wrong: [0, -1, leastMs - 1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, String(leastMs)],
});
const methods = (...names: string[]): OptionRule => ({
  isRight: has(...names),
  words: `an object with ${names.join(', ')}`,
  wrong: [null, {}, Object.fromEntries(names.slice(0, -1).map((name) => [name, () => {}]))],
});
const url = (isBase: boolean, ...wrong: unknown[]): OptionRule => ({
  isRight: isURL(isBase),
  words: `an absolute http or https URL without user${isBase ? ', query and fragment' : ''}`,
  wrong: ['', 'plex.tv', '/link', 'app://done', 'javascript:alert(1)', 'https://user:word@x', ...wrong],
});
const serverURL: OptionRule = {
  isRight: isURL(true),
  words: [
    'an absolute http or https URL without user, query and fragment',
    'an https URL, or http on this machine; allowInsecureRequests lifts that',
  ],
  wrong: ['', 'plex.tv', 'ftp://plex.tv', 'http://plex.lan:32400', new URL('https://plex.tv')],
};
const clientIdentifier: OptionRule = {
  isRight: isASCII,
  words: 'printable ASCII',
  wrong: ['', 7, 'Küche', 'two\nlines', ' tv'],
};
const clock = methods('now', 'setTimeout', 'clearTimeout');
const store = methods('getItem', 'setItem', 'removeItem');

const deviceFields = [
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
];
const device: OptionRules = Object.fromEntries(deviceFields.map((name) => [name, text]));

/** What a client and an engine are both given. */
export const clientRules: OptionRules = {
  product: text,
  clientIdentifier,
  device: { isRight: isFieldsOf(device), words: 'an object', wrong: [null, 'tv', 7] },
  ...Object.fromEntries(deviceFields.map((name) => [`device.${name}`, text])),
  'device.colour': {
    isRight: isNever,
    words: `one of ${deviceFields.join(', ')}`,
    wrong: ['red', undefined],
  },
  serverURL,
  allowInsecureRequests: flag,
  forwardURL: url(false),
  fetch: callback,
  clock,
  requestTimeoutMs: ms(1),
};

/** What `createPlexAuth`, and whatever makes an engine, takes. */
export const authRules: OptionRules = {
  ...clientRules,
  strong: flag,
  authAppURL: url(true),
  linkURL: url(true),
  store,
  credentials: store,
  name: text,
  random: callback,
  inspect: {
    isRight: (value) => (typeof value === 'function' ? true : Object(value) === value ? undefined : false),
    words: 'a function or an observer',
    wrong: ['all', 1],
  },
  polling: {
    isRight: (value) => (Object(value) === value ? undefined : false),
    words: 'an object',
    wrong: [1000],
  },
  'polling.intervalMs': ms(250),
  'polling.maxIntervalMs': ms(1000),
  'polling.maxBackoffMs': ms(1000),
  'polling.adjustDelayMs': callback,
  giveUpAfterMs: ms(1),
  renewals: {
    isRight: (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
    words: 'an integer from 0, or Infinity',
    wrong: [-1, 0.5, 1.5, Number.NaN, '2'],
  },
  wire: methods('getPin', 'getToken', 'getUser', 'signOut', 'linksOf'),
};

export const signInRules: OptionRules = {
  ...authRules,
  onCode: { ...callback, wrong: ['console'] },
  onView: { ...callback, wrong: ['console'] },
  signal: methods('addEventListener', 'removeEventListener'),
};

/** In a page whose origin is `https://app.example`. */
export const browserRules: OptionRules = {
  ...authRules,
  // Null stands for the page's own storage here.
  store: { ...store, isRight: orNull(store.isRight), wrong: [{}] },
  opener: { ...callback, wrong: [5] },
  name: { isRight: isText, words: 'a text that is not empty', wrong: [''] },
  window: {
    isRight: (value) => (has('addEventListener')(value) ? undefined : false),
    words: 'a window',
    wrong: ['w', {}],
  },
  forwardURL: {
    isRight: (value) =>
      isURL(false)(value) === true && new URL(value as string).origin === 'https://app.example',
    words: ['an absolute http or https URL without user', "an address of the page's own origin"],
    wrong: ['/signed-in', 'https://other.example/signed-in'],
  },
};

/** What the application's server decides, and no page. */
const leftOut: OptionRule = {
  isRight: (value) => value === undefined,
  words: 'left out with backendURL: the server decides it',
  wrong: [null, 'x', {}],
};
const serverDecides = [
  'wire',
  'clientIdentifier',
  'credentials',
  'device',
  'serverURL',
  'allowInsecureRequests',
  'authAppURL',
  'linkURL',
  'forwardURL',
];

/** The same, where the application's server signs in. */
export const backendRules: OptionRules = {
  ...Object.fromEntries(Object.entries(browserRules).filter(([name]) => !name.startsWith('device.'))),
  ...Object.fromEntries(serverDecides.map((name) => [name, leftOut])),
  backendURL: {
    // Any text is a path of the page's own origin.
    isRight: (value) => (typeof value === 'string' ? undefined : value === undefined),
    words: "a path or an address of the page's own origin, without query and fragment",
    wrong: [
      null,
      7,
      'https://other.example/auth',
      '//other.example/auth',
      'http://app.example/auth',
      '/auth?x=1',
      '/auth#x',
      'javascript:alert(1)',
      'https://user:word@app.example/auth',
      'https://',
    ],
  },
};

export const inspectorRules: OptionRules = {
  url: url(false),
  iframe: {
    isRight: (value) => (Object(value) === value && 'contentWindow' in (value as object) ? undefined : false),
    words: 'an iframe element',
    wrong: ['frame'],
  },
  port: { isRight: isIntegerTo(65_535), words: 'an integer from 0 to 65535', wrong: [65_536, 1.5] },
  fetch: callback,
  clock: methods('now'),
  window: methods('open', 'addEventListener', 'removeEventListener'),
  onUnavailable: { ...callback, wrong: ['silent'] },
};

export const renderRules: OptionRules = {
  product: {
    isRight: (value) => typeof value === 'string' && value.trim() !== '',
    words: 'a text that is not empty',
    wrong: [undefined, 5, ' '],
  },
  backendURL: {
    isRight: (value) => value === undefined || (typeof value === 'string' && value !== ''),
    words: 'a path or an address',
    wrong: ['', 5, null],
  },
};

/** With a `rateLimit` of one request per millisecond. */
export const emulatorRules: OptionRules = {
  clock: { isRight: orNull(clock.isRight) },
  random: { isRight: orNull(isFunction) },
  lifetimeMs: { isRight: (value) => (typeof value === 'object' ? undefined : false), wrong: [5, 'x'] },
  'lifetimeMs.short': { isRight: isLifetime, wrong: [2 ** 31] },
  'lifetimeMs.strong': { isRight: isLifetime, wrong: [2 ** 31] },
  approveAfterMs: { isRight: isFrom0 },
  readOnce: { isRight: orNull(isFlag) },
  tokenLagMs: { isRight: orNull(isFrom0) },
  rateLimit: { isRight: isOpen, wrong: [null] },
  'rateLimit.requests': { isRight: (value) => Number.isSafeInteger(value) && (value as number) >= 1 },
  'rateLimit.perMs': { isRight: isAbove0 },
  'rateLimit.retryAfterMs': { isRight: isFrom0 },
  user: { isRight: (value) => (typeof value === 'object' ? undefined : false) },
  idBase: { isRight: orNull((value) => Number.isSafeInteger(value) && (value as number) >= 0) },
  people: {
    isRight: (value) => (Array.isArray(value) ? undefined : false),
    wrong: ['ada', {}, [], [5], [{}], ['a', 'a']],
  },
  servers: {
    isRight: (value) => (Array.isArray(value) ? undefined : false),
    wrong: ['Attic', {}, ['Attic'], [{}], [null]],
  },
  strictForwardURL: { isRight: orNull(isFlag), wrong: ['yes'] },
  onUnhandledRequest: {
    isRight: (value) => typeof value === 'function' || ['error', 'warn', 'bypass'].includes(value as string),
    wrong: ['ignore', null],
  },
  openerPolicy: { isRight: orNull((value) => value === 'unsafe-none' || value === 'same-origin') },
};

export const servedEmulatorRules: OptionRules = {
  port: { isRight: isIntegerTo(65_535) },
  emulator: { isRight: (value) => (has('handle')(value) ? undefined : false), wrong: [5] },
};

const signal: OptionRule = {
  isRight: (value) => (has('addEventListener', 'removeEventListener')(value) ? undefined : false),
  words: 'an object with addEventListener, removeEventListener',
  wrong: [{}, 5],
};
const token: OptionRule = {
  isRight: (value) => (Object(value) === value ? undefined : isASCII(value)),
  words: 'a token of Plex',
  wrong: ['', 'ü', 'two\nlines', { reveal: 1 }],
};
const neededToken: OptionRule = { ...token, wrong: [undefined, ...(token.wrong ?? [])] };
const call: OptionRules = { serverURL, clientIdentifier, signal };

/** What the calls of a client take. */
export const callRules: Readonly<Record<string, OptionRules>> = {
  getPin: call,
  getToken: {
    ...call,
    pinID: {
      isRight: (value) => Number.isSafeInteger(value) && (value as number) > 0,
      words: 'a positive integer',
      wrong: [undefined, 0, 1.5, Number.NaN, '7/../8'],
    },
  },
  getUser: { ...call, token: neededToken },
  getServers: { ...call, token: neededToken },
  hasAccess: {
    ...call,
    token: neededToken,
    machineIdentifier: { isRight: isText, words: 'a text that is not empty', wrong: [undefined, '', 7] },
  },
  signOut: { ...call, token: neededToken },
  linkPin: {
    ...call,
    token: neededToken,
    code: { isRight: isText, words: 'the code of a PIN', wrong: [undefined, '', 7] },
  },
  ping: { ...call, token },
};
