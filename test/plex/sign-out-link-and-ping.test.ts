import { describe, expect, it } from 'vitest';
import type { PlexClient } from '../../src/plex/client.ts';
import {
  type Answer,
  createClient,
  errorIn,
  json,
  page,
  refused,
  text,
  unreachable,
} from './answering-client.ts';

describe('signOut, linkPin and ping', () => {
  type Call = (client: PlexClient) => Promise<{ status: string }>;
  const signOut: Call = (client) => client.signOut({ token: 'x' });
  const linkPin: Call = (client) => client.linkPin({ token: 'x', code: 'ABCD' });
  const ping: Call = (client) => client.ping({ token: 'x' });
  const empty: Answer = () => new Response(null, { status: 204 });

  it.each<[string, string, string, Call, Answer]>([
    ['signOut', 'signedOut', '204', signOut, empty],
    ['signOut', 'rejected', '401', signOut, () => refused(401, 1001)],
    ['signOut', 'rejected', '498', signOut, () => refused(498, undefined)],
    ['linkPin', 'linked', '204', linkPin, empty],
    ['linkPin', 'gone', '404 with code 1020', linkPin, () => refused(404, 1020)],
    ['linkPin', 'rejected', '401', linkPin, () => refused(401, 1001)],
    ['ping', 'pong', '200', ping, () => json(200, { pong: true })],
    ['ping', 'rejected', '401', ping, () => refused(401, 1001)],
    [
      'ping',
      'rejected',
      '422',
      ping,
      () => json(422, { errors: [{ message: 'Invalid token', status: 422 }] }),
    ],
  ])('%s answers %s after %s', async (_name, status, _answered, call, answer) => {
    expect(await call(createClient(answer).client)).toEqual({ status });
  });

  describe.each<[string, Call]>([
    ['signOut', signOut],
    ['linkPin', linkPin],
    ['ping', ping],
  ])('%s', (operation, call) => {
    it.each<[string, Answer, string]>([
      ['400', () => refused(400, 1004), 'PLEX_HTTP'],
      ['403 with code 1068', () => refused(403, 1068), 'PLEX_CLIENT_MISMATCH'],
      ['429', () => refused(429, 1003), 'PLEX_RATE_LIMITED'],
      ['500', () => refused(500, undefined), 'PLEX_HTTP'],
      ['a 401 in HTML', () => text(401, page, 'text/html'), 'PLEX_HTTP'],
      ['an empty 401', () => new Response(null, { status: 401 }), 'PLEX_HTTP'],
      ['the 401 of a gateway', () => json(401, { message: 'Unauthorized' }), 'PLEX_HTTP'],
      ['a 404 in HTML', () => text(404, page, 'text/html'), 'PLEX_HTTP'],
      ['no answer', unreachable, 'PLEX_NETWORK'],
    ])('throws after %s', async (_name, answer, code) => {
      const fault = await errorIn(call(createClient(answer).client));
      expect(fault).toHaveProperty('code', code);
      expect(fault.message).not.toContain('ABCD');
    });

    it('takes the page of a login wall for no answer of Plex', async () => {
      const fault = await errorIn(call(createClient(() => text(200, page, 'text/html')).client));
      expect(fault).toMatchObject({ code: 'PLEX_BAD_REPLY', retryable: true });
      expect(fault.message).toContain(operation);
    });
  });
});
