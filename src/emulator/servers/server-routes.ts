import type { Hono } from 'hono';
import type { EmulatorState } from '../emulator-state.ts';
import type { OperationGate } from '../operation-gate.ts';
import { type PlexEnv, tokenOf } from '../plex-context.ts';
import { requireClient, requireToken } from '../require-client.ts';
import { writeAnswer } from '../write-answer.ts';
import { toAcceptedShare, toResource } from './server-objects.ts';

/** Adds what the holder of a token reaches, and whom he shares his own servers with. */
export function addServerRoutes(
  app: Hono<PlexEnv>,
  gate: OperationGate,
  { registry, servers }: EmulatorState,
): void {
  const requireValidToken = requireToken(registry);

  app.get('/api/v2/resources', gate('resources'), requireClient, requireValidToken, (c) => {
    const { person, parameters } = c.var;
    const isWanted = (name: string) => ['1', 'true'].includes(parameters.get(name)?.toLowerCase() ?? '');
    const wanted = { relay: isWanted('includerelay'), IPv6: isWanted('includeipv6') };
    const reached = servers.reachedBy(person).map((one) =>
      // One's own server takes one's own token.
      toResource(one, one.by === 'owner' ? tokenOf(c) : servers.accessTokenOf(person, one.server), wanted),
    );
    return writeAnswer(c, 'resources', reached);
  });

  app.get('/api/v2/shared_servers/owned/accepted', gate('sharedServers'), requireValidToken, (c) =>
    writeAnswer(
      c,
      'sharedServers',
      servers.sharesOf(c.var.person).map((share) => toAcceptedShare(share, c.req.url)),
    ),
  );
}
