import {
  copyOptions,
  requireInteger,
  requireObject,
  requireOption,
  requireType,
} from '../../require-option.ts';
import { defaultUser, type EmulatedUser } from '../emulated-user.ts';
import { createEmailMaker } from './email-maker.ts';
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
  requireUserFields('user', user ?? {}, 'no field of a user of Plex');
  if (people === undefined) {
    const only = { ...defaultUser, ...user };
    return [{ name: `${only.username}`, user: only, homeOf: undefined, pin: undefined }];
  }
  requireOption(Array.isArray(people) && people.length > 0, 'people', 'a list of one person or more');
  // Spread, so that a hole in the list is an entry too.
  const given = [...people].map((one, at) => readPerson(one, `people[${at}]`));
  const makeEmail = createEmailMaker();
  const made = given.map((one, at) => toPerson(one, at, makeEmail, at === 0 ? user : undefined));
  requireEachOnce('a name', made, ({ name }) => name);
  requireEachOnce('an id', made, (person) => person.user.id);
  requireEachOnce('a uuid', made, (person) => person.user.uuid);
  const [first, ...others] = withHomes(made);
  return [first as Person, ...others];
}

function requireEachOnce(what: string, people: readonly Person[], keyOf: (person: Person) => unknown): void {
  const isRight = new Set(people.map(keyOf)).size === people.length;
  requireOption(isRight, 'people', `a list without ${what} in it twice`);
}

const ownFields = ['name', 'homeOf', 'isManaged', 'pin'];

function readPerson(person: string | EmulatedPersonOptions, option: string): EmulatedPersonOptions {
  const given = typeof person === 'string' ? { name: person } : person;
  requireOption(typeof given === 'object' && given !== null, option, 'a name, or an object');
  const { name, homeOf, isManaged, pin } = given;
  requireOption(typeof name === 'string' && name.trim() !== '', `${option}.name`, 'a text that is not empty');
  requireType(`${option}.isManaged`, isManaged, 'boolean');
  const hasAdmin = homeOf !== undefined && homeOf !== name;
  requireOption(!isManaged || hasAdmin, `${option}.homeOf`, 'the name of the home’s admin');
  requireOption(
    pin === undefined || (typeof pin === 'string' && /^\d{1,10}$/.test(pin)),
    `${option}.pin`,
    'one to ten digits',
  );
  requireUserFields(option, given, 'no field of a person or of a user of Plex', ownFields);
  return given;
}

/** A misspelt field would make somebody else of the person; without id and uuid nobody could be told apart. */
function requireUserFields(
  option: string,
  user: Partial<EmulatedUser>,
  problem: string,
  moreFields: readonly string[] = [],
): void {
  for (const field of Object.keys(user)) {
    const isKnown = Object.hasOwn(defaultUser, field) || moreFields.includes(field);
    requireOption(isKnown, `${option}.${field}`, `left out: it is ${problem}`);
  }
  const { id = 1, uuid = 'a uuid' } = copyOptions(user);
  requireInteger(`${option}.id`, id, 1);
  const isText = typeof uuid === 'string' && uuid.trim() !== '';
  requireOption(isText, `${option}.uuid`, 'a text that is not empty');
}

/** Made of the name and the place in the list, so that the same options make the same people. */
function toPerson(
  options: EmulatedPersonOptions,
  at: number,
  makeEmail: (name: string) => string,
  more: Partial<EmulatedUser> | undefined,
): Person {
  const { name, homeOf, isManaged = false, pin, ...fields } = options;
  const uuid = (0x6c1f0ad3a5d84e1bn + BigInt(at)).toString(16);
  const account = isManaged
    ? { username: '', email: '', hasPassword: false, restricted: true }
    : { username: name, email: makeEmail(name) };
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

/** Says in the users' own fields which home each person belongs to. */
function withHomes(people: readonly Person[]): Person[] {
  const admins = people.map(({ homeOf }, at) =>
    homeOf === undefined ? undefined : findPerson(people, `people[${at}].homeOf`, homeOf),
  );
  const adminOf = (person: Person) => admins[people.indexOf(person)];
  return people.map((person, at) => {
    const admin = admins[at] ?? person;
    const isAdmin = [undefined, admin].includes(adminOf(admin));
    requireOption(isAdmin, `people[${at}].homeOf`, 'the name of the home’s admin, who is in no other home');
    const homeSize = people.filter((one) => one !== admin && adminOf(one) === admin).length + 1;
    if (homeSize === 1) return { ...person, homeOf: undefined };
    const home = { home: true, homeSize, homeAdmin: person === admin };
    return { ...person, homeOf: admin.name, user: { ...person.user, ...home } };
  });
}
