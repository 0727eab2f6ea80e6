/** The token that each call with a token sends. No error may show it. */
export const requestToken = 'request-canary-3f9d';
/** The token in a claimed answer. No error may show it. */
export const answerToken = 'answer-canary-8c1b';
/** The code in each PIN's answer. No error may show it. */
export const answerCode = 'CODECANARY7RQZ';

const pin = {
  id: 308667304,
  code: answerCode,
  product: '0',
  trusted: false,
  qr: `https://plex.tv/api/v2/pins/qr/${answerCode}`,
  clientIdentifier: 'tv',
  location: { code: 'NL', european_union_member: true, city: 'Bréda 🛋️', coordinates: '51.5869, 4.7471' },
  expiresIn: 876,
  createdAt: '2024-07-16T17:03:05Z',
  expiresAt: '2024-07-16T17:18:05Z',
  authToken: null,
  newRegistration: null,
};
const user = {
  id: 1_234_567,
  uuid: '6c1f0ad3a5d84e1b',
  username: 'ada',
  title: 'Áda 🎬',
  email: 'ada@example.com',
  friendlyName: 'Ada',
  thumb: 'https://plex.tv/users/6c1f0ad3a5d84e1b/avatar?c=1416510430',
  subscription: { active: true, plan: 'lifetime', features: ['sync'] },
  home: false,
  authToken: answerToken,
};
/** The server that `hasAccess` is asked about. */
export const askedServer = 'attic-id';

const resources = [
  {
    name: 'TV',
    clientIdentifier: 'tv-id',
    provides: 'client,player',
    owned: true,
    accessToken: null,
    connections: [],
  },
  {
    name: 'Áttic 🎬',
    product: 'Plex Media Server',
    clientIdentifier: askedServer,
    provides: 'server',
    owned: true,
    home: false,
    accessToken: answerToken,
    connections: [
      {
        protocol: 'https',
        address: '192.0.2.10',
        port: 32400,
        uri: 'https://a.plex.direct:32400',
        local: true,
      },
    ],
  },
];
const refused = (code: number, message: string) =>
  JSON.stringify({ errors: [{ code, message, status: 400 }] });

/** One good answer of each kind, as plex-wire.md shows it. */
export const answerTexts = {
  newPin: JSON.stringify(pin),
  pendingPin: JSON.stringify({ ...pin, expiresIn: 700 }),
  claimedPin: JSON.stringify({ ...pin, authToken: answerToken, newRegistration: false }),
  user: JSON.stringify(user),
  resources: JSON.stringify(resources),
  sharedResources: JSON.stringify(resources.map((one) => ({ ...one, owned: false }))),
  pong: '{"pong":true}',
  nothing: '',
  malformed: refused(1004, 'Malformed request'),
  badToken: refused(1001, 'User could not be authenticated'),
  otherClient: refused(1068, 'Not available for this device'),
  gone: refused(1020, 'Code not found or expired'),
  tooMany: refused(1003, 'Too many requests'),
  outage: refused(5000, 'Internal error'),
  pinXML: `<?xml version="1.0" encoding="UTF-8"?>\n<pin id="308667304" code="${answerCode}" expiresIn="876" authToken="${answerToken}"/>\n`,
  errorXML:
    '<?xml version="1.0" encoding="UTF-8"?>\n<errors><error code="1020" message="Code not found" status="404"/></errors>\n',
  page: `<!DOCTYPE html><html><body>Log in to the hotel, ${answerCode}</body></html>`,
};

/** The name of a good answer. */
export type BaseName = keyof typeof answerTexts;
