import { describe, expect, expectTypeOf, it } from 'vitest';
import { toEventTarget } from '../../src/adapters/index.ts';
import type { BackendAuthView } from '../../src/browser/index.ts';
import {
  createPlexAuth,
  type PlexAuthCode,
  type PlexAuthOptions,
  type PlexAuthView,
  signIn,
} from '../../src/index.ts';
import { createWorld, type World } from '../fixture/create-flow.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

const optionsOf = ({ time, emulator }: World): PlexAuthOptions => ({
  product: 'Living Room',
  clientIdentifier: 'tv',
  clock: time.clock,
  fetch: emulator.fetch,
  random: () => 0,
});

describe('the code to show', () => {
  it('comes once per code, renewals included, however often Plex is asked', async () => {
    const world = createWorld({ lifetimeMs: { strong: 60_000 } });
    const codes: string[] = [];
    const options = {
      ...optionsOf(world),
      renewals: 1,
      onCode: ({ code }: PlexAuthCode) => codes.push(code),
    };
    const outcome = signIn(options);
    await world.time.advance(50_000);
    expect(codes).toEqual([world.emulator.pins[0]?.code]);
    await world.time.advance(20_000);
    expect(codes).toEqual(world.emulator.pins.map(({ code }) => code));
    expect(codes).toHaveLength(2);
    world.emulator.link(codes[1] ?? '');
    await world.time.advance(5000);
    await outcome;
    expect(codes).toHaveLength(2);
  });

  it('comes with the pages to open, and a listener that throws stops nothing', async () => {
    const world = createWorld();
    const shown: PlexAuthCode[] = [];
    const uncaught = await uncaughtIn(async () => {
      const outcome = signIn({
        ...optionsOf(world),
        onCode: (code) => {
          shown.push(code);
          throw new Error('no screen');
        },
      });
      await world.time.advance(500);
      world.emulator.link(shown[0]?.code ?? '');
      await world.time.advance(2000);
      await outcome;
    });
    expect(uncaught).toHaveLength(1);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.authURL).toContain(`code=${shown[0]?.code}`);
  });

  it('is an event of its own in an event target', async () => {
    const world = createWorld({ lifetimeMs: { strong: 60_000 } });
    const auth = createPlexAuth({ ...optionsOf(world), renewals: 1 });
    const codes: string[] = [];
    toEventTarget(auth).addEventListener('code', ({ detail }) => codes.push(detail.code));
    auth.start();
    await world.time.advance(70_000);
    expect(codes).toEqual(world.emulator.pins.map(({ code }) => code));
    expect(codes).toHaveLength(2);
    await auth.dispose();
  });

  it('is asked for in one way in every view, and narrows it', () => {
    const linkOf = (view: PlexAuthView | BackendAuthView) => view.code && view.authURL;
    expect(linkOf({ status: 'idle' })).toBeUndefined();
    const isLateOf = (view: PlexAuthView) => (view.code ? view.expiresAtMs : 0) > 0;
    expect(isLateOf({ status: 'requestingPin' })).toBe(false);
    const narrow = (view: PlexAuthView) => {
      if (view.code) expectTypeOf(view.status).toEqualTypeOf<'awaitingLink' | 'fetchingToken'>();
    };
    narrow({ status: 'signingOut' });
  });
});

describe('a sign-in that starts offline', () => {
  it('says so at its first failed request, and brings the code once the network is back', async () => {
    const world = createWorld();
    const restore = world.emulator.fault({ type: 'reset' }, { times: Infinity });
    const auth = createPlexAuth(optionsOf(world));
    auth.start();
    await world.time.advance(0);
    expect(auth.getSnapshot()).toMatchObject({
      status: 'requestingPin',
      lastError: { code: 'PLEX_NETWORK' },
    });
    restore();
    await world.time.advance(5000);
    expect(auth.getSnapshot().code).toBe(world.emulator.pins[0]?.code);
    expect(auth.getSnapshot().lastError).toBeUndefined();
    await auth.dispose();
  });
});
