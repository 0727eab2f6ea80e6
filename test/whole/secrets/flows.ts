import type { PlexAuthView } from '../../../src/index.ts';
import type { Fault, Operation } from '../../../src/testing/index.ts';
import type { WatchedFlow } from './watched-flow.ts';

export async function begin(flow: WatchedFlow): Promise<void> {
  flow.auth.start();
  await flow.time.advance(500);
}

export async function signIn(flow: WatchedFlow): Promise<void> {
  await begin(flow);
  flow.link();
  flow.auth.check();
  await flow.time.advance(0);
}

/** From the start to the sign-out, with half an hour of patience for whatever goes wrong on the way. */
export async function wholeFlow(flow: WatchedFlow): Promise<unknown> {
  const { auth, time, emulator } = flow;
  auth.start();
  await time.advance(30_000);
  if (emulator.pins.some(({ state }) => state === 'waiting')) flow.link();
  await time.advance(90_000);
  const verification = auth.verify();
  await time.advance(30_000);
  auth.signOut();
  await time.advance(30_000);
  auth.start();
  await time.advance(1000);
  return verification;
}

/** Each way in which an answer can go wrong. */
export const faults: Fault[] = [
  { type: 'status', status: 500 },
  { type: 'status', status: 400, code: 1000 },
  { type: 'status', status: 401, code: 1001 },
  { type: 'status', status: 403, code: 1068 },
  { type: 'status', status: 404, code: 1020 },
  { type: 'status', status: 302 },
  { type: 'reset' },
  { type: 'hang' },
  { type: 'slow', delayMs: 20_000 },
  { type: 'slow', delayMs: 5000 },
  { type: 'stale', delayMs: 5000 },
  { type: 'truncated' },
  { type: 'stalled' },
  { type: 'html' },
  { type: 'html', status: 502 },
  { type: 'xml' },
  { type: 'rateLimited', retryAfter: 7 },
  { type: 'rateLimited' },
];

/** What a flow asks plex.tv. */
export const operations: Operation[] = ['getPin', 'getToken', 'getUser', 'signOut'];

/** How to bring a flow, whose PIN is approved where there is one, into each state, and to keep it there. */
export const arrivals: [PlexAuthView['status'], (flow: WatchedFlow) => Promise<unknown>][] = [
  ['idle', async () => {}],
  [
    'requestingPin',
    async (flow) => {
      await signIn(flow);
      flow.auth.signOut();
      await flow.time.advance(0);
      flow.emulator.fault({ type: 'hang' }, { operation: 'getPin' });
      await begin(flow);
    },
  ],
  [
    'awaitingLink',
    async (flow) => {
      await begin(flow);
      flow.link();
    },
  ],
  [
    'fetchingToken',
    async (flow) => {
      await begin(flow);
      flow.emulator.fault({ type: 'stale', delayMs: 4000 }, { operation: 'getToken' });
      flow.link();
      flow.auth.check();
      await flow.time.advance(2000);
    },
  ],
  ['authenticated', signIn],
  [
    'signingOut',
    async (flow) => {
      await signIn(flow);
      flow.emulator.fault({ type: 'hang' }, { operation: 'signOut' });
      flow.auth.signOut();
      await flow.time.advance(100);
    },
  ],
  [
    'expired',
    async (flow) => {
      await signIn(flow);
      flow.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
      await flow.auth.verify();
    },
  ],
  [
    'failed',
    async (flow) => {
      await signIn(flow);
      flow.auth.signOut();
      await flow.time.advance(0);
      flow.emulator.fault({ type: 'status', status: 400 }, { operation: 'getPin' });
      await begin(flow);
    },
  ],
];

/** What can be done to a flow from outside, and what is late when it comes. */
export const ends: [string, (flow: WatchedFlow) => unknown][] = [
  ['cancel', ({ auth }) => auth.cancel()],
  ['dispose', ({ auth }) => auth.dispose()],
  ['signOut', ({ auth }) => auth.signOut()],
  ['start', ({ auth }) => auth.start()],
  ['verify and then dispose', ({ auth }) => [auth.verify(), auth.dispose()]],
  ['the actor is stopped', ({ auth }) => auth.actor.stop()],
  [
    'dispose, with all that is late',
    ({ auth }) => {
      auth.dispose();
      auth.start();
      auth.check();
      auth.signOut();
      auth.cancel();
      return auth.verify();
    },
  ],
];
