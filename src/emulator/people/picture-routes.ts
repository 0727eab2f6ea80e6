import type { Hono } from 'hono';
import type { EmulatorSettings } from '../emulator-options.ts';
import type { PlexEnv } from '../plex-context.ts';
import { isForPlex } from '../unhandled-request.ts';

/** Where people's pictures are, as `thumb` names them. */
const plexPictures = 'https://plex.tv/users/';

/** Adds the pictures of all people: a letter on a colour of their own. */
export function addPictureRoutes(app: Hono<PlexEnv>, { people }: EmulatorSettings): void {
  app.get('/users/:id/avatar', (c) => {
    // A test may give its people fields of any type.
    const index = people.findIndex(({ user }) => String(user.thumb).includes(c.req.path));
    const [letter = '?'] = String(people[index]?.user.title ?? '').replace(/[^\p{L}\p{N}]/gu, '');
    return c.body(drawPicture(letter.toLocaleUpperCase('en'), 47 + 137 * Math.max(0, index)), 200, {
      'Content-Type': 'image/svg+xml; charset=utf-8',
    });
  });
}

/**
 * Lets an answer name pictures at the emulator itself, where it is not asked in plex.tv's name: a page that shows whom it
 * has signed in must not ask the real plex.tv.
 */
export function withOwnPictures(requestURL: string, answer: string): string {
  // Nearly every answer names none: then no address is parsed.
  return !answer.includes(plexPictures) || isForPlex(requestURL)
    ? answer
    : answer.replaceAll(plexPictures, new URL('/users/', requestURL).href);
}

function drawPicture(letter: string, hue: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
<rect width="96" height="96" fill="hsl(${hue % 360} 45% 35%)"/>
<text x="48" y="64" fill="#fff" font-family="system-ui,sans-serif" font-size="44" text-anchor="middle">${letter}</text>
</svg>`;
}
