import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The sockets of a server that have not shown a key. */
export interface IdleSockets {
  /** Takes out a socket that has shown one. */
  release(socket: Socket): void;
}

const mostIdle = 20;

/**
 * Keeps at most 20 idle sockets. A further one closes the one that has been idle longest, so that nobody can shut a
 * page out by opening sockets.
 */
export function limitIdleSockets(server: Server): IdleSockets {
  const idle = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    idle.add(socket);
    socket.once('close', () => idle.delete(socket));
    const [oldest] = idle;
    if (idle.size > mostIdle) oldest?.destroy();
  });
  return { release: (socket) => void idle.delete(socket) };
}
