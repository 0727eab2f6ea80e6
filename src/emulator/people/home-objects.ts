import type { PlexValue } from '../plex-xml.ts';
import { areInOneHome, type Person } from './person.ts';
import { pictureOf } from './user-picture.ts';

/**
 * Makes the body of `GET /api/v2/home/users`: the members of a person's Plex Home, the admin first. Whoever has no home is
 * alone in it.
 *
 * @see plex.tv, GET /api/v2/home/users, as seven clients read it (read 2026-11)
 */
export function toHome(person: Person, people: readonly Person[], requestURL: string): PlexValue {
  const admin = people.find(({ name }) => name === person.homeOf) ?? person;
  const members = people.filter((one) => one !== admin && areInOneHome(one, admin));
  return {
    id: admin.user.id,
    name: `${admin.user.title}'s Home`,
    guestUserID: null,
    guestUserUUID: '',
    guestEnabled: false,
    subscription: admin.user.subscription.active,
    users: [admin, ...members].map((member) => toMember(member, member === admin, requestURL)),
  };
}

function toMember({ user, pin }: Person, isAdmin: boolean, requestURL: string): PlexValue {
  const { id, uuid, title, username, email, friendlyName, hasPassword, restricted, guest } = user;
  return {
    id,
    uuid,
    title,
    username: username || null,
    email: email || null,
    friendlyName,
    thumb: pictureOf(user, requestURL),
    hasPassword,
    restricted,
    restrictionProfile: null,
    admin: isAdmin,
    guest,
    protected: pin !== undefined,
  };
}

/** What a page calls a person. */
export function toPersonLabel({ name, user }: Person): string {
  const { title, username, email } = user;
  const details = username ? [username, email].filter((text) => text && text !== title) : ['managed'];
  return `${title || name}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** A person as a test may show them: without tokens. */
export interface ListedPerson {
  readonly name: string;
  readonly id: number;
  readonly uuid: string;
  readonly username: string;
  readonly title: string;
  readonly email: string;
}

export function toListedPerson({ name, user: { id, uuid, username, title, email } }: Person): ListedPerson {
  return { name, id, uuid, username, title, email };
}
