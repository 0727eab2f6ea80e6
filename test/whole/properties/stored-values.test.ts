import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlexAuth } from '../../../src/index.ts';
import { createWorld } from '../../fixture/create-flow.ts';
import { uncaughtIn } from '../../fixture/uncaught-in.ts';
import { anyValue } from './odd-values.ts';
import { runsOf } from './seed.ts';

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
      const { time, emulator } = createWorld({ approveAfterMs: 3000 });
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

describe('a stored PIN', () => {
  const kept = {
    pinID: 7,
    code: '7RQZ',
    clientIdentifier: 'tv',
    atMs: Date.UTC(2026, 0, 1),
    expiresInMs: 900_000,
  };

  /** Begins with a record in the store, and gives the state after half a minute, or what was not caught. */
  async function endWith(record: object): Promise<unknown> {
    const { time, emulator } = createWorld({ approveAfterMs: 3000 });
    const { clock } = time;
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
