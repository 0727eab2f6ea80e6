import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../../src/emulator/index.ts';

const emulator = createPlexEmulator({ people: ['ada', 'bob'] });

/** What the emulator answers at another address than plex.tv's. */
async function ask(url: string, token?: string): Promise<Response> {
  const headers = {
    Accept: 'application/json',
    'X-Plex-Client-Identifier': 'tv',
    ...(token && { 'X-Plex-Token': token }),
  };
  return emulator.handle(new Request(url, { headers }));
}

async function thumbAt(origin: string): Promise<string> {
  const { thumb } = await (await ask(`${origin}/api/v2/user`, emulator.accountToken)).json();
  return thumb;
}

describe('the picture of a person', () => {
  it('is at plex.tv where plex.tv is asked, and at the emulator where that is', async () => {
    expect(await thumbAt('https://clients.plex.tv')).toMatch(
      /^https:\/\/plex\.tv\/users\/\w+\/avatar\?c=\d+$/,
    );
    expect(await thumbAt('http://127.0.0.1:4010')).toMatch(/^http:\/\/127\.0\.0\.1:4010\/users\/\w+\/avatar/);
  });

  it('is drawn by the emulator, with a letter', async () => {
    const response = await ask(await thumbAt('http://127.0.0.1:4010'));
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      'image/svg+xml; charset=utf-8',
    ]);
    expect(await response.text()).toContain('>A</text>');
  });

  it('is drawn whatever a test has set as their names and pictures', async () => {
    const odd = createPlexEmulator({
      people: [
        { name: 'none', thumb: null } as never,
        { name: 'number', title: 5 } as never,
        { name: 'marks', title: '\u0001<b>' },
        'ada',
      ],
    });
    for (const { uuid } of odd.people) {
      const path = `/users/${uuid}/avatar`;
      const text = await (await odd.handle(new Request(`http://127.0.0.1:4010${path}`))).text();
      expect(text).toMatch(/>[?\p{L}\p{N}]<\/text>/u);
    }
  });
});
