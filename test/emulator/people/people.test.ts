import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  createPlexEmulator,
  type PlexEmulator,
  type PlexEmulatorOptions,
} from '../../../src/emulator/index.ts';
import { askAs, signInAs } from '../ask-as.ts';
import { askPlex, makePin } from '../ask-plex.ts';

async function userOf(emulator: PlexEmulator, token: string) {
  const { status, json } = await askAs(emulator, token, 'GET /api/v2/user');
  return status === 200 ? (json as unknown as Record<string, unknown>) : status;
}

describe('the people', () => {
  it('are one by default: the user', async () => {
    const emulator = createPlexEmulator({ user: { username: 'ada', title: 'Ada' } });
    expect(emulator.people).toEqual([
      {
        name: 'ada',
        id: 1_234_567,
        uuid: '6c1f0ad3a5d84e1b',
        username: 'ada',
        title: 'Ada',
        email: 'emulated@example.com',
      },
    ]);
    expect(emulator.accountTokenOf('ada')).toBe(emulator.accountToken);
  });

  it('each have an account of their own, made of the name alone', async () => {
    const emulator = createPlexEmulator({ people: ['ada', 'Bob Müller'] });
    expect(emulator.people).toMatchObject([
      { name: 'ada', username: 'ada', title: 'ada', email: 'ada@example.com' },
      { name: 'Bob Müller', email: 'bob.m.ller@example.com' },
    ]);
    expect(new Set(emulator.people.map(({ id }) => id)).size).toBe(2);
    expect(new Set(emulator.people.map(({ uuid }) => uuid)).size).toBe(2);
    const [, bob] = emulator.people;
    const user = await userOf(emulator, emulator.accountTokenOf('Bob Müller'));
    expect(user).toMatchObject({
      id: bob?.id,
      uuid: bob?.uuid,
      title: 'Bob Müller',
      thumb: expect.stringContaining(bob?.uuid ?? '?'),
    });
  });

  it('are the same for the same options', () => {
    const people = ['ada', 'bob'];
    expect(createPlexEmulator({ people }).people).toEqual(createPlexEmulator({ people }).people);
  });

  it('may have any field of a user, the first those of the option user too', async () => {
    const thumb = 'https://plex.tv/users/1/avatar';
    const people = [
      { name: 'ada', title: 'Ada' },
      { name: 'bob', thumb, id: 7 },
    ];
    const emulator = createPlexEmulator({ people, user: { email: 'a@example.com' } });
    expect(await userOf(emulator, emulator.accountToken)).toMatchObject({
      title: 'Ada',
      email: 'a@example.com',
    });
    expect(await userOf(emulator, emulator.accountTokenOf('bob'))).toMatchObject({
      id: 7,
      thumb,
      username: 'bob',
    });
  });

  it.each<[string, PlexEmulatorOptions['people'], string]>([
    ['nobody', [], 'people must be a list of one person or more'],
    ['no list', 'ada' as never, 'people must be a list of one person or more'],
    ['a number', [5 as never], 'people[0] must be a name, or an object'],
    ['a person without a name', ['ada', {} as never], 'people[1].name must be a text that is not empty'],
    ['an empty name', [' '], 'people[0].name must be a text that is not empty'],
    ['a name twice', ['ada', 'ada'], 'people must be a list without a name in it twice'],
    ['a home of nobody', [{ name: 'ada', homeOf: 'eve' }], 'people[0].homeOf must be one of the people: ada'],
    [
      'a managed person without a home',
      [{ name: 'kid', isManaged: true }],
      'people[0].homeOf must be the name of the home’s admin',
    ],
    [
      'a home in a home',
      ['ada', { name: 'bob', homeOf: 'ada' }, { name: 'kid', homeOf: 'bob' }],
      'people[2].homeOf must be the name of the home’s admin, who is in no other home',
    ],
    [
      'a circle of homes',
      [
        { name: 'ada', homeOf: 'bob' },
        { name: 'bob', homeOf: 'ada' },
      ],
      'people[0].homeOf must be the name of the home’s admin, who is in no other home',
    ],
    [
      'a managed person in a home of their own',
      ['ada', { name: 'kid', homeOf: 'kid', isManaged: true }],
      'people[1].homeOf must be the name of the home’s admin',
    ],
    [
      'a person with a field that is misspelt',
      ['ada', { name: 'bob', isManged: true } as never],
      'people[1].isManged must be left out: it is no field of a person or of a user of Plex',
    ],
    ['an id that is none', [{ name: 'ada', id: '7' as never }], 'people[0].id must be an integer from 1'],
    ['an empty uuid', [{ name: 'ada', uuid: '' }], 'people[0].uuid must be a text that is not empty'],
    [
      'one account under two names',
      [
        { name: 'ada', uuid: 'u' },
        { name: 'bob', uuid: 'u' },
      ],
      'people must be a list without a uuid in it twice',
    ],
    [
      'one number under two names',
      ['ada', { name: 'bob', id: 1_234_567 }],
      'people must be a list without an id in it twice',
    ],
    [
      'in a home whose admin is managed',
      ['ada', { name: 'kid', homeOf: 'ada', isManaged: true }, { name: 'bob', homeOf: 'kid' }],
      'people[2].homeOf must be the name of the home’s admin, who is in no other home',
    ],
    ['a PIN of letters', [{ name: 'ada', pin: 'abcd' }], 'people[0].pin must be one to ten digits'],
    [
      'a flag that is none',
      [{ name: 'ada', isManaged: 'no' as never }],
      'people[0].isManaged must be true or false',
    ],
  ])('cannot be %s', (_, people, message) => {
    expect(() => createPlexEmulator({ people } as PlexEmulatorOptions)).toThrow(
      new TypeError(`plex-auth-flow: ${message}`),
    );
  });
});

