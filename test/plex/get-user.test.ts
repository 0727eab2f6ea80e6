import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  createClient,
  errorIn,
  goodUser,
  json,
  page,
  refused,
  text,
  unreachable,
  without,
} from './answering-client.ts';
import { rejections, strangers } from './token-answers.ts';

describe('getUser', () => {
  const ask = (answer: Answer) => createClient(answer).client.getUser({ token: 'x' });

  it('reads the account of a valid token', async () => {
    const outcome = await ask(() =>
      json(200, {
        ...goodUser,
        authToken: 'canary',
        roles: [],
        subscription: { active: true, plan: 'lifetime' },
      }),
    );
    expect(outcome).toMatchObject({
      status: 'valid',
      user: { ...goodUser, subscription: { active: true, plan: 'lifetime' } },
    });
    expect(inspect(outcome, { depth: 20 })).not.toContain('canary');
  });

  it('reads an account of which Plex says next to nothing', async () => {
    const nothing = {
      username: null,
      title: null,
      email: null,
      friendlyName: null,
      thumb: null,
      subscription: null,
    };
    for (const user of [
      { id: 1, uuid: '6c1f' },
      { id: 1, uuid: '6c1f', ...nothing },
    ]) {
      const outcome = await ask(() => json(200, user));
      expect(outcome).toMatchObject({
        status: 'valid',
        user: { id: 1, uuid: '6c1f', username: '', email: '' },
      });
    }
  });

  it('reads an account whose fields have drifted, all but the id', async () => {
    const drifted = { id: '7', username: 5, thumb: false, subscription: { active: '1', plan: null } };
    expect(await ask(() => json(200, drifted))).toMatchObject({
      status: 'valid',
      user: { id: 7, username: '', thumb: '', subscription: { active: false, plan: '' } },
    });
  });

  it.each(rejections)('says that a token is rejected by %s', async (_name, answer) => {
    expect(await ask(answer)).toEqual({ status: 'rejected' });
  });

  it.each(strangers)(
    'says nothing about the token after the answer of a stranger: %s',
    async (_name, answer) => {
      expect(await errorIn(ask(answer))).toHaveProperty('code', 'PLEX_HTTP');
    },
  );

  it.each<[string, Answer, string]>([
    ['403', () => refused(403, undefined), 'PLEX_HTTP'],
    [
      '422 for another reason',
      () => json(422, { errors: [{ message: 'Signature failed', status: 422 }] }),
      'PLEX_HTTP',
    ],
    ['422 with a code alone', () => json(422, { errors: [{ code: 1000 }] }), 'PLEX_HTTP'],
    ['403 with code 1068', () => refused(403, 1068), 'PLEX_CLIENT_MISMATCH'],
    ['400 with code 1000', () => refused(400, 1000), 'PLEX_HTTP'],
    ['404', () => refused(404, undefined), 'PLEX_HTTP'],
    ['429', () => refused(429, 1003), 'PLEX_RATE_LIMITED'],
    ['500', () => refused(500, undefined), 'PLEX_HTTP'],
    ['503', () => refused(503, undefined), 'PLEX_HTTP'],
    ['no answer', unreachable, 'PLEX_NETWORK'],
    ['a login wall', () => text(200, page, 'text/html'), 'PLEX_BAD_REPLY'],
    ['XML', () => text(200, '<user id="1"/>', 'application/xml'), 'PLEX_BAD_REPLY'],
    ['an account without an id', () => json(200, without(goodUser, 'id')), 'PLEX_BAD_REPLY'],
  ])('says nothing about the token after %s', async (_name, answer, code) => {
    expect(await errorIn(ask(answer))).toHaveProperty('code', code);
  });
});
