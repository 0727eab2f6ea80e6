import { inspect } from 'node:util';
import { PlexAuthError, type PlexAuthErrorCode, Secret } from '../../../src/plex/client.ts';
import { isComplete, isDelivered } from './answering-fetch.ts';
import { faultInAccess, faultInServers, isAskedServerUnread, isResourceList } from './documented-servers.ts';
import { answerCode, answerToken, requestToken } from './good-answers.ts';
import { bodyOf, headersOf, type MutatedAnswer, type Operation } from './mutated-answers.ts';
import { type Outcome, requestTimeoutMs } from './outcome.ts';

/** The error codes that a call is documented to throw. */
const wireCodes: readonly PlexAuthErrorCode[] = [
  'PLEX_NETWORK',
  'PLEX_TIMEOUT',
  'PLEX_RATE_LIMITED',
  'PLEX_HTTP',
  'PLEX_BAD_REPLY',
  'PLEX_CLIENT_MISMATCH',
  'PLEX_UNEXPECTED',
];
const longestBody = 1_000_000;

type Fields = Readonly<Record<string, unknown>>;

/** What was sent, read independently of the client. */
interface Sent {
  readonly status: number;
  /** How many bytes the body has. */
  readonly length: number;
  readonly isComplete: boolean;
  /** Whether the first character says XML or HTML, or the content type where it is no JSON. */
  readonly isMarkup: boolean;
  /** Whether it is a web page: no answer of Plex, whatever the status. */
  readonly isPage: boolean;
  /** The parsed body; undefined where it is no JSON. */
  readonly json: unknown;
}

/** Reads an answer as it was sent. */
function sentIn(answer: MutatedAnswer): Sent {
  const bytes = hasNoBody(answer.status) ? new Uint8Array() : bytesOf(answer);
  // Half a letter at the point where an answer breaks off is no part of what came.
  const text = new TextDecoder().decode(bytes, { stream: isCutOff(answer) });
  const type = headersOf(answer).get('content-type') ?? '';
  const json = toJSON(text);
  const isMarkup = text.trimStart().startsWith('<') || (json === undefined && /xml|html/i.test(type));
  return {
    status: answer.status,
    length: bytes.length,
    isComplete:
      isComplete(answer.delivery) ||
      (isDelivered(answer.delivery) && hasNoBody(answer.status)) ||
      (isCutOff(answer) && Object(json) === json),
    isMarkup,
    isPage: isMarkup && /html/i.test(type + text.slice(0, 100)),
    json,
  };
}

/** Whether what comes has no end: then it counts if it is complete JSON. */
function isCutOff({ delivery: { how } }: MutatedAnswer): boolean {
  return how === 'breaks' || how === 'stalls' || how === 'textParts';
}

/** The bytes that come. */
function bytesOf(answer: MutatedAnswer): Uint8Array {
  const { delivery } = answer;
  if (delivery.how === 'textParts') return new TextEncoder().encode('{"id":1}');
  const bytes = bodyOf(answer);
  const isCut = delivery.how === 'breaks' || delivery.how === 'stalls';
  return isCut ? bytes.slice(0, delivery.at % (bytes.length + 1)) : bytes;
}

/** A response of these has no body, so that nothing of it can break. */
function hasNoBody(status: number): boolean {
  return [204, 205, 304].includes(status);
}

