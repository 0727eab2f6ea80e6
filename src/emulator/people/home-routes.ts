import type { Hono } from 'hono';
import { toUserObject } from '../account-objects.ts';
import type { EmulatorState } from '../emulator-state.ts';
import type { OperationGate } from '../operation-gate.ts';
import { type PlexEnv, toTokenClient } from '../plex-context.ts';
import { refusals } from '../refusals.ts';
import { requireClient, requireToken } from '../require-client.ts';
import { writeAnswer, writeRefusal } from '../write-answer.ts';
import { toHome } from './home-objects.ts';
import { areInOneHome } from './person.ts';
import { addPictureRoute } from './user-picture.ts';

/**
 * Adds the users' pictures, and the Plex Home of a person: who is in it, and switching to another member, which gives that member's own token.
 *
 * What plex.tv answers to a wrong PIN of a member is not known. Here it is a 403, which says nothing about the token.
 */
export function addHomeRoutes(
  app: Hono<PlexEnv>,
  gate: OperationGate,
  { settings, registry }: EmulatorState,
): void {
  const { people, clock } = settings;
  const requireValidToken = requireToken(registry);
  addPictureRoute(app, people);

  app.get('/api/v2/home/users', gate('homeUsers'), requireValidToken, (c) =>
    writeAnswer(c, 'home', toHome(c.var.person, people, c.req.url)),
  );

  app.post('/api/v2/home/users/:uuid/switch', gate('switchUser'), requireClient, requireValidToken, (c) => {
    const person = c.var.person;
    const member = people.find(({ user }) => user.uuid === c.req.param('uuid'));
    if (!member || !(member === person || areInOneHome(member, person)))
      return writeRefusal(c, refusals.notFound);
    if (member.pin !== undefined && member.pin !== c.var.parameters.get('pin'))
      return writeRefusal(c, refusals.wrongMemberPin);
    const token = registry.tokens.issue(member, toTokenClient(c), clock.now());
    return writeAnswer(c, 'user', toUserObject(member.user, token, c.req.url), 201);
  });
}
