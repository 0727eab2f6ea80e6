import type { PlexAuthError } from '../errors.ts';
import type { Pin, PinReading } from '../pin.ts';
import type { Clock } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { createBackgroundReads } from './background-reads.ts';
import { keepLateToken, type LateTokenOptions } from './late-tokens.ts';
import { sleep } from './sleep.ts';

/** What {@link createTokenReader} needs. */
export interface TokenReaderOptions extends LateTokenOptions {
  readonly clock: Clock;
}

/** Reads the PINs of one engine. */
export interface TokenReader {
  read(pin: Pin, signal: AbortSignal, isHinted: boolean): Promise<PinReading>;
  /** Ends the reads in the background: a token is held, wherever it came from. */
  endLateReads(): void;
}

/** Another process may store the token a little later than Plex forgets the PIN: it is looked for after these waits, in ms. */
const lookAfterMs = [0, 250, 750];

/**
 * Makes what reads a PIN once, and loses no token.
 *
 * Plex may hand a token out only once. So it is kept where the chart does not see the answer any more: after a cancel or a
 * dispose, after the time limit of the read, and where another process or tab was faster.
 */
export function createTokenReader(options: TokenReaderOptions): TokenReader {
  const { wire, store, clock, life, chart } = options;
  const background = createBackgroundReads(clock, life);
  const endLateReads = () => background.end();
  let newest: Pin | undefined;
  /** Whether another sign-in has begun since. */
  const isOfAnother = (pin: Pin) => pin !== newest || ![undefined, pin].includes(chart.pendingPin());
  const keepLate = (token: Secret, pin: Pin) => {
    const { clientIdentifier } = pin;
    keepLateToken(options, { token, clientIdentifier }, isOfAnother(pin), endLateReads);
  };

  /** Reads once. A read that timed out goes on in the background, until it ends, a token is here, or the engine ends. */
  async function ask(pin: Pin, signal: AbortSignal, isHinted: boolean): Promise<PinReading> {
    const reader = new AbortController();
    const abort = () => reader.abort(signal.reason);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    let isUnwanted = false;
    const end = (isTokenUnwanted: boolean) => {
      isUnwanted = isTokenUnwanted;
      abort();
    };
    const onLate = (late: PinReading) => {
      background.remove(end);
      if (late.status === 'claimed' && !isUnwanted) keepLate(late.token, pin);
    };
    try {
      return countLateEnd(await wire.getToken({ pin, signal: reader.signal, onLate, isHinted }), clock);
    } catch (error) {
      if ((error as PlexAuthError | null)?.code === 'PLEX_TIMEOUT') background.add(end);
      throw error;
    }
  }

  async function findSharedToken(pin: Pin, signal: AbortSignal): Promise<Secret | undefined> {
    for (const waitMs of store.mayFindCredentials ? lookAfterMs : []) {
      if (waitMs > 0) await sleep(clock, waitMs, signal);
      if (signal.aborted) return undefined;
      const found = await store.findCredentials().catch(() => undefined);
      if (found?.clientIdentifier === pin.clientIdentifier) return found.token;
    }
    return undefined;
  }

  async function read(pin: Pin, signal: AbortSignal, isHinted: boolean): Promise<PinReading> {
    newest = pin;
    const reading = await ask(pin, signal, isHinted);
    let token =
      reading.status === 'gone'
        ? await findSharedToken(pin, signal)
        : reading.status === 'claimed' && reading.token;
    if (!token && reading.status === 'gone' && (await background.wait(signal)))
      token = await findSharedToken(pin, signal);
    if (!token) return reading;
    background.end();
    // A cancel or a dispose comes before the chart has seen the answer, or came before there was one.
    if (signal.aborted) keepLate(token, pin);
    else signal.addEventListener('abort', () => keepLate(token, pin));
    return { status: 'claimed', atMs: reading.atMs, token };
  }

  return { read, endLateReads };
}

/** Where the end of an answer comes later than its last byte, that time is part of the request: the wait begins now. */
function countLateEnd(reading: PinReading, clock: Clock): PinReading {
  if (reading.status !== 'pending') return reading;
  const lateMs = Math.max(0, clock.now() - reading.atMs);
  return { ...reading, atMs: reading.atMs + lateMs, tookMs: reading.tookMs + lateMs };
}
