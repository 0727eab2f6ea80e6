import { describe, expect, it } from 'vitest';
import {
  type Answer,
  broken,
  createClient,
  createClientWith,
  errorIn,
  goodPin,
  json,
  page,
  refused,
  text,
  unreachable,
} from './answering-client.ts';

describe('where it is sent', () => {
  const rooted: [string, string][] = [
    ['https://pins.example', 'https://pins.example/api/v2/pins'],
    ['https://pins.example/', 'https://pins.example/api/v2/pins'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v2/pins'],
    ['https://pins.example/api/v2', 'https://pins.example/api/v2/pins'],
    ['https://pins.example/api/v2/', 'https://pins.example/api/v2/pins'],
    ['https://pins.example/plex/proxy', 'https://pins.example/plex/proxy/pins'],
  ];

  it.each(rooted)('finds the API of %s at %s, per client', async (serverURL, address) => {
    const { client, asked } = createClientWith({ serverURL }, () => json(201, goodPin));
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(asked.map(({ origin, path }) => origin + path)).toEqual([address, `${address}/7`]);
  });

  it.each(rooted)('finds the API of %s at %s, per call', async (serverURL, address) => {
    const { client, asked } = createClientWith({ serverURL: 'https://other.example' }, () =>
      json(201, goodPin),
    );
    await client.getPin({ serverURL });
    await client.getToken({ pinID: 7, serverURL });
    await client.getToken({ pinID: 7 });
    expect(asked.map(({ origin, path }) => origin + path)).toEqual([
      address,
      `${address}/7`,
      'https://other.example/api/v2/pins/7',
    ]);
  });

  /** Serves `/pins` at its root, and a page forevery other path. */
  const rootServer: Answer = ({ path }) =>
    path.startsWith('/pins') ? json(201, goodPin) : text(404, page, 'text/html');

  it('finds a server that serves the API at its root, and remembers it', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, rootServer);
    expect(await client.getPin()).toHaveProperty('pinID', goodPin.id);
    await client.getToken({ pinID: 7 });
    await client.getToken({ pinID: 8 });
    expect(asked.map(({ path }) => path)).toEqual(['/api/v2/pins', '/pins', '/pins/7', '/pins/8']);
  });

  it.each<[string, Answer]>([
    ['an empty 404', () => new Response(null, { status: 404 })],
    ['a 404 of another API', () => json(404, { error: 'not found' })],
  ])('finds the root behind %s as well', async (_name, notFound) => {
    const answer: Answer = (asked, signal) =>
      asked.path.startsWith('/api') ? notFound(asked, signal) : json(201, goodPin);
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, answer);
    await client.getPin();
    expect(asked.map(({ path }) => path)).toEqual(['/api/v2/pins', '/pins']);
  });

  it('takes a 404 in the words of Plex for an answer', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, () =>
      refused(404, 1020),
    );
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
    expect(asked.map(({ path }) => path)).toEqual(['/api/v2/pins/7']);
  });

  it('looks nowhere else where the server URL has a path', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example/v2' }, () =>
      text(404, page, 'text/html'),
    );
    await errorIn(client.getPin());
    expect(asked.map(({ path }) => path)).toEqual(['/v2/pins']);
  });

  const oneHostDown: Answer = (asked, signal) =>
    asked.origin === 'https://clients.plex.tv' ? unreachable(asked, signal) : json(201, goodPin);

  it('falls back from clients.plex.tv to plex.tv when there is no answer at all, and stays there', async () => {
    const { client, asked } = createClient(oneHostDown);
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(asked.map(({ origin, path }) => origin + path)).toEqual([
      'https://clients.plex.tv/api/v2/pins',
      'https://plex.tv/api/v2/pins',
      'https://plex.tv/api/v2/pins/7',
    ]);
  });

  it('goes back when plex.tv fails in its turn', async () => {
    let down = 'https://clients.plex.tv';
    const { client, asked } = createClient((one, signal) =>
      one.origin === down ? unreachable(one, signal) : json(201, goodPin),
    );
    await client.getPin();
    down = 'https://plex.tv';
    await client.getPin();
    const hosts = asked.map(({ origin }) => origin);
    expect(hosts.slice(2)).toEqual(['https://plex.tv', 'https://clients.plex.tv']);
  });

  it('asks each host once where neither can be reached', async () => {
    const { client, asked } = createClient(unreachable);
    expect(await errorIn(client.getPin())).toMatchObject({ code: 'PLEX_NETWORK', retryable: true });
    expect(asked.map(({ origin }) => origin)).toEqual(['https://clients.plex.tv', 'https://plex.tv']);
  });

  it.each([400, 401, 403, 404, 422, 429, 500, 502, 503, 504])(
    'does not fall back on status %i',
    async (status) => {
      const { client, asked } = createClient(() => refused(status, undefined));
      await errorIn(client.getPin());
      await errorIn(client.getPin());
      expect(asked.map(({ origin }) => origin)).toEqual([
        'https://clients.plex.tv',
        'https://clients.plex.tv',
      ]);
    },
  );

  it.each<[string, Answer]>([
    ['HTML', () => text(200, page, 'text/html')],
    ['no JSON', () => text(200, 'x', 'application/json')],
    ['half an answer', () => new Response(broken('{"id":3'), { status: 201 })],
  ])('does not fall back on %s', async (_name, answer) => {
    const { client, asked } = createClient(answer);
    await errorIn(client.getPin());
    await errorIn(client.getPin());
    expect(asked.map(({ origin }) => origin)).toEqual(['https://clients.plex.tv', 'https://clients.plex.tv']);
  });

  it('never asks plex.tv in place of a server of the user', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, unreachable);
    await errorIn(client.getPin());
    expect(asked.map(({ origin }) => origin)).toEqual(['https://pins.example']);
  });
});