describe('the addresses of people', () => {
  it('are as different as the people, whatever their names', () => {
    const names = ['Ada', 'ada', '愛', '光', 'Zoë', '-x-', 'a.b', 'a b'];
    const emails = createPlexEmulator({ people: names }).people.map(({ email }) => email);
    expect(new Set(emails).size).toBe(names.length);
    for (const email of emails) expect(email).toMatch(/^[a-z0-9]+(\.[a-z0-9]+)*@example\.com$/);
    expect(emails[0]).toBe('ada@example.com');
  });

  it('are whatever the options say, and so may be another person’s', () => {
    const people = ['ada', { name: 'eve', email: 'ada@example.com' }];
    expect(createPlexEmulator({ people }).people.map(({ email }) => email)).toEqual([
      'ada@example.com',
      'ada@example.com',
    ]);
  });
});

describe('the option user', () => {
  it('has fields of a user of Plex, and no others', () => {
    expect(() => createPlexEmulator({ user: { nmae: 'ada' } as never })).toThrow(
      new TypeError('plex-auth-flow: user.nmae must be left out: it is no field of a user of Plex'),
    );
    expect(() => createPlexEmulator({ user: { uuid: '' } })).toThrow(
      new TypeError('plex-auth-flow: user.uuid must be a text that is not empty'),
    );
  });
});

