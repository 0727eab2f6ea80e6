import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  createClient,
  errorIn,
  json,
  page,
  refused,
  text,
  unreachable,
  without,
} from './answering-client.ts';
import { rejections, strangers } from './token-answers.ts';

const goodConnection = {
  protocol: 'https',
  address: '192.0.2.10',
  port: 32400,
  uri: 'https://192-0-2-10.abc.plex.direct:32400',
  local: true,
  relay: false,
  IPv6: false,
};

const goodServer = {
  name: 'Attic',
  product: 'Plex Media Server',
  clientIdentifier: 'attic-id',
  provides: 'server',
  owned: true,
  home: false,
  accessToken: 'attic-token',
  connections: [goodConnection],
};

const player = { ...goodServer, clientIdentifier: 'player-id', provides: 'client,player,pubsub-player' };
const shared = { ...goodServer, clientIdentifier: 'shared-id', owned: false };

const getServers = (answer: Answer) => createClient(answer).client.getServers({ token: 'x' });
const hasAccess = (answer: Answer, machineIdentifier = 'attic-id') =>
  createClient(answer).client.hasAccess({ token: 'x', machineIdentifier });

/** What is no list of what a user reaches: an outage, however it looks. */
const outages: [string, Answer, string][] = [
  ['no answer', unreachable, 'PLEX_NETWORK'],
  ['400', () => refused(400, 1000), 'PLEX_HTTP'],
  ['403', () => refused(403, undefined), 'PLEX_HTTP'],
  ['403 with code 1068', () => refused(403, 1068), 'PLEX_CLIENT_MISMATCH'],
  ['404', () => refused(404, undefined), 'PLEX_HTTP'],
  ['410', () => refused(410, undefined), 'PLEX_HTTP'],
  ['429', () => refused(429, 1003), 'PLEX_RATE_LIMITED'],
  ['500', () => refused(500, undefined), 'PLEX_HTTP'],
  ['a login wall', () => text(200, page, 'text/html'), 'PLEX_BAD_REPLY'],
  ['XML', () => text(200, '<resources></resources>', 'application/xml'), 'PLEX_BAD_REPLY'],
  ['an empty body', () => text(200, '', 'application/json'), 'PLEX_BAD_REPLY'],
  ['204', () => new Response(null, { status: 204 }), 'PLEX_BAD_REPLY'],
  ['half a list', () => text(200, '[{"clientIdentifier":"attic-id"', 'application/json'), 'PLEX_BAD_REPLY'],
  ...[{}, null, 0, 'none', false, { errors: [] }, { resources: [] }, { 0: goodServer, length: 1 }].map(
    (body): [string, Answer, string] => [JSON.stringify(body), () => json(200, body), 'PLEX_BAD_REPLY'],
  ),
  ...[[null], [[]], ['attic-id'], [{}], [without(goodServer, 'clientIdentifier')]].map(
    (body): [string, Answer, string] => [
      `a list of what is no resource: ${JSON.stringify(body).slice(0, 20)}`,
      () => json(200, body),
      'PLEX_BAD_REPLY',
    ],
  ),
];

describe('getServers', () => {
  it('lists the servers among what the user reaches, each with its own token', async () => {
    const { client, asked } = createClient(() => json(200, [player, goodServer, shared]));
    const servers = await client.getServers({ token: 'x' });
    expect(servers).toMatchObject([
      {
        machineIdentifier: 'attic-id',
        name: 'Attic',
        product: 'Plex Media Server',
        isOwned: true,
        isHome: false,
        connections: [
          {
            uri: goodConnection.uri,
            address: '192.0.2.10',
            port: 32400,
            protocol: 'https',
            isLocal: true,
            isRelay: false,
            isIPv6: false,
          },
        ],
      },
      { machineIdentifier: 'shared-id', isOwned: false },
    ]);
    expect(servers[0]?.accessToken.reveal()).toBe('attic-token');
    expect(`${inspect(servers, { depth: 9 })}${JSON.stringify(servers)}`).not.toContain('attic-token');
    expect(asked).toMatchObject([
      {
        method: 'GET',
        path: '/api/v2/resources',
        query: { includeHttps: '1', includeRelay: '1', includeIPv6: '1' },
        headers: { 'x-plex-token': 'x', 'x-plex-client-identifier': 'tv' },
      },
    ]);
  });

  it.each([
    ['server', true],
    ['client,server', true],
    ['player, server ,controller', true],
    ['', false],
    ['pubsub-server', false],
    ['serverless', false],
    [null, false],
    [['server'], false],
  ])('takes what provides %j for a server: %s', async (provides, isServer) => {
    const servers = await getServers(() => json(200, [player, { ...goodServer, provides }]));
    expect(servers.map(({ machineIdentifier }) => machineIdentifier)).toEqual(isServer ? ['attic-id'] : []);
  });

  it.each([
    ['null', null],
    ['a text', 'attic'],
    ['a number', 7],
    ['a list', [goodServer]],
    ['nothing', {}],
    ['a server without an identifier', without(goodServer, 'clientIdentifier')],
    ['a server whose identifier is a number', { ...goodServer, clientIdentifier: 7 }],
    ['a server without an access token', { ...goodServer, accessToken: null }],
    ['a server whose access token no header can carry', { ...goodServer, accessToken: 'a\nb' }],
  ])('leaves out %s, and keeps the others', async (_, entry) => {
    const servers = await getServers(() => json(200, [entry, shared]));
    expect(servers).toMatchObject([{ machineIdentifier: 'shared-id' }]);
  });

  it('reads a server of which Plex says next to nothing, or whose fields have drifted', async () => {
    const { clientIdentifier, provides, accessToken } = goodServer;
    const bare = { clientIdentifier, provides, accessToken };
    const nothing = { name: null, product: null, owned: null, home: null, connections: null };
    const drifted = { name: 5, product: {}, owned: 'no', home: 2, connections: { uri: 'https://a' } };
    for (const server of [bare, { ...bare, ...nothing }, { ...bare, ...drifted }])
      expect(await getServers(() => json(200, [server]))).toMatchObject([
        {
          machineIdentifier: 'attic-id',
          name: '',
          product: '',
          isOwned: false,
          isHome: false,
          connections: [],
        },
      ]);
  });

  it.each([true, 1, '1', 'true'])('takes %j for true', async (yes) => {
    const server = {
      ...goodServer,
      owned: yes,
      home: yes,
      connections: [{ uri: 'https://a', local: yes, relay: yes, IPv6: yes }],
    };
    expect(await getServers(() => json(200, [server]))).toMatchObject([
      { isOwned: true, isHome: true, connections: [{ isLocal: true, isRelay: true, isIPv6: true, port: 0 }] },
    ]);
  });

  it('leaves out an address that cannot be read, and keeps the others', async () => {
    const connections = [null, 'https://a', {}, { uri: 5 }, goodConnection];
    const [server] = await getServers(() => json(200, [{ ...goodServer, connections }]));
    expect(server?.connections).toMatchObject([{ uri: goodConnection.uri }]);
  });

  it('gives an empty list to who reaches no server', async () => {
    expect(await getServers(() => json(200, []))).toEqual([]);
    expect(await getServers(() => json(200, [player]))).toEqual([]);
  });

  it.each(rejections)('says that a token is rejected by %s, for good', async (_, answer) => {
    const error = await errorIn(getServers(answer));
    expect(error).toMatchObject({ code: 'PLEX_HTTP', retryable: false });
    expect([401, 422, 498]).toContain(error.status);
  });

  it.each(outages)('fails after %s', async (_, answer, code) => {
    expect(await errorIn(getServers(answer))).toHaveProperty('code', code);
  });
});

