import { fromPromise } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { reasonOf } from '../abort.ts';
import type { Credentials, Pin, PinReading } from '../pin.ts';
import { toKnownError } from '../to-known-error.ts';
import type { FlowStore } from './flow-store.ts';
import { createTokenReader, type TokenReaderOptions } from './token-reader.ts';

/** What the chart's actors and actions do for one engine. Functions only, so that no inspector finds anything in it. */
export interface Effects
  extends Pick<FlowStore, 'keepPin' | 'forgetPin' | 'keepCredentials' | 'forgetCredentials'> {
  /** Gets a PIN, unless another process or tab has signed in by now: then its credentials go to the chart. */
  getPin(signal: AbortSignal): Promise<Pin>;
  getToken(pin: Pin, signal: AbortSignal, isHinted: boolean): Promise<PinReading>;
  signOut(credentials: Credentials, signal: AbortSignal): Promise<unknown>;
  /** Ends the reads that timed out and go on in the background. */
  endLateReads(): void;
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
      getToken: fromPromise(({ input, signal }) =>
        effectsOf(input).getToken(input.pin, signal, input.isHinted),
      ),
      signOut: fromPromise(({ input, signal }) => effectsOf(input).signOut(input.credentials, signal)),
    },
    actions: {
      keepPin: ({ context }, { pin }) => void effectsOf(context).keepPin(pin),
      forgetPin: ({ context }) => void effectsOf(context).forgetPin(),
      keepCredentials: ({ context }, { credentials }) => void effectsOf(context).keepCredentials(credentials),
      forgetCredentials: ({ context }, { credentials }) =>
        void effectsOf(context).forgetCredentials(credentials),
    },
  });
  return machine;
}

function effectsOf({ host }: { host: object | undefined }): Effects {
  return host as Effects;
}

/** What {@link createEffects} needs. */
export type EffectsOptions = TokenReaderOptions;

/** Makes the effects of one engine: the wire's calls, and what is kept in its stores. */
export function createEffects(options: EffectsOptions): Effects {
  const { wire, store, clock, chart } = options;
  const { read, endLateReads } = createTokenReader(options);

  /** Everything that goes wrong in an actor becomes a `PlexAuthError`. */
  async function withPlexErrors<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toKnownError(error, clock.now());
    }
  }

  return {
    endLateReads,
    keepPin: (pin) => store.keepPin(pin),
    forgetPin: () => store.forgetPin(),
    keepCredentials: (credentials) => store.keepCredentials(credentials, chart.verify),
    forgetCredentials: (credentials) => store.forgetCredentials(credentials),
    getPin: (signal) =>
      withPlexErrors(async () => {
        const stored = store.mayFindCredentials && (await store.findCredentials().catch(() => undefined));
        if (stored && !signal.aborted) chart.adopt(stored);
        if (signal.aborted) throw reasonOf(signal);
        return wire.getPin({ clientIdentifier: await store.clientIdentifier(), signal });
      }),
    getToken: (pin, signal, isHinted) => withPlexErrors(() => read(pin, signal, isHinted)),
    signOut: (credentials, signal) => withPlexErrors(() => wire.signOut({ ...credentials, signal })),
  };
}
