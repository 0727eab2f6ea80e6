import { requireOption } from '../../require-option.ts';
import type { EmulatedUser } from '../emulated-user.ts';

/** Someone with an account at the emulated plex.tv, or a managed member of a Plex Home. */
export interface Person {
  /** What tests call this person; no two people share it. */
  readonly name: string;
  readonly user: EmulatedUser;
  /** The name of the person whose Plex Home this one belongs to, which the admin's is too. */
  readonly homeOf: string | undefined;
  /** What must be typed before anyone may switch to this person. */
  readonly pin: string | undefined;
}

/** Everybody at the emulated plex.tv. The first is who approves where a test names nobody. */
export type People = readonly [Person, ...Person[]];

/** Whether both are members of one Plex Home. */
export function areInOneHome(one: Person, other: Person): boolean {
  return one.homeOf !== undefined && one.homeOf === other.homeOf;
}

/**
 * Finds the person whom a test means.
 *
 * @param reference The person's name, user name, e-mail address or uuid. A name comes before the others.
 * @throws {TypeError} If there is no such person, or more than one, naming the option and who there is.
 */
export function findPerson(people: readonly Person[], option: string, reference: unknown): Person {
  const isMeant = ({ user }: Person) =>
    typeof reference === 'string' &&
    reference !== '' &&
    [user.username, user.email, user.uuid].includes(reference);
  const named = people.find(({ name }) => name === reference);
  const [found, other] = named ? [named] : people.filter(isMeant);
  requireOption(found !== undefined, option, `one of the people: ${toNames(people)}`);
  if (other === undefined) return found;
  throw new TypeError(
    `plex-auth-flow: ${option} must name one person: ${reference} is of ${toNames(people.filter(isMeant))}`,
  );
}

function toNames(people: readonly Person[]): string {
  return people.map(({ name }) => name).join(', ');
}