function toJSON(text: string): unknown {
  try {
    // A decoder takes one byte order mark away, and the client one that is left.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Says what is not as documented in how a call ended; undefined where all is. */
export function faultInOutcome(answer: MutatedAnswer, outcome: Outcome): string | undefined {
  const { ending, tookTime, timers, readBytes } = outcome;
  const { how } = answer.delivery;
  if (ending.how === 'hang') return 'it hangs';
  if (timers > 0) return 'it leaves a timer behind';
  if (readBytes > 2 * longestBody + 200_000) return `it reads ${readBytes} bytes`;
  const isSilent = ['stalls', 'noAnswer', 'endlessEmpty', 'textParts'].includes(how);
  if (tookTime && !isSilent) return 'it waits for a time-out although the answer came';
  const sent = sentIn(answer);
  if (ending.how === 'error') return faultInError(ending.error, answer, outcome, sent);
  if (!sent.isComplete && how !== 'stalls') return `a value comes of ${how}`;
  if (sent.length > longestBody) return 'a value comes of a body over 1 MB';
  if (sent.isPage) return 'a value comes of a web page';
  return faultInValue(ending.value, answer.operation, sent, lastByteAtMs(outcome));
}

/** When the last byte came: all do at once, so a call that took its whole time had them at its start. */
function lastByteAtMs({ tookTime, atMs }: Outcome): number {
  return tookTime ? atMs - requestTimeoutMs : atMs;
}

/** Says what is wrong with a value that a call gave. */
function faultInValue(value: unknown, operation: Operation, sent: Sent, atMs: number): string | undefined {
  const given = value as Fields;
  const json = Object(sent.json) as Fields;
  switch (operation) {
    case 'getPin':
      return (
        namesOf(given, 'pinID', 'code', 'clientIdentifier', 'atMs', 'expiresInMs', 'qrURL') ??
        unless(isID(given['pinID']) && given['pinID'] === json['id'], 'pinID') ??
        unless(isText(given['code']) && given['code'] === json['code'], 'code') ??
        unless(given['clientIdentifier'] === 'tv', 'clientIdentifier') ??
        unless(given['atMs'] === atMs, 'atMs') ??
        unless(isLife(given['expiresInMs']), 'expiresInMs') ??
        unless(given['qrURL'] === undefined || isText(given['qrURL']), 'qrURL') ??
        unless(isSuccess(sent), 'a PIN comes from a status that is no success')
      );
    case 'getToken':
      return faultInReading(given, sent, atMs);
    case 'getUser':
      if (given['status'] === 'rejected') return faultInRejection(given, sent);
      return (
        namesOf(given, 'status', 'user') ??
        unless(given['status'] === 'valid', 'status') ??
        unless(isSuccess(sent), 'a user comes from a status that is no success') ??
        faultInUser(given['user'] as Fields)
      );
    case 'getServers':
      return faultInServers(value, sent);
    case 'hasAccess':
      return given['status'] === 'rejected' ? faultInRejection(given, sent) : faultInAccess(given, sent);
    default: {
      if (given['status'] === 'rejected') return faultInRejection(given, sent);
      const words = { signOut: 'signedOut', linkPin: 'linked', ping: 'pong' };
      const isGone = operation === 'linkPin' && given['status'] === 'gone' && sent.status === 404;
      return (
        namesOf(given, 'status') ??
        unless(isGone || given['status'] === words[operation], 'status') ??
        unless(isGone || isSuccess(sent), `${operation} succeeds without a success`)
      );
    }
  }
}

function faultInReading(given: Fields, sent: Sent, atMs: number): string | undefined {
  if (given['atMs'] !== atMs) return 'atMs';
  const { authToken } = Object(sent.json) as Fields;
  switch (given['status']) {
    case 'claimed':
      return (
        namesOf(given, 'status', 'atMs', 'token', 'clientIdentifier', 'code') ??
        unless(isAsSent('clientIdentifier', given, sent), 'another client identifier') ??
        unless(isAsSent('code', given, sent), 'another code') ??
        unless(given['token'] instanceof Secret && given['token'].reveal() === authToken, 'token') ??
        unless(isText(authToken), 'an empty token') ??
        unless(isSuccess(sent), 'a token comes from a status that is no success') ??
        unless(!shows(given, String(authToken)), 'the token shows')
      );
    case 'pending':
      return (
        namesOf(given, 'status', 'atMs', 'tookMs', 'expiresInMs') ??
        unless(isLife(given['expiresInMs']), 'expiresInMs') ??
        unless(given['tookMs'] === 0, 'tookMs') ??
        unless(isSuccess(sent), 'a reading comes from a status that is no success') ??
        unless(!isText(authToken), 'a token is lost')
      );
    case 'gone':
      return (
        namesOf(given, 'status', 'atMs', 'error') ??
        unless(sent.status === 404, 'gone without a 404') ??
        unless((given['error'] as PlexAuthError).code === 'PLEX_CLIENT_MISMATCH', 'the error of gone')
      );
    default:
      return 'status';
  }
}

function faultInRejection(given: Fields, { status }: Sent): string | undefined {
  return namesOf(given, 'status') ?? unless([401, 422, 498].includes(status), `rejected by status ${status}`);
}

function faultInUser(user: Fields): string | undefined {
  const texts = ['uuid', 'username', 'title', 'email', 'friendlyName', 'thumb'];
  const { active, plan = '' } = user['subscription'] as Fields;
  return (
    namesOf(user, 'id', ...texts, 'subscription') ??
    unless(Number.isSafeInteger(user['id']) && (user['id'] as number) > 0, 'user.id') ??
    unless(
      texts.every((name) => typeof user[name] === 'string'),
      'a text of the user',
    ) ??
    unless(active === undefined || typeof active === 'boolean', 'subscription.active') ??
    unless(typeof plan === 'string', 'subscription.plan')
  );
}

/** Says what is wrong with an error that a call threw. */
function faultInError(
  error: unknown,
  answer: MutatedAnswer,
  outcome: Outcome,
  sent: Sent,
): string | undefined {
  if (!(error instanceof PlexAuthError)) return `it throws ${String(error)}`;
  const { how } = answer.delivery;
  const { tookTime, atMs } = outcome;
  const { code, message, retryAfterMs, plexCode } = error;
  const isAnswered = sent.isComplete;
  const isLate = tookTime && isAnswered && isCutOff(answer);
  return (
    unless(wireCodes.includes(code), `the code ${code}`) ??
    unless(error.atMs === (isLate ? lastByteAtMs(outcome) : atMs), 'atMs') ??
    unless((code === 'PLEX_UNEXPECTED') === (how === 'noResponse' && error.status === undefined), code) ??
    unless(typeof error.retryable === 'boolean', 'retryable') ??
    unless(
      retryAfterMs === undefined || (Number.isFinite(retryAfterMs) && retryAfterMs > 0),
      'retryAfterMs',
    ) ??
    unless(plexCode === undefined || Number.isFinite(plexCode), 'plexCode') ??
    unless(!isAnswered || error.status === sent.status, 'status') ??
    unless(isLate || tookTime === (code === 'PLEX_TIMEOUT'), 'a time-out without the time') ??
    unless(
      code !== 'PLEX_TIMEOUT' || message.includes(`${requestTimeoutMs} ms`),
      'the time in the message',
    ) ??
    unless(
      code === 'PLEX_NETWORK' ||
        code === 'PLEX_TIMEOUT' ||
        how === 'endless' ||
        isAnswered ||
        how === 'stalls' ||
        how === 'noResponse',
      `${code} for ${how}`,
    ) ??
    unless(!isAnswered || code !== 'PLEX_NETWORK', 'PLEX_NETWORK for an answer that came whole') ??
    unless(code !== 'PLEX_RATE_LIMITED' || sent.status === 429, 'PLEX_RATE_LIMITED without a 429') ??
    unless(code !== 'PLEX_HTTP' || !isSuccess(sent) || how === 'noResponse', 'PLEX_HTTP for a success') ??
    (isAnswered ? faultInWords(error, answer.operation, sent) : undefined) ??
    faultInPrivacy(error, answer.operation)
  );
}

/** An error says which call it was, and for JSON which field was wrong. */
function faultInWords(
  { code, message }: PlexAuthError,
  operation: Operation,
  sent: Sent,
): string | undefined {
  const isNamed = code === 'PLEX_CLIENT_MISMATCH' || message.includes(operation);
  if (!isNamed) return `the message names no ${operation}: ${message}`;
  if (code !== 'PLEX_BAD_REPLY' || sent.isMarkup || sent.json === undefined || sent.length > longestBody)
    return;
  if (operation === 'getToken' && isToken((Object(sent.json) as Fields)['authToken']))
    return 'a token is lost';
  const field = / invalid answer to \w+: (.+?) (?:is missing|must be .+)$/.exec(message)?.[1];
  if (field === undefined) return `the message names no field: ${message}`;
  return unless(
    operation === 'getServers' || operation === 'hasAccess'
      ? !isResourceList(sent.json) || (operation === 'hasAccess' && isAskedServerUnread(sent.json))
      : isWrong(field, sent.json),
    `the field ${field} is not wrong`,
  );
}

/** Judges a field of an answer by the wire's rules. */
function isWrong(path: string, json: unknown): boolean {
  if (path === 'the answer') return Object(json) !== json;
  const value = path.split('.').reduce<unknown>((node, name) => (Object(node) as Fields)[name], json);
  switch (path) {
    case 'id':
      return !isID(value);
    case 'code':
      return !(typeof value === 'string' && /^[!-~]{1,128}$/.test(value));
    case 'expiresIn':
      return typeof value !== 'number' || value < 0;
    case 'authToken':
      return value !== null && value !== undefined && value !== '' && !isToken(value);
    case 'clientIdentifier':
      return value !== null && value !== undefined && typeof value !== 'string';
    default:
      // Nothing depends on the rest.
      return false;
  }
}

/** No error shows a token or a code, however it is looked at. */
function faultInPrivacy(error: PlexAuthError, operation: Operation): string | undefined {
  const isSent = operation !== 'getPin' && operation !== 'getToken';
  // The stack is part of what `inspect` shows.
  const shown = [
    String(error),
    JSON.stringify([error, error.cause]),
    inspect(error, { depth: 9, showHidden: true }),
  ].join('\n');
  for (const secret of [...(isSent ? [requestToken] : []), answerToken, answerCode]) {
    if (shown.includes(secret)) return `the error shows ${secret}: ${shown}`;
  }
  return undefined;
}

/** A token of a few characters is found in anything. */
function shows(value: unknown, token: string): boolean {
  return token.length > 7 && inspect(value, { depth: 9, showHidden: true }).includes(token);
}

function namesOf(value: Fields, ...names: string[]): string | undefined {
  const strange = Object.keys(value).find((name) => !names.includes(name));
  const missing = names.find((name) => name !== 'qrURL' && !(name in value));
  return strange ? `the field ${strange}` : missing && `no field ${missing}`;
}

function unless(isRight: boolean, fault: string): string | undefined {
  return isRight ? undefined : fault;
}

/** Whether a field is the text that was sent, or missing where none was. */
function isAsSent(field: string, given: Fields, { json }: Sent): boolean {
  const sent = (Object(json) as Fields)[field];
  return given[field] === (typeof sent === 'string' ? sent : undefined);
}

function isSuccess({ status }: Sent): boolean {
  return status >= 200 && status <= 299;
}

function isID(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** What a header carries. */
function isToken(value: unknown): boolean {
  return typeof value === 'string' && /^[!-~]([ -~]*[!-~])?$/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isLife(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 86_400_000;
}
