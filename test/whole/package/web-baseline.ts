import data from '@mdn/browser-compat-data' with { type: 'json' };
import type { CompatData, Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data';
import type { Linter } from 'eslint';

/** The oldest browsers that the README names. */
const baseline = { chrome: 87, safari: 15.4, firefox: 100 } as const;

/**
 * Interfaces that the sources use. A member of theirs is found by its name alone, whatever it is read from, unless an
 * interface of the baseline has a member of that name.
 */
const used = [
  ...['AbortController', 'AbortSignal', 'EventTarget', 'Event', 'MessageEvent', 'CustomEvent'],
  ...['Request', 'Response', 'Headers', 'URL', 'URLSearchParams', 'TextDecoder', 'ReadableStream'],
  ...['Document', 'Node', 'Element', 'HTMLElement', 'ShadowRoot', 'CustomElementRegistry', 'CSSStyleSheet'],
  ...['Crypto', 'LockManager', 'BroadcastChannel', 'Clipboard', 'Location', 'History', 'Storage'],
];

/**
 * What the code tries, and does without: sheets in a shadow root, popovers, the zoom that CSS gives to an element, and `duplex`
 * of ofetch for bodies that are streams.
 */
const guarded = [
  ...['adoptedStyleSheets', 'replaceSync', 'popover', 'showPopover', 'hidePopover'],
  ...['currentCSSZoom', 'duplex'],
];

type Interface = readonly [name: string, members: Identifier];

const { api, javascript } = data as unknown as CompatData;
const interfaces = Object.entries({ ...api, ...javascript['builtins'] }) as Interface[];

/** Whether every browser of the baseline has it, without a setting. */
function isInBaseline({ __compat: compat }: Identifier): boolean {
  return Object.entries(baseline).every(([browser, version]) => {
    const statements = compat?.support[browser as keyof typeof baseline];
    return [statements ?? []].flat().some((statement) => isIn(statement, version));
  });
}

function isIn(
  { version_added: added, version_removed: removed, flags }: SimpleSupportStatement,
  version: number,
) {
  const since = typeof added === 'string' ? Number.parseFloat(added.replace('≤', '')) : Number.NaN;
  return since <= version && removed === undefined && flags === undefined;
}

function membersOf([, members]: Interface): Interface[] {
  return Object.entries(members).filter(([name]) => name !== '__compat') as Interface[];
}

function newMembersOf(one: Interface): string[] {
  return membersOf(one)
    .filter(([, member]) => !isInBaseline(member))
    .map(([name]) => name);
}

/**
 * Makes the rules that find what a page may not use, by the browsers' own compatibility data: globals, and members of
 * interfaces. What is read from `globalThis` counts as guarded.
 */
export function toWebRules(): Linter.RulesRecord {
  const globals = interfaces.filter(([, members]) => !isInBaseline(members)).map(([name]) => name);
  const statics = interfaces.flatMap((one) =>
    newMembersOf(one)
      .filter((name) => name.endsWith('_static'))
      .map((name) => ({ object: one[0], property: name.replace('_static', '') })),
  );
  const known = new Set(
    interfaces.flatMap((one) =>
      membersOf(one).flatMap(([name, member]) => (isInBaseline(member) ? name : [])),
    ),
  );
  const members = interfaces
    .filter(([name]) => used.includes(name))
    .flatMap(newMembersOf)
    .filter((name) => /^[a-z]+[A-Z]?\w*$/.test(name) && !known.has(name) && !guarded.includes(name));
  return {
    'no-restricted-globals': ['error', ...globals],
    'no-restricted-properties': [
      'error',
      ...statics,
      ...[...new Set(members)].map((property) => ({ property })),
    ],
  };
}
