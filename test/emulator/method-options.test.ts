import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/testing/index.ts';
import { makePin } from './ask-plex.ts';

/** Calls a method with options that its types do not allow. */
type Call = (emulator: PlexEmulator & Record<string, (...given: unknown[]) => unknown>, code: string) => void;

const create = () =>
  createPlexEmulator({
    people: ['ada', 'bob', { name: 'kid', homeOf: 'ada', isManaged: true }],
    servers: [{ name: 'Attic', owner: 'ada' }],
  });

describe('a method of the emulator', () => {
  it.each<[string, Call, string]>([
    [
      'approve by a text',
      (plex, code) => plex.approve(code, 'bob' as never),
      'the options must be an object',
    ],
    ['approve by null', (plex, code) => plex.approve(code, null as never), 'the options must be an object'],
    [
      'approve by a field that is misspelt',
      (plex, code) => plex.approve(code, { with: 'bob' } as never),
      'with must be left out: the known fields are as',
    ],
    ['share with nobody', (plex) => plex.share('Attic', undefined as never), 'the options must be an object'],
    ['share with a text', (plex) => plex.share('Attic', 'bob' as never), 'the options must be an object'],
    [
      'share by a field that is misspelt',
      (plex) => plex.share('Attic', { with: 'bob', at: 1 } as never),
      'at must be left out: the known fields are with',
    ],
    [
      'share with the owner',
      (plex) => plex.share('Attic', { with: 'ada' }),
      'with must be somebody else than the owner',
    ],
    [
      'unshare with nobody',
      (plex) => plex.unshare('Attic', undefined as never),
      'the options must be an object',
    ],
    ['revoke by a text', (plex) => plex.revoke('bob' as never), 'the options must be an object'],
    [
      'revoke by a field that is misspelt',
      (plex) => plex.revoke({ person: 'bob' } as never),
      'person must be left out: the known fields are as, clientIdentifier',
    ],
    [
      'expire by a field that is misspelt',
      (plex) => plex.expire(1, { afterMs: 5 } as never),
      'afterMs must be left out: the known fields are inMs',
    ],
    [
      'fault by a field that is misspelt',
      (plex) => void plex.fault({ type: 'reset' }, { operaton: 'getPin' } as never),
      'scope.operaton must be left out: the known fields are operation, times, after',
    ],
  ])('does nothing, instead of something else: %s', async (_what, call, message) => {
    const emulator = create();
    const { code } = await makePin(emulator);
    const before = JSON.stringify([emulator.pins, emulator.servers]);
    expect(() => call(emulator as never, code)).toThrow(new TypeError(`plex-auth-flow: ${message}`));
    expect(JSON.stringify([emulator.pins, emulator.servers])).toBe(before);
  });

  it('takes no code that is none for one', () => {
    for (const method of ['approve', 'link', 'deny'] as const)
      expect(() => create()[method](undefined as never)).toThrow(
        `${method}: no live PIN has the code undefined`,
      );
  });

  it('means one person, and no other whose address is the same', async () => {
    const emulator = createPlexEmulator({
      people: ['ada', { name: 'eve', email: 'ada@example.com' }, { name: 'bob', username: 'eve' }],
    });
    const { code } = await makePin(emulator);
    expect(() => emulator.approve(code, { as: 'ada@example.com' })).toThrow(
      new TypeError('plex-auth-flow: as must name one person: ada@example.com is of ada, eve'),
    );
    // A name comes first.
    emulator.approve(code, { as: 'eve' });
    const [pin] = emulator.pins;
    expect(pin?.state).toBe('linked');
  });

  it('means the server of that name before one of that identifier', () => {
    const emulator = createPlexEmulator({
      people: ['ada', 'bob'],
      servers: [
        { name: 'Attic', machineIdentifier: 'Cellar' },
        { name: 'Cellar', machineIdentifier: 'Den' },
      ],
    });
    emulator.share('Cellar', { with: 'bob' });
    expect(emulator.servers.map(({ sharedWith }) => sharedWith)).toEqual([[], ['bob']]);
  });
});
