import { requireObject, requireOption, requireType } from '../../require-option.ts';
import { defaultUser, type EmulatedUser } from '../emulated-user.ts';
import { findPerson, type People, type Person } from './person.ts';

/**
 * A person at the emulated plex.tv. Every field of `GET /api/v2/user` can be set too, such as `thumb` or `subscription`; the
 * others are made of the name.
 */
export interface EmulatedPersonOptions extends Partial<EmulatedUser> {
  /** What tests call this person, as in `approve(code, { as: 'ada' })`. */
  name: string;
  /** The name of the person whose Plex Home this one belongs to. Default: none. */
  homeOf?: string;
  /**
   * Whether this is a managed member of the home: without user name, e-mail address and password, reached by switching.
   * Default: false. Needs `homeOf`.
   */
  isManaged?: boolean;
  /** One to ten digits that must be typed to switch to this person. Default: none. */
  pin?: string;
}

/**
 * Makes the people.
 *
 * @param people In a text, only the name. The first is who approves where a test names nobody.
 * @param user Fields of the first person.
 * @throws {TypeError} For a value out of its range, naming the option.
 */
export function readPeople(
  people: readonly (string | EmulatedPersonOptions)[] | undefined,
  user: Partial<EmulatedUser> | undefined,
): People {
  requireObject('user', user ?? undefined);
  if (people === undefined) {
    const only = { ...defaultUser, ...user };
    return [{ name: `${only.username}`, user: only, homeOf: undefined, pin: undefined }];
  }
  requireOption(Array.isArray(people) && people.length > 0, 'people', 'a list of one person or more');
  // Spread, so that a hole in the list is an entry too.
  const given = [...people].map((one, at) => readPerson(one, `people[${at}]`));
  requireOption(
    new Set(given.map(({ name }) => name)).size === given.length,
    'people',
    'a list without a name in it twice',
  );
  const [first, ...others] = given.map((one, at) => toPerson(one, at, at === 0 ? user : undefined));
  const made = [first as Person, ...others] as const;
  return [withHome(made[0], made), ...others.map((person) => withHome(person, made))];
}

function readPerson(person: string | EmulatedPersonOptions, option: string): EmulatedPersonOptions {
  const given = typeof person === 'string' ? { name: person } : person;
  requireOption(typeof given === 'object' && given !== null, option, 'a name, or an object');
  const { name, homeOf, isManaged, pin } = given;
  requireOption(typeof name === 'string' && name.trim() !== '', `${option}.name`, 'a text that is not empty');
  requireType(`${option}.isManaged`, isManaged, 'boolean');
  requireOption(!isManaged || homeOf !== undefined, `${option}.homeOf`, 'the name of the home’s admin');
  requireOption(
    pin === undefined || (typeof pin === 'string' && /^\d{1,10}$/.test(pin)),
    `${option}.pin`,
    'one to ten digits',
  );
  return given;
}

/** Made of the name and the place in the list, so that the same options make the same people. */
function toPerson(
  options: EmulatedPersonOptions,
  at: number,
  more: Partial<EmulatedUser> | undefined,
): Person {
  const { name, homeOf, isManaged = false, pin, ...fields } = options;
  const uuid = (0x6c1f0ad3a5d84e1bn + BigInt(at)).toString(16);
  const account = isManaged
    ? { username: '', email: '', hasPassword: false, restricted: true }
    : { username: name, email: `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.com` };
  const user: EmulatedUser = {
    ...defaultUser,
    id: defaultUser.id + at,
    uuid,
    title: name,
    friendlyName: name,
    thumb: `https://plex.tv/users/${uuid}/avatar?c=${defaultUser.joinedAt}`,
    protected: pin !== undefined,
    ...account,
    ...fields,
    ...more,
  };
  return { name, user, homeOf, pin };
}

/** Says in the user's own fields which home the person belongs to. */
function withHome(person: Person, people: readonly Person[]): Person {
  const admin = person.homeOf === undefined ? person : findPerson(people, 'homeOf', person.homeOf);
  requireOption(
    admin === person || admin.homeOf === undefined || admin.homeOf === admin.name,
    'homeOf',
    'the admin of a home',
  );
  const homeSize =
    people.filter(({ name, homeOf }) => name !== admin.name && homeOf === admin.name).length + 1;
  if (homeSize === 1) return { ...person, homeOf: undefined };
  const home = { home: true, homeSize, homeAdmin: person === admin };
  return { ...person, homeOf: admin.name, user: { ...person.user, ...home } };
}
