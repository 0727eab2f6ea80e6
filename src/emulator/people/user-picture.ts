import type { Hono } from 'hono';
import type { EmulatedUser } from '../emulated-user.ts';
import type { PlexEnv } from '../plex-context.ts';
import { refusals } from '../refusals.ts';
import { isForPlex } from '../unhandled-request.ts';
import { writeRefusal } from '../write-answer.ts';
import type { Person } from './person.ts';

/**
 * Returns where the picture of a user is, for the sender of a request. Whoever reaches the emulator at an address of its own
 * finds it there: plex.tv has no picture of an emulated user. A picture that a test chose stays as it is.
 */
export function pictureOf({ uuid, thumb }: EmulatedUser, requestURL: string): string {
  const isOwn = thumb.startsWith(`https://plex.tv/users/${uuid}/avatar`);
  return isOwn && !isForPlex(requestURL)
    ? thumb.replace('https://plex.tv', new URL(requestURL).origin)
    : thumb;
}

/** Adds the pictures of the users: their initials, as SVG. */
export function addPictureRoute(app: Hono<PlexEnv>, people: readonly Person[]): void {
  app.get('/users/:uuid/avatar', (c) => {
    const person = people.find(({ user }) => user.uuid === c.req.param('uuid'));
    if (!person) return writeRefusal(c, refusals.notFound);
    return c.body(toPicture(person.user), 200, { 'Content-Type': 'image/svg+xml' });
  });
}

function toPicture({ friendlyName, title, username }: EmulatedUser): string {
  const words = (friendlyName || title || username).match(/[\p{L}\p{N}]+/gu) ?? [];
  const initials = words.slice(0, 2).map((word) => [...word].slice(0, 1).join('').toUpperCase());
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="#8a5a00"/><text x="32" y="41" fill="#fff" font-family="system-ui,sans-serif" font-size="26" text-anchor="middle">${initials.join('')}</text></svg>`;
}
