import { describe, expect, it } from 'vitest';
import {
  createPlexEmulator,
  type PlexEmulator,
  type PlexEmulatorOptions,
} from '../../../src/emulator/index.ts';
import { createPlexClient } from '../../../src/plex/client.ts';
import { askAs, signInAs } from '../ask-as.ts';

const options = {
  people: ['ada', 'bob', { name: 'kid', homeOf: 'ada', isManaged: true }, 'eve'],
  servers: [
    { name: 'Attic', sharedWith: ['bob'] },
    { name: 'Cellar', machineIdentifier: 'cellar-id', owner: 'bob' },
    { name: 'Den', owner: 'ada', isSharedWithHome: false },
  ],
} satisfies PlexEmulatorOptions;

const createClientOf = ({ fetch }: PlexEmulator) => createPlexClient({ clientIdentifier: 'tv', fetch });

async function namesOf(emulator: PlexEmulator, as: string) {
  const servers = await createClientOf(emulator).getServers({ token: emulator.accountTokenOf(as) });
  return servers.map(({ name, isOwned, isHome }) => [name, isOwned ? 'owned' : isHome ? 'home' : 'shared']);
}

describe('the servers', () => {
  it('are one by default, of the default person', async () => {
    const emulator = createPlexEmulator();
    expect(await namesOf(emulator, 'emulated')).toEqual([['Emulated Server', 'owned']]);
    expect(emulator.servers).toEqual([
      {
        name: 'Emulated Server',
        machineIdentifier: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
        owner: 'emulated',
        sharedWith: [],
      },
    ]);
  });

  it('are owned, shared, or reached through the home', async () => {
    const emulator = createPlexEmulator(options);
    expect(await namesOf(emulator, 'ada')).toEqual([
      ['Attic', 'owned'],
      ['Den', 'owned'],
    ]);
    expect(await namesOf(emulator, 'bob')).toEqual([
      ['Cellar', 'owned'],
      ['Attic', 'shared'],
    ]);
    expect(await namesOf(emulator, 'kid')).toEqual([['Attic', 'home']]);
    expect(await namesOf(emulator, 'eve')).toEqual([]);
  });

  it('are reached through a relay and by IPv6 too, where the client asks for that', async () => {
    const emulator = createPlexEmulator(options);
    const token = emulator.accountTokenOf('bob');
    const servers = await createClientOf(emulator).getServers({ token });
    for (const { connections } of servers) {
      const flags = connections.map(({ isLocal, isRelay, isIPv6 }) => [isLocal, isRelay, isIPv6]);
      expect(flags).toEqual([
        [true, false, false],
        [false, false, false],
        [false, false, true],
        [false, true, false],
      ]);
      expect(new Set(connections.map(({ uri }) => uri)).size).toBe(4);
    }
    const flagsOf = async (query: string) => {
      const { json } = await askAs(emulator, token, `GET /api/v2/resources${query}`);
      const [server] = json as unknown as { connections: { relay: boolean; IPv6: boolean }[] }[];
      return server?.connections.map(({ relay, IPv6 }) => (relay ? 'relay' : IPv6 ? 'IPv6' : 'direct'));
    };
    expect(await flagsOf('')).toEqual(['direct', 'direct']);
    expect(await flagsOf('?includeRelay=1&includeIPv6=0')).toEqual(['direct', 'direct', 'relay']);
    expect(await flagsOf('?includeIPv6=true')).toEqual(['direct', 'direct', 'IPv6']);
  });

  it('take one’s own token from their owner, and another from each whom they are shared with', async () => {
    const emulator = createPlexEmulator(options);
    const client = createClientOf(emulator);
    const token = await signInAs(emulator, 'bob');
    const tokensOf = async () =>
      (await client.getServers({ token })).map(({ accessToken }) => accessToken.reveal());
    const [own, shared = ''] = await tokensOf();
    expect(own).toBe(token);
    expect(shared).toMatch(/^[\w-]{20}$/);
    expect(shared).not.toBe(token);
    expect(await tokensOf()).toEqual([own, shared]);
    expect((await askAs(emulator, shared, 'GET /api/v2/user')).status).toBe(401);
  });

  it('are shared and taken away while a test runs', async () => {
    const emulator = createPlexEmulator(options);
    const client = createClientOf(emulator);
    const [attic] = emulator.servers;
    const statusOf = async (as: string) => {
      const token = emulator.accountTokenOf(as);
      const machineIdentifier = attic?.machineIdentifier ?? '';
      return (await client.hasAccess({ token, machineIdentifier })).status;
    };
    expect([await statusOf('ada'), await statusOf('bob'), await statusOf('eve')]).toEqual([
      'owner',
      'member',
      'none',
    ]);
    emulator.unshare('Attic', { with: 'bob' });
    emulator.share(attic?.machineIdentifier ?? '', { with: 'eve' });
    expect([await statusOf('ada'), await statusOf('bob'), await statusOf('eve')]).toEqual([
      'owner',
      'none',
      'member',
    ]);
    expect(emulator.servers[0]).toMatchObject({ sharedWith: ['eve'] });
    emulator.unshare('Attic', { with: 'kid' });
    expect(await statusOf('kid')).toBe('member');
    expect(createPlexEmulator(options).servers[0]).toMatchObject({ sharedWith: ['bob'] });
  });

  it('say that a revoked token is rejected', async () => {
    const emulator = createPlexEmulator(options);
    const client = createClientOf(emulator);
    const token = await signInAs(emulator, 'bob');
    emulator.revoke({ as: 'bob' });
    const call = { token, machineIdentifier: 'cellar-id' };
    expect(await client.hasAccess(call)).toEqual({ status: 'rejected' });
    await expect(client.getServers(call)).rejects.toMatchObject({ code: 'PLEX_HTTP', status: 401 });
  });

  it('of other names or people are not shared', () => {
    const emulator = createPlexEmulator(options);
    expect(() => emulator.share('Roof', { with: 'bob' })).toThrow(
      new TypeError('plex-auth-flow: server must be one of the servers: Attic, Cellar, Den'),
    );
    expect(() => emulator.unshare('Attic', { with: 'mallory' })).toThrow(
      new TypeError('plex-auth-flow: with must be one of the people: ada, bob, kid, eve'),
    );
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'servers must be a list'],
    ['a text', ['Attic'], 'servers[0] must be an object'],
    ['without a name', [{}], 'servers[0].name must be a text that is not empty'],
    [
      'of nobody',
      [{ name: 'Attic', owner: 'mallory' }],
      'servers[0].owner must be one of the people: emulated',
    ],
    [
      'shared with nobody known',
      [{ name: 'Attic', sharedWith: ['eve'] }],
      'servers[0].sharedWith must be one of the people: emulated',
    ],
    [
      'shared with their owner',
      [{ name: 'Attic', sharedWith: ['emulated'] }],
      'servers[0].sharedWith must be somebody else than the owner',
    ],
    [
      'shared with a text',
      [{ name: 'Attic', sharedWith: 'eve' }],
      'servers[0].sharedWith must be a list of names',
    ],
    [
      'shared by a text',
      [{ name: 'Attic', isSharedWithHome: 'yes' }],
      'servers[0].isSharedWithHome must be true or false',
    ],
    [
      'with an empty identifier',
      [{ name: 'Attic', machineIdentifier: '' }],
      'servers[0].machineIdentifier must be a text that is not empty',
    ],
    ['of one name', [{ name: 'A' }, { name: 'A' }], 'servers must be a list without a name in it twice'],
    [
      'of one identifier',
      [
        { name: 'A', machineIdentifier: 'x' },
        { name: 'B', machineIdentifier: 'x' },
      ],
      'servers must be a list without a machineIdentifier in it twice',
    ],
    [
      'with a field that is misspelt',
      [{ name: 'A', sharedWIth: [] }],
      'servers[0].sharedWIth must be left out: the known fields are name, machineIdentifier, owner, sharedWith, isSharedWithHome',
    ],
  ])('cannot be %s', (_, servers, message) => {
    expect(() => createPlexEmulator({ servers } as PlexEmulatorOptions)).toThrow(
      new TypeError(`plex-auth-flow: ${message}`),
    );
  });
});

