/** A small chart of one's own on `xstate`, asking by `ofetch`: what this library stands on, without what it adds. */
import { ofetch } from 'ofetch';
import { assign, createActor, fromPromise, setup } from 'xstate';
import type { CreateSubject } from '../../subject.ts';

interface Pin {
  id: number;
  authToken: string | null;
}

export const createSubject: CreateSubject = ({ origin, intervalMs, onToken, onError }) => {
  const readPin = (path: string, method: string, clientIdentifier: string, signal: AbortSignal) =>
    ofetch<Pin>(`${origin}/api/v2${path}`, {
      method,
      headers: {
        Accept: 'application/json',
        'X-Plex-Client-Identifier': clientIdentifier,
        'X-Plex-Product': 'Bench',
      },
      signal,
    });

  const machine = setup({
    types: {
      input: {} as { clientIdentifier: string },
      context: {} as { clientIdentifier: string; pinID: number; token: string },
    },
    actors: {
      getPin: fromPromise<Pin, { clientIdentifier: string }>(({ input, signal }) =>
        readPin('/pins?strong=true', 'POST', input.clientIdentifier, signal),
      ),
      getToken: fromPromise<Pin, { clientIdentifier: string; pinID: number }>(({ input, signal }) =>
        readPin(`/pins/${input.pinID}`, 'GET', input.clientIdentifier, signal),
      ),
    },
    delays: { pollDelay: intervalMs },
  }).createMachine({
    context: ({ input }) => ({ ...input, pinID: 0, token: '' }),
    initial: 'requestingPin',
    states: {
      requestingPin: {
        invoke: {
          src: 'getPin',
          input: ({ context }) => context,
          onDone: { target: 'waiting', actions: assign({ pinID: ({ event }) => event.output.id }) },
          onError: 'failed',
        },
      },
      waiting: { after: { pollDelay: 'fetchingToken' } },
      fetchingToken: {
        invoke: {
          src: 'getToken',
          input: ({ context }) => context,
          onDone: [
            {
              guard: ({ event }) => event.output.authToken !== null,
              target: 'authenticated',
              actions: assign({ token: ({ event }) => event.output.authToken ?? '' }),
            },
            { target: 'waiting' },
          ],
          onError: 'failed',
        },
      },
      authenticated: { type: 'final' },
      failed: { type: 'final' },
    },
  });

  return {
    start(clientIdentifier) {
      const actor = createActor(machine, { input: { clientIdentifier } });
      actor.subscribe((snapshot) => {
        if (snapshot.value === 'authenticated') onToken(clientIdentifier, snapshot.context.token);
        if (snapshot.value === 'failed') onError(clientIdentifier, new Error('The chart has failed'));
      });
      actor.start();
    },
  };
};
