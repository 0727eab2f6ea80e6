import type { ServerResponse } from 'node:http';
import type { MessageLog } from './message-log.ts';
import { messagesType, type RelayGreeting, relayEnd } from './relay-protocol.ts';

/** The messages on their way to one page. */
export interface MessageStream {
  /** Sends what is left and says that the inspector was stopped. Resolves once all of it is on its way or the page is gone. */
  finish(): Promise<void>;
}

/** A page that leaves this much unread, in bytes, is disconnected. It may come back. */
const mostBacklog = 16_000_000;

/**
 * Answers a page with the messages so far and each further one, a line of JSON each.
 *
 * Written to Node's own response, which knows how much of it the page has not read.
 *
 * @param nextKey What the page comes back with.
 */
export function streamMessages(response: ServerResponse, log: MessageLog, nextKey: string): MessageStream {
  const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
  const send = (json: string) => {
    if (response.destroyed || response.writableEnded) throw new Error('The page is gone');
    response.write(`${json}\n`);
    if (response.writableLength > mostBacklog) response.destroy();
  };

  response.on('error', () => {});
  response.writeHead(200, { 'Content-Type': messagesType, Connection: 'close' });
  const greet = (lost: number) => send(JSON.stringify({ key: nextKey, lost } satisfies RelayGreeting));
  const disconnect = log.connect(send, greet);
  response.once('close', disconnect);
  return {
    async finish() {
      response.end(`${JSON.stringify(relayEnd)}\n`);
      await closed;
    },
  };
}
