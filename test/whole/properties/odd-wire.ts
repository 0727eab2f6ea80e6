/** JSON texts, and things that are none, to put in the place of a value. A text in guillemets is spelled out late. */
export const oddTexts = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1', '0.5', '1e999', '-1e999', '1e-999', '1E+2', '-7.25'],
  ...['9007199254740991', '9007199254740992', '2147483648', '4294967296', '86400', '86401', '31536000'],
  ...['NaN', 'Infinity', 'undefined', '0x10', '01', '.5', '+1', '1.', 'nul', "'x'", '1n', ''],
  ...['""', '" "', '"0"', '"-1"', '"NaN"', '"null"', '"true"', '"308667304"', '"1e999"', '"[object Object]"'],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00x"',
    '"\\u202e7RQZ"',
    '"\\u001b[31m"',
    '"\\u009b2J"',
    '"\\n"',
    '"🛋️"',
  ],
  ...[
    '"<script>alert(1)</script>"',
    '"javascript:alert(1)"',
    '"https:"',
    '"https://user:pw@plex.tv/"',
    '"HTTP://X"',
  ],
  ...[
    '{}',
    '[]',
    '[[]]',
    '[null]',
    '[1,2]',
    '{"":0}',
    '{"a":{"b":{"c":null}}}',
    '{"then":1}',
    '{"length":4294967296}',
  ],
  ...['{"toString":1}', '{"valueOf":null,"toString":null}', '{"toJSON":"x"}', '{"message":"x","code":1020}'],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"hasOwnProperty":0}'],
  ...['«deep list»', '«deep object»', '«long text»', '«long number»', '«many fields»'],
] as const;

export const longTexts: Record<string, () => string> = {
  '«deep list»': () => '['.repeat(3000) + ']'.repeat(3000),
  '«deep object»': () => '{"a":'.repeat(2000) + 1 + '}'.repeat(2000),
  '«long text»': () => `"${'é7'.repeat(4000)}"`,
  '«long number»': () => '9'.repeat(400),
  '«many fields»': () => `{${Array.from({ length: 500 }, (_, index) => `"f${index}":${index}`).join(',')}}`,
  '«very deep list»': () => '['.repeat(200_000) + ']'.repeat(200_000),
  '«huge text»': () => `"${'x'.repeat(1_000_001)}"`,
};

/** Names under which a field is added that must mean nothing. */
export const strangeNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'then',
  'errors',
  'authToken',
  'id',
];

export const oddStatuses = [
  200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404,
];
oddStatuses.push(
  405,
  408,
  409,
  410,
  418,
  422,
  425,
  429,
  451,
  498,
  499,
  500,
  501,
  502,
  503,
  504,
  511,
  520,
  530,
  599,
);

export const oddTypes = [
  '',
  'application/json',
  'APPLICATION/JSON',
  'text/json',
  'text/plain',
  'text/html',
  'Text/HTML;x=y',
];
oddTypes.push(
  'application/xml',
  'text/xml; charset=utf-16',
  'application/xhtml+xml',
  'image/png',
  ';;;',
  'json, text/html',
);
oddTypes.push(
  'application/octet-stream',
  'multipart/form-data; boundary=x',
  'text/event-stream',
  'é\u00ff',
  '"',
  '\t',
);

export const dates = [
  'Wed, 21 Oct 2026 07:28:00 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'now',
];
dates.push(
  '2026-01-01T00:00:10Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  'Thu, 01 Jan 2026 00:00:07 GMT',
);

export const waits = [
  '0',
  '1',
  '5',
  '120',
  '-1',
  '-0',
  '+5',
  '1.5',
  '1e3',
  '0x10',
  ' 7 ',
  '',
  'soon',
  'NaN',
  'Infinity',
  '5, 10',
];
waits.push(
  '99999999999',
  '9'.repeat(309),
  '9'.repeat(400),
  '1 2050',
  '٣',
  '5;q=1',
  '0.0000001',
  '2147483648',
  ...dates,
);
