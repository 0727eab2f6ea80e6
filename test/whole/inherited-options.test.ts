/** Issue 11: options that a script gave to every object, by Object.prototype, are no options of anybody. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toPromise } from '../../src/adapters/index.ts';
import { createBrowserPlexAuth, finishPopup } from '../../src/browser/index.ts';
import { renderPlexSignIn } from '../../src/element/index.ts';
import { createPlexAuth, signIn } from '../../src/index.ts';
import { createPlexInspector } from '../../src/inspect/index.ts';
import { createAuthURL, createPlexClient } from '../../src/plex/client.ts';
import {
  assertReaches,
  createPlexEmulator,
  createVirtualTime,
  drivePlexAuth,
  servePlexEmulator,
} from '../../src/testing/index.ts';
import { createFakePage } from '../browser/fake-page.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/${file}`, 'utf8'));

/** Every field of every interface that says what goes in. */
const optionNames = [
  ...new Set(
    sources
      .flatMap((text) => [...text.matchAll(/^export interface \w+(?:Options|Scope|Device|Limit)\b.*?^\}/gms)])
      .flatMap(([text]) => [...text.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)])
      .map(([, name = '']) => name),
  ),
];

/** Marks an object, and what is spread from it: a copy without a prototype inherits nothing to be found. */
const given = Symbol('given as options');

/** Options with this mark on them. */
function mark<Options extends object>(options: Options): Options {
  return Object.assign(options, { [given]: true });
}

/** Runs a call while every object inherits every option. @returns Which of them were read from what was given. */
async function inheritedIn(call: () => unknown, names: readonly string[]): Promise<string[]> {
  const read = new Set<string>();
  for (const name of names) {
    Object.defineProperty(Object.prototype, name, {
      configurable: true,
      get(this: object) {
        if (given in Object(this)) read.add(name);
        return undefined;
      },
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
  try {
    await call();
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
  return [...read];
}

function createWorld() {
  const { clock, advance } = createVirtualTime();
  const emulator = createPlexEmulator({ clock });
  const engine = () => mark({ product: 'My App', clientIdentifier: 'tv', fetch: emulator.fetch, clock });
  const client = () => createPlexClient(mark({ clientIdentifier: 'tv', fetch: emulator.fetch, clock }));
  return { clock, advance, emulator, engine, client, page: createFakePage().window };
}

type World = ReturnType<typeof createWorld>;

const nested = () => ({ polling: mark({ intervalMs: 1000 }), device: mark({ deviceName: 'TV' }) });

const entries: [string, (world: World) => unknown][] = [
  [
    'createPlexAuth',
    async ({ engine, advance, emulator }) => {
      const auth = createPlexAuth({ ...engine(), ...nested() });
      auth.start();
      await advance(1000);
      emulator.link(emulator.pins[0]?.code ?? '');
      await advance(2000);
      await auth.dispose();
    },
  ],
  [
    'signIn',
    async ({ engine, advance, emulator }) => {
      const signedIn = signIn({ ...engine(), ...nested() });
      await advance(1000);
      emulator.link(emulator.pins[0]?.code ?? '');
      await advance(2000);
      await signedIn;
    },
  ],
  [
    'createBrowserPlexAuth',
    async ({ engine, advance, page }) => {
      const auth = createBrowserPlexAuth({ ...engine(), ...nested(), window: page });
      auth.startInPopup();
      await advance(1000);
      await auth.dispose();
    },
  ],
  ['finishPopup', ({ page }) => finishPopup(mark({ window: page }))],
  ['createAuthURL', () => createAuthURL(mark({ product: 'My App', clientIdentifier: 'tv', code: 'ABCD' }))],
  [
    'every call of a client',
    async ({ client }) => {
      const own = client();
      const { pinID } = await own.getPin(mark({}));
      await own.getToken(mark({ pinID }));
      await own.getUser(mark({ token: 'x' }));
      await own.signOut(mark({ token: 'x' }));
      await own.linkPin(mark({ token: 'x', code: 'ABCD' }));
      await own.ping(mark({}));
    },
  ],
  ['toPromise', ({ engine }) => void toPromise(createPlexAuth(engine()), mark({})).catch(() => {})],
  ['renderPlexSignIn', () => renderPlexSignIn(mark({ product: 'My App' }))],
  [
    'createPlexInspector',
    ({ page }) => createPlexInspector(mark({ window: page, url: 'https://x.example' })).stop(),
  ],
  [
    'createPlexEmulator',
    async ({ clock }) => {
      const emulator = createPlexEmulator(
        mark({ clock, lifetimeMs: mark({}), rateLimit: mark({ requests: 9, perMs: 1000 }), user: mark({}) }),
      );
      const { pinID } = await createPlexClient({
        clientIdentifier: 'tv',
        fetch: emulator.fetch,
        clock,
      }).getPin();
      emulator.fault(mark({ type: 'rateLimited' }), mark({}));
      emulator.fault(mark({ type: 'html' }));
      emulator.expire(pinID, mark({}));
    },
  ],
  [
    'servePlexEmulator',
    async () => (await servePlexEmulator(mark({ emulator: createPlexEmulator() }))).close(),
  ],
  [
    'drivePlexAuth',
    () =>
      drivePlexAuth(
        mark({
          script: [
            { atMs: 1000, network: 'down' as const, untilMs: 2000 },
            { atMs: 5000, user: 'approve' as const },
          ],
          options: mark({ renewals: 1 }),
          emulatorOptions: mark({ readOnce: true }),
        }),
      ),
  ],
  [
    'assertReaches',
    async () => {
      const drive = await drivePlexAuth();
      assertReaches(drive, 'expired', mark({}));
      const time = createVirtualTime();
      const emulator = createPlexEmulator({ clock: time.clock });
      const auth = createPlexAuth({ product: 'My App', fetch: emulator.fetch, clock: time.clock });
      auth.start();
      await assertReaches(auth, 'awaitingLink', mark({ time }));
      await auth.dispose();
    },
  ],
];

describe('what Object.prototype was given', () => {
  it('has the name of every option', () => {
    expect(optionNames).toEqual(
      expect.arrayContaining(['serverURL', 'window', 'strong', 'port', 'signal', 'after']),
    );
  });

  it.each(entries)('is no option of %s', async (name, call) => {
    const world = createWorld();
    // A move of a drive is no option: it says by its fields who acts.
    const names = optionNames.filter(
      (option) => !/drive|assert/.test(name) || !/^(user|device)$/.test(option),
    );
    expect(await inheritedIn(() => call(world), names)).toEqual([]);
  });
});
