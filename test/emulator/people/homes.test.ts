import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../../src/emulator/index.ts';
import { askAs, signInAs } from '../ask-as.ts';
import { askPlex } from '../ask-plex.ts';

const people = [
  'ada',
  { name: 'bob', homeOf: 'ada', pin: '907856' },
  { name: 'kid', homeOf: 'ada', isManaged: true },
  'eve',
];
const createHome = () => createPlexEmulator({ people });
const uuidOf = (emulator: ReturnType<typeof createHome>, name: string) =>
  emulator.people.find((person) => person.name === name)?.uuid;

describe('a Plex Home', () => {
  it('lists its members to each of them, the admin first', async () => {
    const emulator = createHome();
    for (const name of ['ada', 'bob', 'kid']) {
      const { json } = await askAs(emulator, emulator.accountTokenOf(name), 'GET /api/v2/home/users');
      expect(json).toMatchObject({
        name: "ada's Home",
        users: [
          { title: 'ada', admin: true, restricted: false, protected: false },
          { title: 'bob', admin: false, restricted: false, protected: true, username: 'bob' },
          { title: 'kid', admin: false, restricted: true, protected: false, username: null, email: null },
        ],
      });
      expect(JSON.stringify(json)).not.toContain('907856');
    }
    const { json } = await askAs(emulator, emulator.accountTokenOf('eve'), 'GET /api/v2/home/users');
    expect(json).toMatchObject({ users: [{ title: 'eve', admin: true }] });
  });

  it('may be named by any name of its admin', async () => {
    const emulator = createPlexEmulator({ people: ['ada', { name: 'bob', homeOf: 'ada@example.com' }] });
    const { json } = await askAs(emulator, emulator.accountTokenOf('bob'), 'GET /api/v2/user');
    expect(json).toMatchObject({ home: true, homeSize: 2, homeAdmin: false });
  });

  it('shows in the user of each member', async () => {
    const emulator = createHome();
    const homeIn = async (name: string) =>
      (await askAs(emulator, emulator.accountTokenOf(name), 'GET /api/v2/user')).json;
    expect(await homeIn('ada')).toMatchObject({ home: true, homeSize: 3, homeAdmin: true });
    expect(await homeIn('kid')).toMatchObject({
      home: true,
      homeSize: 3,
      homeAdmin: false,
      restricted: true,
    });
    expect(await homeIn('eve')).toMatchObject({ home: false, homeSize: 1, homeAdmin: false });
  });

  it('lets a member switch to another, who gets a token of their own', async () => {
    const emulator = createHome();
    const token = await signInAs(emulator, 'ada');
    const kid = uuidOf(emulator, 'kid');
    const switched = await askAs(emulator, token, `POST /api/v2/home/users/${kid}/switch`);
    expect(switched).toMatchObject({ status: 201, json: { uuid: kid, title: 'kid', restricted: true } });
    const own = switched.json.authToken ?? '';
    expect(own).not.toBe(token);
    expect((await askAs(emulator, own, 'GET /api/v2/user')).json).toMatchObject({ title: 'kid' });
    expect((await askAs(emulator, token, 'GET /api/v2/user')).json).toMatchObject({ title: 'ada' });
    const again = await askAs(emulator, token, `POST /api/v2/home/users/${kid}/switch`);
    expect(again.json.authToken).not.toBe(own);
    expect((await askAs(emulator, own, 'GET /api/v2/user')).status).toBe(401);
  });

  it('asks for the PIN of a member who has one', async () => {
    const emulator = createHome();
    const call = `POST /api/v2/home/users/${uuidOf(emulator, 'bob')}/switch`;
    const statusWith = async (query: string) =>
      (await askAs(emulator, emulator.accountToken, call + query)).status;
    expect(await statusWith('')).toBe(403);
    expect(await statusWith('?pin=4321')).toBe(403);
    expect(await statusWith('?pin=907856')).toBe(201);
  });

  it('is closed to others, unknown members, bad tokens and clients without an identifier', async () => {
    const emulator = createHome();
    const call = `POST /api/v2/home/users/${uuidOf(emulator, 'kid')}/switch`;
    expect((await askAs(emulator, emulator.accountTokenOf('eve'), call)).status).toBe(404);
    expect((await askAs(emulator, emulator.accountToken, 'POST /api/v2/home/users/none/switch')).status).toBe(
      404,
    );
    expect((await askAs(emulator, 'wrong', call)).status).toBe(401);
    expect((await askAs(emulator, emulator.accountToken, call, { client: '' })).status).toBe(400);
    expect((await askPlex(emulator, 'GET /api/v2/home/users')).status).toBe(401);
  });
});