describe('an approval', () => {
  const people = ['ada', { name: 'bob', username: 'bobby', email: 'b@example.com', uuid: 'b0b' }];

  it.each(['bob', 'bobby', 'b@example.com', 'b0b'])('is by the one who is meant by %s', async (as) => {
    const emulator = createPlexEmulator({ people });
    expect(await userOf(emulator, await signInAs(emulator, as))).toMatchObject({ username: 'bobby' });
  });

  it('is by the first person where nobody is named, and by the same with link', async () => {
    const emulator = createPlexEmulator({ people });
    expect(await userOf(emulator, await signInAs(emulator))).toMatchObject({ username: 'ada' });
    const { code } = await makePin(emulator);
    expect(await userOf(emulator, emulator.link(code))).toMatchObject({ username: 'ada' });
    const automatic = createPlexEmulator({ people, approveAfterMs: 0 });
    const pin = await makePin(automatic);
    const { json } = await askPlex(automatic, `GET /api/v2/pins/${pin.id}`);
    expect(await userOf(automatic, json.authToken ?? '')).toMatchObject({ username: 'ada' });
  });

  it('is by the one whose token links the PIN', async () => {
    const emulator = createPlexEmulator({ people });
    const pin = await makePin(emulator);
    const body = new URLSearchParams({ code: pin.code });
    await askAs(emulator, emulator.accountTokenOf('bob'), 'PUT /api/v2/pins/link', { body });
    const { json } = await askPlex(emulator, `GET /api/v2/pins/${pin.id}`);
    expect(await userOf(emulator, json.authToken ?? '')).toMatchObject({ username: 'bobby' });
  });

  it('is not by somebody whom nobody knows, nor for a code that nobody has', async () => {
    const emulator = createPlexEmulator({ people });
    const { code } = await makePin(emulator);
    const unknown = new TypeError('plex-auth-flow: as must be one of the people: ada, bob');
    for (const as of ['eve', '', null as never])
      expect(() => emulator.approve(code, { as })).toThrow(unknown);
    expect(emulator.pins[0]?.state).toBe('waiting');
    expect(() => emulator.approve('QQQQ', { as: 'bob' })).toThrow('approve: no live PIN has the code QQQQ');
    expect(() => emulator.accountTokenOf('eve')).toThrow('person must be one of the people: ada, bob');
  });

  it('says in the PIN that no account was made by it, and null before', async () => {
    const emulator = createPlexEmulator();
    const pin = await makePin(emulator);
    expect(pin.newRegistration).toBe(null);
    emulator.approve(pin.code);
    expect((await askPlex(emulator, `GET /api/v2/pins/${pin.id}`)).json.newRegistration).toBe(false);
  });
});

describe('a token', () => {
  it('is one per account and client', async () => {
    const emulator = createPlexEmulator({ people: ['ada', 'bob'] });
    const first = await signInAs(emulator, 'ada');
    const others = [await signInAs(emulator, 'bob'), await signInAs(emulator, 'ada', 'phone')];
    const next = await signInAs(emulator, 'ada');
    expect(await userOf(emulator, first)).toBe(401);
    for (const token of [...others, next]) expect(await userOf(emulator, token)).toHaveProperty('id');
  });

  it('shows in no dump of the emulator', async () => {
    const emulator = createPlexEmulator({ people: ['ada', 'bob'] });
    const tokens = [await signInAs(emulator, 'bob'), emulator.accountTokenOf('bob'), emulator.accountToken];
    const dump = inspect(emulator, { depth: 9 }) + JSON.stringify(emulator);
    for (const token of tokens) expect(dump).not.toContain(token);
  });

  it('can be revoked by person and client', async () => {
    const emulator = createPlexEmulator({ people: ['ada', 'bob'] });
    const [tv, phone, other] = [
      await signInAs(emulator, 'ada'),
      await signInAs(emulator, 'ada', 'phone'),
      await signInAs(emulator, 'bob'),
    ];
    expect(emulator.revoke({ as: 'ada', clientIdentifier: 'tv' })).toBe(1);
    expect([await userOf(emulator, tv), await userOf(emulator, phone)]).toEqual([401, expect.any(Object)]);
    expect(emulator.revoke()).toBe(1);
    expect(await userOf(emulator, phone)).toBe(401);
    expect(await userOf(emulator, other)).toHaveProperty('id');
    expect(await userOf(emulator, emulator.accountToken)).toHaveProperty('id');
    expect(emulator.revoke({ as: 'ada' })).toBe(0);
    expect(() => emulator.revoke({ as: 'eve' })).toThrow(TypeError);
  });

  it('that was due by itself is revoked too', async () => {
    const emulator = createPlexEmulator({ approveAfterMs: 0 });
    await makePin(emulator);
    expect(emulator.revoke()).toBe(1);
  });
});