describe('the accepted shares', () => {
  const sharesOf = async (emulator: PlexEmulator, as: string) =>
    (await askAs(emulator, emulator.accountTokenOf(as), 'GET /api/v2/shared_servers/owned/accepted')).json;

  it('name whom the owner shares with, invited or of the home, and of which server', async () => {
    const emulator = createPlexEmulator(options);
    const [, bob, kid] = emulator.people;
    const { machineIdentifier } = emulator.servers[0] ?? {};
    expect(await sharesOf(emulator, 'ada')).toMatchObject([
      {
        machineIdentifier,
        invitedId: bob?.id,
        sharedWithUserId: bob?.id,
        status: 'accepted',
        accepted: true,
        invited: { id: bob?.id, username: 'bob', title: 'bob', home: false, restricted: false },
      },
      {
        machineIdentifier,
        invitedId: kid?.id,
        invited: { username: '', title: 'kid', home: true, restricted: true },
      },
    ]);
    emulator.unshare('Attic', { with: 'bob' });
    expect(await sharesOf(emulator, 'ada')).toMatchObject([{ invitedId: kid?.id }]);
  });

  it('are nobody’s but the owner’s', async () => {
    const emulator = createPlexEmulator(options);
    expect(await sharesOf(emulator, 'bob')).toEqual([]);
    expect(await sharesOf(emulator, 'eve')).toEqual([]);
    expect((await askAs(emulator, 'wrong', 'GET /api/v2/shared_servers/owned/accepted')).status).toBe(401);
  });
});
