import { connect, createServer, type Socket } from 'node:net';

/** A wire between a machine and Redis that can be cut. */
export interface CutProxy {
  readonly url: string;
  /** From now on nothing passes. `silently`: as in a network that drops everything; else connections are refused. */
  cut(how: 'silently' | 'with a reset'): void;
  mend(): void;
  close(): void;
}

/** Starts a proxy to this port. */
export async function startCutProxy(port: number): Promise<CutProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'whole' | 'silently' | 'with a reset' = 'whole';

  const server = createServer((near) => {
    if (state === 'with a reset') return near.destroy();
    const far = connect(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {});
      from.on('data', (data) => {
        if (state === 'whole') to.write(data);
      });
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = () => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as { port: number }).port}`,
    cut(how) {
      state = how;
      if (how === 'with a reset') breakAll();
    },
    mend() {
      // What was dropped on the way is lost: these connections are of no use.
      if (state === 'silently') breakAll();
      state = 'whole';
    },
    close() {
      breakAll();
      server.close();
    },
  };
}