describe('hasAccess', () => {
  it.each([
    ['attic-id', 'owner'],
    ['shared-id', 'member'],
    ['player-id', 'none'],
    ['ATTIC-ID', 'none'],
    ['attic', 'none'],
    ['__proto__', 'none'],
  ])('knows what a user is to %s: %s', async (machineIdentifier, status) => {
    const answer = () => json(200, [null, player, shared, goodServer]);
    expect(await hasAccess(answer, machineIdentifier)).toEqual({ status });
  });

  it('says none for a list without a server', async () => {
    expect(await hasAccess(() => json(200, []))).toEqual({ status: 'none' });
    expect(await hasAccess(() => json(200, [player]))).toEqual({ status: 'none' });
  });

  it('needs no access token of the server, and calls nobody an owner for a value that is not a truth', async () => {
    for (const owned of [false, null, undefined, 0, '0', 'false', 'yes', {}, [true]])
      expect(await hasAccess(() => json(200, [{ ...goodServer, accessToken: null, owned }]))).toEqual({
        status: 'member',
      });
  });

  it('does not say none where just the entry of that server cannot be read', async () => {
    for (const odd of [
      { ...goodServer, provides: undefined },
      { ...goodServer, provides: 7 },
      { clientIdentifier: 'attic-id' },
    ])
      expect(await errorIn(hasAccess(() => json(200, [shared, odd])))).toMatchObject({
        code: 'PLEX_BAD_REPLY',
        retryable: true,
      });
    expect(await hasAccess(() => json(200, [shared, goodServer, { clientIdentifier: 'attic-id' }]))).toEqual({
      status: 'owner',
    });
    expect(await hasAccess(() => json(200, [shared, null, 7, { clientIdentifier: 'else' }]))).toEqual({
      status: 'none',
    });
  });

  it('finds the owner where a server is listed twice', async () => {
    const listed = [{ ...goodServer, owned: false }, goodServer];
    expect(await hasAccess(() => json(200, listed))).toEqual({ status: 'owner' });
  });

  it.each(rejections)('says that a token is rejected by %s', async (_, answer) => {
    expect(await hasAccess(answer)).toEqual({ status: 'rejected' });
  });

  it.each(strangers)(
    'says nothing about the access after the answer of a stranger: %s',
    async (_, answer) => {
      expect(await errorIn(hasAccess(answer))).toHaveProperty('code', 'PLEX_HTTP');
    },
  );

  it.each(outages)('says nothing about the access after %s', async (_, answer, code) => {
    expect(await errorIn(hasAccess(answer))).toHaveProperty('code', code);
  });

  it.each([undefined, null, '', 7, {}])('needs the identifier of a server, and not %j', async (value) => {
    const { client, asked } = createClient(() => json(200, [goodServer]));
    const call = { token: 'x', machineIdentifier: value as string };
    await expect(client.hasAccess(call)).rejects.toThrow(
      new TypeError('plex-auth-flow: machineIdentifier must be a text that is not empty'),
    );
    expect(asked).toEqual([]);
  });
});

describe('what Object.prototype was given', () => {
  afterEach(() => {
    for (const name of ['owned', 'provides', 'clientIdentifier'])
      Reflect.deleteProperty(Object.prototype, name);
  });

  it('makes nobody an owner or a member', async () => {
    Object.assign(Object.prototype, { owned: true, provides: 'server', clientIdentifier: 'attic-id' });
    const strange = without(goodServer, 'owned');
    expect(await hasAccess(() => json(200, [player, strange]))).toEqual({ status: 'member' });
    expect(await hasAccess(() => json(200, [player, {}]))).toEqual({ status: 'none' });
    expect(await getServers(() => json(200, [player, strange]))).toMatchObject([{ isOwned: false }]);
  });
});
