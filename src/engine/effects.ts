import { fromPromise } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Credentials, Pin, PinReading } from '../pin.ts';
import type { Clock, Wire } from '../ports.ts';
import type { FlowStore } from './flow-store.ts';

/** What the chart's actors and actions do for one engine. Functions only, so that no inspector finds anything in it. */
export interface Effects
  extends Pick<FlowStore, 'keepPin' | 'forgetPin' | 'keepCredentials' | 'forgetCredentials'> {
  getPin(signal: AbortSignal): Promise<Pin>;
  getToken(pin: Pin, signal: AbortSignal): Promise<PinReading>;
  signOut(credentials: Credentials, signal: AbortSignal): Promise<unknown>;
}

let machine: typeof pinAuthMachine | undefined;

/**
 * Gives the chart with its effects. It is made once, at the first call, so that loading this module costs nothing; what
 * differs per engine comes as the `host` of its input.
 */
export function toEffectfulMachine(): typeof pinAuthMachine {
  machine ??= pinAuthMachine.provide({
    actors: {
      getPin: fromPromise(({ input, signal }) => effectsOf(input).getPin(signal)),
      getToken: fromPromise(({ input, signal }) => effectsOf(input).getToken(input.pin as Pin, signal)),
      signOut: fromPromise(({ input, signal }) =>
        effectsOf(input).signOut(input.credentials as Credentials, signal),
      ),
    },
    actions: {
      keepPin: ({ context }) => void effectsOf(context).keepPin(context.pin as Pin),
      forgetPin: ({ context }) => void effectsOf(context).forgetPin(),
      keepCredentials: ({ context }) =>
        void effectsOf(context).keepCredentials(context.credentials as Credentials),
      forgetCredentials: ({ context }) => void effectsOf(context).forgetCredentials(),
    },
  });
  return machine;
}

function effectsOf({ host }: { host: object | undefined }): Effects {
  return host as Effects;
}

/** What {@link createEffects} needs. */
export interface EffectsOptions {
  readonly wire: Wire;
  readonly store: FlowStore;
  readonly clock: Clock;
  /** Whether the chart would take these credentials now, or the engine has ended, so that nothing else can hold them. */
  readonly mayAdopt: (credentials: Credentials) => boolean;
  /** Gives credentials to the chart. */
  readonly adopt: (credentials: Credentials) => void;
}

/** Makes the effects of one engine: the wire's calls, and what is kept in its stores. */
export function createEffects({ wire, store, clock, mayAdopt, adopt }: EffectsOptions): Effects {
  const { keepPin, forgetPin, keepCredentials, forgetCredentials } = store;

  /** Everything that goes wrong in an actor becomes a `PlexAuthError`. */
  async function withPlexErrors<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PlexAuthError) throw error;
      throw toPlexAuthError(
        'PLEX_UNEXPECTED',
        'A function from outside the library failed',
        error,
        clock.now(),
      );
    }
  }

  /**
   * Plex may hand a token out only once. If a cancel or dispose aborts us after the answer arrived, the chart never sees
   * that answer, and the user would have to approve again: so the token is stored and offered to the chart from here.
   */
  function keepTokenDespiteAbort(credentials: Credentials, signal: AbortSignal): void {
    const keep = () => {
      void keepCredentials(credentials);
      void forgetPin();
      adopt(credentials);
    };
    if (!signal.aborted) signal.addEventListener('abort', keep);
    // Aborted already: another token may have arrived since, and this one must not replace it.
    else if (mayAdopt(credentials)) keep();
  }

  return {
    keepPin,
    forgetPin,
    keepCredentials,
    forgetCredentials,
    getPin: (signal) =>
      withPlexErrors(async () => wire.getPin({ clientIdentifier: await store.clientIdentifier(), signal })),
    getToken: (pin, signal) =>
      withPlexErrors(async () => {
        const reading = await wire.getToken({ pin, signal });
        const { clientIdentifier } = pin;
        if (reading.status === 'claimed')
          keepTokenDespiteAbort({ token: reading.token, clientIdentifier }, signal);
        return reading;
      }),
    signOut: (credentials, signal) => withPlexErrors(() => wire.signOut({ ...credentials, signal })),
  };
}
