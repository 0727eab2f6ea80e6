/** An application's own machine, which runs the sign-in as one of its actors. */
import { createPlexClient } from 'plex-auth-flow/client';
import { pinAuthMachine } from 'plex-auth-flow/machine';
import { fromPromise, sendTo, setup } from 'xstate';

// Created once per installation: each new one adds a device to the user's account.
localStorage['plex-client'] ??= crypto.randomUUID();

/** Who signs in, as Plex lists it. */
export const identity = { product: 'My App', clientIdentifier: String(localStorage['plex-client']) };
const client = createPlexClient(identity);

const plexMachine = pinAuthMachine.provide({
  actors: {
    getPin: fromPromise(({ signal }) => client.getPin({ strong: true, signal })),
    getToken: fromPromise(({ input, signal }) => client.getToken({ ...input.pin, signal })),
    signOut: fromPromise(({ input, signal }) => client.signOut({ token: input.credentials.token, signal })),
  },
});

export const appMachine = setup({
  types: { events: {} as { type: 'ENTER' } | { type: 'LEAVE' } },
  actors: { plexMachine },
}).createMachine({
  id: 'app',
  initial: 'welcome',
  states: {
    welcome: {
      description: 'Nobody is here, and nothing is asked.',
      on: { ENTER: 'session' },
    },
    session: {
      description: 'The sign-in lives as long as this state.',
      entry: sendTo('plex', { type: 'START' }),
      invoke: {
        id: 'plex',
        src: 'plexMachine',
        input: {},
        onSnapshot: [
          { guard: ({ event }) => event.snapshot.matches('authenticated'), target: '.library' },
          { guard: ({ event }) => event.snapshot.context.reason !== undefined, target: 'welcome' },
        ],
      },
      initial: 'entrance',
      states: {
        entrance: {
          description: 'The user has a code, or reads what went wrong.',
          on: { ENTER: { actions: sendTo('plex', { type: 'START' }) }, LEAVE: '#app.welcome' },
        },
        library: {
          description: 'Somebody is signed in.',
          on: { LEAVE: { actions: sendTo('plex', { type: 'SIGN_OUT' }) } },
        },
      },
    },
  },
});
