import { createPlexClient, type PlexClient } from '../../../src/plex/client.ts';
import { createVirtualTime } from '../../../src/testing/virtual-time.ts';
import { type AnsweringFetch, createAnsweringFetch } from './answering-fetch.ts';
import { answerCode, askedServer, requestToken } from './good-answers.ts';
import type { MutatedAnswer, Operation } from './mutated-answers.ts';

/** How a call ended. */
export type Ending =
  | { readonly how: 'value'; readonly value: unknown }
  | { readonly how: 'error'; readonly error: unknown }
  | { readonly how: 'hang' };

/** A call's end, and what was seen on the way. */
export interface Outcome {
  readonly ending: Ending;
  /** Whether it took the request's time-out to end it. */
  readonly tookTime: boolean;
  readonly atMs: number;
  readonly asked: number;
  readonly readBytes: number;
  readonly timers: number;
}

export const requestTimeoutMs = 15_000;

const calls: Record<Operation, (client: PlexClient) => Promise<unknown>> = {
  getPin: (client) => client.getPin({ strong: true }),
  getToken: (client) => client.getToken({ pinID: 308667304 }),
  getUser: (client) => client.getUser({ token: requestToken }),
  getServers: (client) => client.getServers({ token: requestToken }),
  hasAccess: (client) => client.hasAccess({ token: requestToken, machineIdentifier: askedServer }),
  signOut: (client) => client.signOut({ token: requestToken }),
  linkPin: (client) => client.linkPin({ token: requestToken, code: answerCode }),
  ping: (client) => client.ping({ token: requestToken }),
};

/** Makes one call that gets a mutated answer. */
export function outcomeOf(answer: MutatedAnswer): Promise<Outcome> {
  // An answer of many slow parts takes as many turns; an endless one would never be over by turns alone.
  const turns = answer.delivery.how === 'slowParts' ? 3000 : 3;
  return outcomeAt(
    answer.operation,
    createAnsweringFetch(() => answer),
    turns,
  );
}

/** Makes one call in a time of its own. A hang is a call that two time-outs do not end. */
export async function outcomeAt(operation: Operation, network: AnsweringFetch, turns = 3): Promise<Outcome> {
  const time = createVirtualTime();
  const { clock } = time;
  const client = createPlexClient({ clientIdentifier: 'tv', fetch: network.fetch, clock, requestTimeoutMs });
  let ending: Ending = { how: 'hang' };
  void calls[operation](client).then(
    (value) => {
      ending = { how: 'value', value };
    },
    (error: unknown) => {
      ending = { how: 'error', error };
    },
  );
  const isOver = () => ending.how !== 'hang';
  for (let turn = 0; turn < turns && !isOver(); turn++) await time.advance(0);
  const tookTime = !isOver();
  for (let wait = 0; wait < 2 && !isOver(); wait++) await time.advance(requestTimeoutMs);
  const { asked, readBytes } = network;
  return { ending, tookTime, atMs: clock.now(), asked, readBytes, timers: time.timers };
}
