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

const invalidToken = { errors: [{ message: 'Invalid token', status: 422 }] };
const inXML = (entry: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<errors><error ${entry}/></errors>`;

/** What Plex itself answers to a token that is not valid. */
const refusals: [string, Answer][] = [
  ['401, code 1001', () => refused(401, 1001)],
  ['401 without a status in its envelope', () => json(401, { errors: [{ code: 1001 }] })],
  ['401 without a content type', () => new Response('{"errors":[{"code":1001}]}', { status: 401 })],
  ['422, "Invalid token"', () => json(422, invalidToken)],
  ['422, "Invalid token" with a code', () => json(422, { errors: [{ code: 1, message: 'Invalid token' }] })],
  ['498', () => refused(498, undefined)],
  ['401 in XML', () => text(401, inXML('code="1001" message="No" status="401"'), 'application/xml')],
  ['401 in XML, short', () => text(401, '<errors><error code="1001"/></errors>', 'text/xml; charset=utf-8')],
  ['422 in XML', () => text(422, inXML('code="1" message="Invalid token" status="422"'), 'application/xml')],
  ['498 in XML', () => text(498, inXML('message="expired" status="498"'), 'application/xml')],
];

/** What a proxy, a gateway or a portal answers with the same statuses. */
const strangers: [string, Answer][] = [401, 403, 422, 498].flatMap((status): [string, Answer][] => [
  [`an empty ${status}`, () => new Response(null, { status })],
  [`${status} in text`, () => text(status, 'Invalid token', 'text/plain')],
  [
    `${status} of a proxy`,
    () => text(status, 'Authorization required', 'text/plain', { 'WWW-Authenticate': 'Basic realm="proxy"' }),
  ],
  [`${status} of a gateway`, () => json(status, { message: 'Invalid token' })],
  [`${status} of a GraphQL server`, () => json(status, { errors: [{ message: 'Invalid token' }] })],
  [
    `${status} of a JSON:API server`,
    () => json(status, { errors: [{ status: `${status}`, code: 'no', title: 'Invalid token' }] }),
  ],
  [`${status} with no error in its list`, () => json(status, { errors: [] })],
  [`${status} with null in its list`, () => json(status, { errors: [null] })],
  [`${status} with an object for a list`, () => json(status, { errors: { 0: { code: 1001 } } })],
  [`${status} with half an envelope`, () => text(status, '{"errors":[{"code":1001', 'application/json')],
  [`${status} as a number`, () => json(status, 1001)],
  [
    `${status} in the XML of another`,
    () => text(status, '<Error><Code>AccessDenied</Code></Error>', 'application/xml'),
  ],
  [`${status} in XML that is not called so`, () => text(status, inXML('code="1001"'), 'text/plain')],
  [`${status} as a web page`, () => text(status, page, 'text/html')],
  [
    `${status} as a web page that quotes XML`,
    () => text(status, `${page}${inXML('code="1001"')}`, 'text/html'),
  ],
]);

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

  it.each(refusals)('says that a token is rejected by %s', async (_name, answer) => {
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
