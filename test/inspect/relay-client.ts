import { once } from 'node:events';
import { WebSocket } from 'ws';

/** What a page of the relay does: it says its key and listens. */
export interface RelayClient {
  readonly socket: WebSocket;
  /** Each frame, the one with the next key too. */
  readonly frames: Record<string, unknown>[];
  /** Resolves with the key to come back with. */
  nextKey(): Promise<string>;
  /** Resolves with why the relay closed the socket. */
  readonly closed: Promise<number>;
}

/** Where a relay listens, and the key in its address. */
export function partsOf(address: string): { host: string; key: string } {
  const { host, hash } = new URL(address);
  return { host, key: hash.slice(1) };
}

/** Connects as the relay's own page does, and says a key. */
export function joinRelay(host: string, key: string): RelayClient {
  const socket = new WebSocket(`ws://${host}/messages`, { origin: `http://${host}` });
  const frames: Record<string, unknown>[] = [];
  socket.on('open', () => socket.send(key));
  socket.on('message', (frame) => frames.push(JSON.parse(String(frame))));
  socket.on('error', () => {});
  return {
    socket,
    frames,
    closed: once(socket, 'close').then(([code]) => code as number),
    async nextKey() {
      while (frames.length === 0 && socket.readyState <= WebSocket.OPEN)
        await new Promise((resolve) => setTimeout(resolve, 5));
      return String(frames[0]?.['key']);
    },
  };
}
