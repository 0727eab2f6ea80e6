import { expect } from 'vitest';
import type { Operation } from './mutated-answers.ts';

/** A literal answer and what becomes of it. */
export interface CorpusEntry {
  readonly name: string;
  readonly operation: Operation;
  readonly status: number;
  /** Header lines; without a content type it is JSON. */
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
  /** What the call gives, or the error it throws: at least these fields. */
  readonly expected: Readonly<Record<string, unknown>>;
}

const pin = (fields: string) =>
  `{"id":7,"code":"7RQZ","expiresIn":876,"authToken":null${fields && `,${fields}`}}`;
const xml = { 'content-type': 'application/xml' };
const html = { 'content-type': 'text/html' };
const bad = (message: string) => ({ code: 'PLEX_BAD_REPLY', retryable: true, message });
const holding = (words: string): unknown => expect.stringContaining(words);
const inBytes = (...parts: (string | number)[]) =>
  new Uint8Array(
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part)))),
  );

/** Answers that once broke something, here or in another client. */
export const corpus: readonly CorpusEntry[] = [
  {
    name: 'XML instead of a PIN, as for an Accept of two types',
    operation: 'getPin',
    status: 201,
    headers: xml,
    body: '<?xml version="1.0"?><pin id="7" code="7RQZ" expiresIn="900"/>',
    expected: bad('Plex answered getPin with XML instead of JSON'),
  },
  {
    name: 'a portal in place of a PIN',
    operation: 'getPin',
    status: 200,
    headers: html,
    body: '<html>Log in to the hotel</html>',
    expected: bad('Plex answered getPin with HTML'),
  },
  {
    name: 'a portal that says it is JSON',
    operation: 'ping',
    status: 200,
    body: '  <!DOCTYPE html><html></html>',
    expected: bad('Plex answered ping with HTML'),
  },
  {
    name: 'a PIN without a code',
    operation: 'getPin',
    status: 201,
    body: '{"id":7,"expiresIn":9}',
    expected: bad('Plex sent an invalid answer to getPin: code is missing'),
  },
  {
    name: 'an empty body',
    operation: 'getPin',
    status: 201,
    body: '',
    expected: bad('Plex answered getPin with an empty body instead of JSON'),
  },
  {
    name: 'null',
    operation: 'getToken',
    status: 200,
    body: 'null',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('the answer') },
  },
  {
    name: 'a list',
    operation: 'getPin',
    status: 201,
    body: '[]',
    expected: bad('Plex sent an invalid answer to getPin: id is missing'),
  },
  {
    name: 'a byte order mark',
    operation: 'getPin',
    status: 201,
    body: inBytes(0xef, 0xbb, 0xbf, pin('')),
    expected: { pinID: 7, code: '7RQZ' },
  },
  {
    name: 'a byte that is no UTF-8 in a field nobody reads',
    operation: 'getPin',
    status: 201,
    body: inBytes('{"city":"Br', 0xe9, 'da","id":7,"code":"7RQZ","expiresIn":9}'),
    expected: { pinID: 7 },
  },
  {
    name: 'an id in words',
    operation: 'getPin',
    status: 201,
    body: '{"id":"7","code":"7RQZ","expiresIn":9}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('id must be') },
  },
  {
    name: 'an id that no number holds',
    operation: 'getPin',
    status: 201,
    body: '{"id":9007199254740993,"code":"7RQZ","expiresIn":9}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('id must be') },
  },
  {
    name: 'a life without end',
    operation: 'getPin',
    status: 201,
    body: pin('"expiresIn":1e999'),
    expected: { expiresInMs: 86_400_000 },
  },
  {
    name: 'a life below zero',
    operation: 'getPin',
    status: 201,
    body: pin('"expiresIn":-1'),
    expected: { code: 'PLEX_BAD_REPLY', message: holding('expiresIn must be') },
  },
  {
    name: 'a key twice, the last of which counts',
    operation: 'getPin',
    status: 201,
    body: pin('"id":8'),
    expected: { pinID: 8 },
  },
  {
    name: 'a postal code that is a number',
    operation: 'getPin',
    status: 201,
    body: pin('"location":{"postal_code":4814},"newRegistration":false'),
    expected: { pinID: 7 },
  },
  {
    name: 'a __proto__ with all that is missing',
    operation: 'getPin',
    status: 201,
    body: '{"__proto__":{"id":7,"code":"7RQZ","expiresIn":9}}',
    expected: bad('Plex sent an invalid answer to getPin: id is missing'),
  },
  {
    name: 'a QR address that is an object with a toString of its own',
    operation: 'getPin',
    status: 201,
    body: pin('"qr":{"toString":1}'),
    expected: { pinID: 7, qrURL: undefined },
  },
  {
    name: 'a QR address with a script',
    operation: 'getPin',
    status: 201,
    body: pin('"qr":"javascript:alert(1)"'),
    expected: { pinID: 7, qrURL: undefined },
  },
  {
    name: 'a QR address that is none',
    operation: 'getPin',
    status: 201,
    body: pin('"qr":"https:"'),
    expected: { pinID: 7, qrURL: undefined },
  },
  {
    name: 'a QR address with an escape sequence',
    operation: 'getPin',
    status: 201,
    body: pin('"qr":"https://plex.tv/\\u001b[2J"'),
    expected: { qrURL: 'https://plex.tv/%1B[2J' },
  },
  {
    name: 'a code with an escape sequence',
    operation: 'getPin',
    status: 201,
    body: '{"id":7,"code":"\\u001b[2J","expiresIn":9}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('code must be') },
  },
  {
    name: 'a code of half a character, which no URL holds',
    operation: 'getPin',
    status: 201,
    body: '{"id":7,"code":"\\ud800","expiresIn":9}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('code must be') },
  },
  {
    name: 'a code of 5,000 characters, which no QR picture holds',
    operation: 'getPin',
    status: 201,
    body: `{"id":7,"code":"${'x'.repeat(5000)}","expiresIn":9}`,
    expected: { code: 'PLEX_BAD_REPLY', message: holding('code must be') },
  },
  {
    name: 'a token that is empty',
    operation: 'getToken',
    status: 200,
    body: pin('"authToken":""'),
    expected: { status: 'pending' },
  },
  {
    name: 'a token that is an object',
    operation: 'getToken',
    status: 200,
    body: pin('"authToken":{"token":"x"}'),
    expected: { code: 'PLEX_BAD_REPLY', message: holding('authToken must be') },
  },
  {
    name: 'a token beside nothing else',
    operation: 'getToken',
    status: 200,
    body: '{"authToken":"tok"}',
    expected: { status: 'claimed' },
  },
  {
    name: 'a token beside fields that drifted',
    operation: 'getToken',
    status: 200,
    body: '{"authToken":"tok","id":"7","code":null,"expiresIn":"soon","clientIdentifier":5}',
    expected: { status: 'claimed' },
  },
  {
    name: 'a token in plain text',
    operation: 'getToken',
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: '{"authToken":"tok"}',
    expected: { status: 'claimed' },
  },
  {
    name: 'a token in JSON that says it is HTML',
    operation: 'getToken',
    status: 200,
    headers: html,
    body: '{"authToken":"tok"}',
    expected: { status: 'claimed' },
  },
  {
    name: 'a 404 of another client',
    operation: 'getToken',
    status: 404,
    body: '{"errors":[{"code":1020,"message":"Code not found or expired"}]}',
    expected: { status: 'gone' },
  },
  {
    name: 'a 404 in XML',
    operation: 'getToken',
    status: 404,
    headers: xml,
    body: '<errors><error code="1020" message="x" status="404"/></errors>',
    expected: { status: 'gone' },
  },
  {
    name: 'a 404 of a proxy',
    operation: 'getToken',
    status: 404,
    headers: html,
    body: '<h1>Not found</h1>',
    expected: { code: 'PLEX_HTTP', status: 404, retryable: true },
  },
  {
    name: 'errors that are no list',
    operation: 'getToken',
    status: 500,
    body: '{"errors":{"0":null,"length":1}}',
    expected: { code: 'PLEX_HTTP', status: 500, plexCode: undefined },
  },
  {
    name: 'an error whose code no number holds',
    operation: 'getToken',
    status: 400,
    body: '{"errors":[{"code":1e999}]}',
    expected: { code: 'PLEX_HTTP', plexCode: undefined },
  },
  {
    name: 'a wait in seconds',
    operation: 'getToken',
    status: 429,
    headers: { 'retry-after': '7' },
    body: '{}',
    expected: { code: 'PLEX_RATE_LIMITED', retryAfterMs: 7000 },
  },
  {
    name: 'a wait below zero',
    operation: 'getToken',
    status: 429,
    headers: { 'retry-after': '-7' },
    body: '{}',
    expected: { code: 'PLEX_RATE_LIMITED', retryAfterMs: undefined },
  },
  {
    name: 'two waits',
    operation: 'getToken',
    status: 429,
    headers: { 'retry-after': '5, 10' },
    body: '{}',
    expected: { code: 'PLEX_RATE_LIMITED', retryAfterMs: 10_000 },
  },
  {
    name: 'a wait of 309 digits',
    operation: 'getToken',
    status: 429,
    headers: { 'retry-after': '9'.repeat(309) },
    body: '{}',
    expected: { code: 'PLEX_RATE_LIMITED', retryAfterMs: undefined },
  },
  {
    name: 'a user whose fields drifted',
    operation: 'getUser',
    status: 200,
    body: '{"id":7,"username":5,"subscription":"yes","thumb":[]}',
    expected: { status: 'valid' },
  },
  {
    name: 'a user without an id',
    operation: 'getUser',
    status: 200,
    body: '{"username":"ada"}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('id') },
  },
  {
    name: 'a user whose id is an object with a toString of its own',
    operation: 'getUser',
    status: 200,
    body: '{"id":{"toString":1}}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('id must be') },
  },
  {
    name: 'a user whose id has no end',
    operation: 'getUser',
    status: 200,
    body: '{"id":1e999}',
    expected: { code: 'PLEX_BAD_REPLY', message: holding('id must be') },
  },
  {
    name: 'an outage for a token',
    operation: 'getUser',
    status: 503,
    headers: html,
    body: '<html></html>',
    expected: { code: 'PLEX_HTTP', status: 503, retryable: true },
  },
  {
    name: 'a 401 of a portal',
    operation: 'getUser',
    status: 401,
    headers: html,
    body: '<html></html>',
    expected: { code: 'PLEX_HTTP', status: 401 },
  },
  {
    name: 'a PIN of more than 1 MB',
    operation: 'getPin',
    status: 201,
    body: pin(`"x":"${'x'.repeat(1_000_000)}"`),
    expected: bad('Plex answered getPin with a body over 1 MB'),
  },
  {
    name: 'a PIN of more than 1 MB in 400,000 characters',
    operation: 'getPin',
    status: 201,
    body: pin(`"x":"${'€'.repeat(400_000)}"`),
    expected: { code: 'PLEX_BAD_REPLY', message: holding('over 1 MB') },
  },
  {
    name: 'a sign-out with more than 1 MB',
    operation: 'signOut',
    status: 200,
    body: 'x'.repeat(1_000_001),
    expected: { code: 'PLEX_BAD_REPLY', message: holding('over 1 MB') },
  },
  {
    name: 'a token beside nothing but lists in lists',
    operation: 'getToken',
    status: 200,
    body: `{"x":${'['.repeat(200_000)}${']'.repeat(200_000)},"authToken":"tok"}`,
    expected: { status: 'claimed' },
  },
];
