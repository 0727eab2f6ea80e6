/** The users' pictures: initials, where whoever asks can reach them. */
import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../../src/testing/index.ts';

const served = 'http://127.0.0.1:4000';
const emulator = createPlexEmulator({
  people: [
    { name: 'ada', friendlyName: 'Ada <Lovelace>', homeOf: 'ada' },
    { name: 'bob', homeOf: 'ada' },
    { name: 'eve', thumb: 'https://pictures.example/eve.png' },
  ],
  servers: [{ name: 'Attic', owner: 'ada', sharedWith: ['bob', 'eve'] }],
});

async function ask(address: string, person = 'ada') {
  const headers = {
    Accept: 'application/json',
    'X-Plex-Token': emulator.accountTokenOf(person),
    'X-Plex-Client-Identifier': 'a-client',
  };
  return emulator.handle(new Request(address, { headers }));
}

async function thumbsIn(address: string, person?: string): Promise<string[]> {
  const text = await (await ask(address, person)).text();
  return [...text.matchAll(/"thumb":"([^"]*)"/g)].map(([, thumb = '']) => thumb);
}

describe('the address of a picture', () => {
  it.each([
    '/api/v2/user',
    '/users/account.json',
    '/api/v2/home/users',
    '/api/v2/shared_servers/owned/accepted',
  ])('is at plex.tv for who asks plex.tv, and at the emulator for who asks there: %s', async (path) => {
    const own = (thumb: string) => thumb !== 'https://pictures.example/eve.png';
    const plexThumbs = (await thumbsIn(`https://plex.tv${path}`)).filter(own);
    const thumbs = (await thumbsIn(`${served}${path}`)).filter(own);
    expect(plexThumbs.length).toBeGreaterThan(0);
    for (const thumb of plexThumbs) expect(thumb).toMatch(/^https:\/\/plex\.tv\/users\/\w+\/avatar\?c=\d+$/);
    expect(thumbs).toEqual(plexThumbs.map((thumb) => thumb.replace('https://plex.tv', served)));
    for (const thumb of thumbs) expect((await emulator.handle(new Request(thumb))).status).toBe(200);
  });

  it('stays as a test chose it', async () => {
    expect(await thumbsIn(`${served}/api/v2/user`, 'eve')).toEqual(['https://pictures.example/eve.png']);
  });
});

describe('a picture', () => {
  it('shows the initials, and needs no token', async () => {
    const [thumb = ''] = await thumbsIn(`${served}/api/v2/user`);
    const response = await emulator.handle(new Request(thumb));
    expect(response.headers.get('Content-Type')).toMatch(/^image\/svg\+xml/);
    expect(await response.text()).toMatch(/>AL<\/text><\/svg>$/);
  });

  it('is not there for a user whom nobody knows', async () => {
    expect((await emulator.handle(new Request(`${served}/users/nobody/avatar`))).status).toBe(404);
  });
});
