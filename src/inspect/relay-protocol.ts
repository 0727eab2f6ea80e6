/**
 * What a relay and its page say to each other over HTTP.
 *
 * The page posts to `messagesPath` with its key as a bearer token: by POST, because a key works once and because browsers
 * then always name the origin. The answer is a line of JSON at a time: a {@link RelayGreeting}, each message, and
 * {@link relayEnd} once the inspector has been stopped. A stream that ends without it was cut off, and the page comes back.
 */
export const messagesPath = '/messages';

/** The media type of the answer: lines of JSON. */
export const messagesType = 'application/x-ndjson';

/** The status of the answer to a key that is wrong or used. */
export const keyRefused = 401;

export interface RelayGreeting {
  /** The key to come back with. */
  readonly key: string;
  /** How many earlier messages were dropped. */
  readonly lost: number;
}

/** The last line: the inspector was stopped, and nothing more will come. */
export const relayEnd = { isOver: true } as const;

export function isRelayEnd(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'isOver' in line;
}
