import { type Answer, json, page, refused, text } from './answering-client.ts';

const invalidToken = { errors: [{ message: 'Invalid token', status: 422 }] };
const inXML = (entry: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<errors><error ${entry}/></errors>`;

/** What Plex itself answers to a token that is not valid. */
export const rejections: [string, Answer][] = [
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
export const strangers: [string, Answer][] = [401, 403, 422, 498].flatMap((status): [string, Answer][] => [
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
