import type { PlexAuthView } from '../../src/index.ts';
import { createFlow, createShortLivedWorld, type Flow, signIn } from '../fixture/create-flow.ts';

/** How to bring a flow into each state, and to keep it there. */
export const arrivals: [
  name: string,
  status: PlexAuthView['status'],
  arrive: (flow: Flow) => Promise<unknown>,
][] = [
  ['idle', 'idle', async () => {}],
  [
    'requestingPin, asking',
    'requestingPin',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'hang' }, { operation: 'getPin' });
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'requestingPin, backing off',
    'requestingPin',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'status', status: 500 }, { operation: 'getPin' });
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'awaitingLink',
    'awaitingLink',
    ({ auth, time }) => {
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'fetchingToken',
    'fetchingToken',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'hang' }, { operation: 'getToken' });
      auth.start();
      return time.advance(1500);
    },
  ],
  ['authenticated', 'authenticated', signIn],
  [
    'expired',
    'expired',
    ({ auth, time }) => {
      auth.start();
      return time.advance(61_000);
    },
  ],
  [
    'failed',
    'failed',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'status', status: 400, code: 1004 }, { operation: 'getPin' });
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'signingOut',
    'signingOut',
    async (flow) => {
      await signIn(flow);
      flow.emulator.fault({ type: 'hang' }, { operation: 'signOut' });
      flow.auth.signOut();
      return flow.time.advance(500);
    },
  ],
];

/** A flow whose PINs live a minute, to be brought into a state. */
export function createArrival(): Flow {
  return createFlow({}, createShortLivedWorld(60_000));
}

/** Brings a flow into the state of this name in {@link arrivals}. */
export async function arriveAt(flow: Flow, name: string): Promise<void> {
  const [, , arrive] = arrivals.find(([one]) => one === name) ?? [];
  await arrive?.(flow);
}

export function isRunning(status: PlexAuthView['status']): boolean {
  return ['requestingPin', 'awaitingLink', 'fetchingToken', 'signingOut'].includes(status);
}
