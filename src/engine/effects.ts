import { fromPromise } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Credentials, Pin, PinReading } from '../pin.ts';
import type { Clock, Wire } from '../ports.ts';
import type { Secret } from '../secret.ts';
import type { FlowStore } from './flow-store.ts';

/** What the chart's actors and actions do for one engine. Functions only, so that no inspector finds anything in it. */
export interface Effects
  extends Pick<FlowStore, 'keepPin' | 'forgetPin' | 'keepCredentials' | 'forgetCredentials'> {
  /** Gets a PIN, unless another process or tab has signed in by now: then its credentials go to the chart. */
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
      forgetCredentials: ({ context }) =>
        void effectsOf(context).forgetCredentials(context.credentials as Credentials),
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
  /** Aborted once the engine has ended. */
  readonly life: AbortSignal;
  /** Whether the chart would take these credentials now, or the engine has ended, so that nothing else can hold them. */
  readonly mayAdopt: (credentials: Credentials) => boolean;
  /** Gives credentials to the chart. */
  readonly adopt: (credentials: Credentials) => void;
  /** Gives credentials to the chart that were stored elsewhere, and asks whether they are still valid. */
  readonly adoptStored: (credentials: Credentials) => void;
}

/** Another process may store the token that it got a little later than Plex forgets the PIN: look at these moments, in ms. */
const looksMs = [0, 250, 1000];

/** Makes the effects of one engine: the wire's calls, and what is kept in its stores. */
export function createEffects(options: EffectsOptions): Effects {
  const { wire, store, clock, life, mayAdopt, adopt, adoptStored } = options;
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
    if (!signal.aborted) signal.addEventListener('abort', () => keep(credentials));
    else keepLate(credentials);
  }

  function keep(credentials: Credentials): void {
    void keepCredentials(credentials);
    void forgetPin();
    adopt(credentials);
  }

  /** Another token may have arrived since, and this one must not replace it. */
  function keepLate(credentials: Credentials): void {
    if (mayAdopt(credentials)) keep(credentials);
  }

  /**
   * Reads a PIN once. If the answer comes after the time limit, with a token in it, the token is kept all the same: so a
   * read goes on in the background until it ends or the engine does.
   */
  async function read(pin: Pin, signal: AbortSignal): Promise<PinReading> {
    const { clientIdentifier } = pin;
    const reader = new AbortController();
    const abort = () => reader.abort(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    life.addEventListener('abort', abort);
    let isLate = false;
    const onLate = (late: PinReading) => {
      life.removeEventListener('abort', abort);
      if (late.status === 'claimed') keepLate({ token: late.token, clientIdentifier });
    };
    try {
      return await wire.getToken({ pin, signal: reader.signal, onLate });
    } catch (error) {
      isLate = (error as PlexAuthError | null)?.code === 'PLEX_TIMEOUT';
      throw error;
    } finally {
      if (!isLate) life.removeEventListener('abort', abort);
    }
  }

  /** Finds the token that another process or tab got with this PIN, if Plex gives it only once. */
  async function findSharedToken(pin: Pin, signal: AbortSignal): Promise<Secret | undefined> {
    let lastMs = 0;
    for (const lookMs of store.mayFindCredentials ? looksMs : []) {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, lookMs - lastMs));
      lastMs = lookMs;
      const found = signal.aborted ? undefined : await store.findCredentials().catch(() => undefined);
      if (found?.clientIdentifier === pin.clientIdentifier) return found.token;
    }
    return undefined;
  }

  return {
    keepPin,
    forgetPin,
    keepCredentials,
    forgetCredentials,
    getPin: (signal) =>
      withPlexErrors(async () => {
        const stored = store.mayFindCredentials && (await store.findCredentials().catch(() => undefined));
        if (stored && !signal.aborted) adoptStored(stored);
        if (signal.aborted) throw signal.reason;
        return wire.getPin({ clientIdentifier: await store.clientIdentifier(), signal });
      }),
    getToken: (pin, signal) =>
      withPlexErrors(async () => {
        let reading = await read(pin, signal);
        const { clientIdentifier } = pin;
        if (reading.status === 'gone') {
          const token = await findSharedToken(pin, signal);
          if (token) reading = { status: 'claimed', atMs: reading.atMs, token };
        }
        if (reading.status === 'claimed')
          keepTokenDespiteAbort({ token: reading.token, clientIdentifier }, signal);
        return reading;
      }),
    signOut: (credentials, signal) => withPlexErrors(() => wire.signOut({ ...credentials, signal })),
  };
}
