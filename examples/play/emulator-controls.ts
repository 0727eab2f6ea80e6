import {
  createPlexEmulator,
  type EmulatedPin,
  type Fault,
  type PinState,
  type PlexEmulator,
} from '../../src/testing/index.ts';

/** What the playground's buttons do. */
export type EmulatorButton =
  /** The user decides about the code in the element, or Plex makes it end soon. */
  | { do: 'approve' | 'deny' | 'expire' }
  /** The next `times` requests for a PIN or a token fail. */
  | { do: 'fault'; fault: Fault; times?: number }
  /** The user approves during the next request, whose answer is then out of date. */
  | { do: 'approveInRead' }
  /** No fault, no delay, no offset. */
  | { do: 'reset' }
  /** Delays each answer. */
  | { do: 'latency'; ms: number }
  /** Moves Plex's clock ahead of the page's. */
  | { do: 'offset'; ms: number }
  /** Time passes, as for a machine that slept. */
  | { do: 'sleep'; ms: number };

/** A pressed button, with the code in the element if there is one. */
export type EmulatorCommand = EmulatorButton & { code?: string | undefined };

/** A PIN as the playground lists it. */
export interface ListedPin {
  readonly code: string;
  readonly state: PinState;
  readonly endsInMs: number;
}

/** The state of the emulator. */
export interface EmulatorState {
  /** The newest ones, oldest first. */
  readonly pins: readonly ListedPin[];
  /** The faults to come, the next one first. */
  readonly faults: readonly string[];
  readonly latencyMs: number;
  readonly offsetMs: number;
  /** How much time was skipped. The page's clock must skip as much. */
  readonly sleptMs: number;
}

/** An emulator with buttons. */
export interface EmulatorControls {
  readonly emulator: PlexEmulator;
  state(): EmulatorState;
  /** @throws {Error} For a command that cannot be done, saying why. */
  run(command: EmulatorCommand): void;
}

const listedPins = 2;
const staleMs = 3000;
/** Longer than the interval between two requests, so that a client learns of the end in time. */
const lastMs = 6000;

export function createEmulatorControls(): EmulatorControls {
  let sleptMs = 0;
  let latencyMs = 0;
  let offset = { ms: 0, remove: () => {} };
  const faults: { fault: Fault; meanwhile?: () => void }[] = [];
  const now = () => Date.now() + sleptMs;
  const emulator = createPlexEmulator({ clock: { now, setTimeout, clearTimeout } });

  async function handle(request: Request): Promise<Response> {
    const isOfFlow = /\/pins(\/\d+)?(\.json)?$/.test(new URL(request.url).pathname);
    if (isOfFlow && request.method !== 'OPTIONS') {
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      const next = faults.shift();
      if (next) emulator.fault(next.fault, { operation: request.method === 'POST' ? 'getPin' : 'getToken' });
      if (next?.meanwhile) setTimeout(next.meanwhile, staleMs / 2);
    }
    return emulator.handle(request);
  }

  function findPin(code: string | undefined): EmulatedPin | undefined {
    return emulator.pins.find((pin) => pin.code === code);
  }

  function pinOrRefuse(code: string | undefined): EmulatedPin {
    const pin = findPin(code);
    if (!pin) throw new Error('No code is waiting: start a sign-in first');
    return pin;
  }

  function approveInRead({ code, state }: EmulatedPin): void {
    if (state !== 'waiting') throw new Error(`This code is already ${state}`);
    const meanwhile = () => {
      if (findPin(code)?.state === 'waiting') emulator.link(code);
    };
    faults.push({ fault: { type: 'stale', delayMs: staleMs }, meanwhile });
  }

  function setOffset(ms: number): void {
    offset.remove();
    offset = { ms, remove: ms === 0 ? () => {} : emulator.fault({ type: 'clockOffset', offsetMs: ms }) };
  }

  return {
    emulator: Object.create(emulator, { handle: { value: handle } }),
    state: () => ({
      pins: emulator.pins.slice(-listedPins).map(({ code, state, expiresAtMs }) => ({
        code,
        state,
        endsInMs: Math.max(0, expiresAtMs - now()),
      })),
      faults: faults.map(({ fault }) => wordsFor(fault)),
      latencyMs,
      offsetMs: offset.ms,
      sleptMs,
    }),
    run(command) {
      switch (command.do) {
        case 'approve':
          emulator.link(pinOrRefuse(command.code).code);
          return;
        case 'deny':
          return emulator.deny(pinOrRefuse(command.code).code);
        case 'expire':
          return emulator.expire(pinOrRefuse(command.code).id, { inMs: lastMs });
        case 'fault':
          // Only checks the fault: the emulator throws if it does not know it.
          emulator.fault(command.fault)();
          faults.push(...Array.from({ length: command.times ?? 1 }, () => ({ fault: command.fault })));
          return;
        case 'approveInRead':
          return approveInRead(pinOrRefuse(command.code));
        case 'reset':
          faults.length = 0;
          latencyMs = 0;
          return setOffset(0);
        case 'latency':
          latencyMs = command.ms;
          return;
        case 'offset':
          return setOffset(command.ms);
        case 'sleep':
          sleptMs += command.ms;
          return;
        default:
          throw new Error(`There is no button for ${JSON.stringify(command)}`);
      }
    },
  };
}

/** Runs the command of a `POST`, and answers with the emulator's state, or why the command cannot be done. */
export async function answerCommand(controls: EmulatorControls, request: Request): Promise<Response> {
  let refusal: string | undefined;
  if (request.method === 'POST') {
    try {
      controls.run((await request.json()) as EmulatorCommand);
    } catch (error) {
      refusal = (error as Error).message;
    }
  }
  const init = { status: refusal === undefined ? 200 : 409, headers: { 'Cache-Control': 'no-store' } };
  return Response.json({ ...controls.state(), refusal }, init);
}

function wordsFor(fault: Fault): string {
  if (fault.type === 'status') return `${fault.status}`;
  if (fault.type === 'rateLimited') return `429, wait ${fault.retryAfter ?? 'unknown'}`;
  return fault.type;
}
