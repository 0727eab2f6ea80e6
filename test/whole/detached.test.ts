/** Every function of what the package makes can be taken off its object: `const { start } = auth`. */
import { readdirSync, readFileSync } from 'node:fs';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';
import { describe, expect, it } from 'vitest';
import { toEventTarget, toObservable, toReadable } from '../../src/adapters/index.ts';
import { createPlexAuth } from '../../src/index.ts';
import { createPlexClient } from '../../src/plex/client.ts';
import { createPlexEmulator, createVirtualTime, drivePlexAuth } from '../../src/testing/index.ts';

/** What users give us, or what the platform defines: called on the object it is on. */
const givenToUs: Readonly<Record<string, string>> = {
  Clock: 'a port',
  KeyValueStore: 'a port: classes with methods, as Web Storage',
  Wire: 'a port: its methods may be those of a class',
  OpenedWindow: 'a port',
  ViewSource: 'what an adapter takes',
  ViewObserver: 'what an observable takes',
  PlaywrightRoute: "Playwright's class",
  UnhandledRequestPrint: 'given to a function of the user, as MSW gives it',
  MatcherOutcome: 'what a runner reads',
  PlexMatchers: "what a runner's expect has",
  PlexAuthClientPlugin: "what better-auth's client calls",
  PlexAuthPlugin: 'what better-auth calls',
};

/** The platform's own, which have a `this`. */
const platformMethods = ['addEventListener', 'removeEventListener', 'Symbol.observable'];

/** Each interface that the sources export, and the methods that it declares as methods. */
const methodsOf = new Map<string, string[]>();
const published = new Set<string>();

for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  const code = readFileSync(`src/${file}`, 'utf8');
  const { program } = parseSync(file, code);
  new Visitor({
    TSInterfaceDeclaration({ id, body }) {
      const methods = body.body.filter((member) => member.type === 'TSMethodSignature');
      const names = methods.map(({ key }) => code.slice(key.start, key.end));
      methodsOf.set(
        id.name,
        names.filter((name) => !platformMethods.includes(name)),
      );
    },
    ExportNamedDeclaration({ source, specifiers }: ESTree.ExportNamedDeclaration) {
      const isEntry = /(^|\/)(index|client)\.ts$/.test(file) && source;
      for (const { exported } of isEntry ? specifiers : [])
        if (exported.type === 'Identifier') published.add(exported.name);
    },
  }).visit(program);
}

describe('what the package makes', () => {
  it('declares its functions as properties, so that a linter lets them be taken off', () => {
    const names = [...published].filter((name) => methodsOf.has(name) && !(name in givenToUs));
    expect(names.length).toBeGreaterThan(30);
    expect(names).toContain('PlexAuth');
    expect(names).toContain('PlexEmulator');
    expect(names.flatMap((name) => (methodsOf.get(name) ?? []).map((method) => `${name}.${method}`))).toEqual(
      [],
    );
  });

  it('signs in by an engine, a client, an emulator, a clock and adapters whose functions are taken off', async () => {
    const { clock, advance } = createVirtualTime();
    const { fetch, link, fault, handle } = createPlexEmulator({ clock });
    const emulator = createPlexEmulator({ clock });
    const auth = createPlexAuth({ product: 'My App', clientIdentifier: 'tv', fetch, clock });
    const { start, check, cancel, verify, signOut, dispose, getSnapshot, subscribe } = auth;
    const { subscribe: read } = toReadable(auth);
    const { subscribe: observe } = toObservable(auth);
    const { close } = toEventTarget(auth);
    const seen: string[] = [];
    const unsubscribe = subscribe(({ status }) => seen.push(status));
    const { unsubscribe: stopObserving } = observe(() => seen.push('observed'));
    const stopReading = read(() => seen.push('read'));

    start();
    await advance(500);
    cancel();
    const removeFault = fault({ type: 'reset' }, { operation: 'getToken' });
    removeFault();
    start();
    await advance(500);
    check();
    await advance(500);
    link(getSnapshot().code ?? '');
    await advance(3000);
    expect(getSnapshot().status).toBe('authenticated');
    expect((await verify()).status).toBe('valid');
    signOut();
    await advance(500);
    expect(getSnapshot().status).toBe('idle');
    for (const stop of [unsubscribe, stopObserving, stopReading, close]) stop();
    await dispose();
    expect(new Set(seen)).toContain('authenticated');
    expect(await handle(new Request('https://plex.tv/api/v2/ping'))).toHaveProperty('status');

    const { getPin, getToken } = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch, clock });
    const { pinID } = await getPin();
    expect((await getToken({ pinID })).status).toBe('pending');
  });

  it('reads a drive by functions that are taken off', async () => {
    const { askedAtMs, reachedAtMs } = await drivePlexAuth({ script: [{ atMs: 2000, user: 'approve' }] });
    expect(askedAtMs('getPin')).toEqual([0]);
    expect(reachedAtMs('authenticated')).toBeGreaterThanOrEqual(2000);
  });
});
