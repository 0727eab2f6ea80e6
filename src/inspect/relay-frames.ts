/**
 * What a relay and its page say to each other over the WebSocket.
 *
 * The page's only frame is its key. The relay's first is `{ "key": …, "lost": … }`, the next key and how many earlier
 * messages are gone; each other is one message.
 */
export const socketPath = '/messages';

/** Why the relay closes the socket. */
export const relayClose = {
  /** The inspector has been stopped: nothing more will come. */
  over: 4000,
  /** The key is none, or has been used. */
  refused: 4001,
} as const;
