import type { Hono } from 'hono';
import { toAccountObject, toUserObject } from './account-objects.ts';
import type { EmulatorState } from './emulator-state.ts';
import type { OperationGate } from './operation-gate.ts';
import { type PlexEnv, tokenOf } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { requireClient, requireToken } from './require-client.ts';
import { isXMLWanted, writeAnswer, writeRefusal } from './write-answer.ts';

/** Adds what the holder of a token can ask for. */
export function addAccountRoutes(app: Hono<PlexEnv>, gate: OperationGate, { registry }: EmulatorState): void {
  const requireValidToken = requireToken(registry);

  app.put('/api/v2/pins/link', gate('linkPin'), requireValidToken, (c) => {
    const code = c.var.parameters.get('code');
    if (!code) return writeRefusal(c, refusals.malformed);
    const pin = registry.findByCode(code);
    if (pin?.decision !== 'waiting') return writeRefusal(c, refusals.pinGone);
    registry.link(pin, c.var.person);
    return c.body(null, 204);
  });

  app.get('/api/v2/user', gate('getUser'), requireClient, requireValidToken, (c) =>
    writeAnswer(c, 'user', toUserObject(c.var.person.user, tokenOf(c), c.req.url)),
  );

  app.get('/users/account', gate('getUser'), requireValidToken, (c) => {
    const account = toAccountObject(c.var.person.user, tokenOf(c), c.req.url);
    return isXMLWanted(c) ? writeAnswer(c, 'user', account) : writeAnswer(c, 'account', { user: account });
  });

  app.delete('/api/v2/users/signout', gate('signOut'), requireValidToken, (c) => {
    registry.revokeToken(tokenOf(c));
    return c.body(null, 204);
  });

  app.get('/api/v2/ping', gate('ping'), (c) => {
    if (tokenOf(c) && !registry.isValidToken(tokenOf(c))) return writeRefusal(c, refusals.badToken);
    return isXMLWanted(c) ? writeAnswer(c, 'pong', true) : writeAnswer(c, 'ping', { pong: true });
  });
}
