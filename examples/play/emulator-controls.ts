import { setTimeout as sleep } from 'node:timers/promises';
import {
  createPlexEmulator,
  type EmulatedPin,
  type Fault,
  type PlexEmulator,
} from '../../src/testing/index.ts';

/** What the playground's buttons ask for. */
export type EmulatorCommand =
  /** The user decides about the newest code that waits. */
  | { do: 'approve' | 'deny' | 'expire' }
  /** The next `times` reads or requests for a PIN go wrong. */
  | { do: 'fault'; fault: Fault; times?: number }
  /** The user approves while the next read is out, whose answer is older by then. */
  | { do: 'approveInRead' }
  /** No fault, no delay, no offset. */
  | { do: 'reset' }
  /** Each answer takes that much longer. */
  | { do: 'latency'; ms: number }
  /** Plex's clock is that far ahead of the page's. */
  | { do: 'offset'; ms: number }
  /** Time passes, as for a machine that slept. */
  | { do: 'sleep'; ms: number };

/** How the emulator stands. */
export interface EmulatorState {
  /** The newest PIN that can still be decided about. */
  readonly code: string | undefined;
  readonly pins: readonly Pick<EmulatedPin, 'code' | 'state'>[];
  /** The faults in wait, the next one first. */
  readonly faults: readonly string[];
  readonly latencyMs: number;
  readonly offsetMs: number;
  /** How much time was skipped. The page's clock is to skip as much. */
  readonly sleptMs: number;
}

/** An emulator with buttons. */
export interface EmulatorControls {
  readonly emulator: PlexEmulator;
  state(): EmulatorState;
  /** @throws {Error} For a command that cannot be done, saying why. */
  run(command: EmulatorCommand): void;
}

const shownPins = 4;
const staleMs = 3000;

export function createEmulatorControls(): EmulatorControls {
  let sleptMs = 0;
  let latencyMs = 0;
  let offset = { ms: 0, remove: () => {} };
  const faults: { fault: Fault; meanwhile?: () => void }[] = [];
  const now = () => Date.now() + sleptMs;
  const emulator = createPlexEmulator({ clock: { now, setTimeout, clearTimeout } });
  const newest = () => emulator.pins.findLast(({ state }) => state === 'waiting');

  async function handle(request: Request): Promise<Response> {
    const isOfFlow = /\/pins(\/\d+)?(\.json)?$/.test(new URL(request.url).pathname);
    if (isOfFlow && request.method !== 'OPTIONS') {
      if (latencyMs > 0) await sleep(latencyMs);
      const next = faults.shift();
      if (next) emulator.fault(next.fault, { operation: request.method === 'POST' ? 'getPin' : 'getToken' });
      if (next?.meanwhile) setTimeout(next.meanwhile, staleMs / 2);
    }
    return emulator.handle(request);
  }

  function newestOrRefuse(): EmulatedPin {
    const pin = newest();
    if (!pin) throw new Error('No code waits: start a sign-in first');
    return pin;
  }

  function approveStill(code: string): void {
    if (newest()?.code === code) emulator.link(code);
  }

  function decide(how: 'approve' | 'deny' | 'expire'): void {
    const pin = newestOrRefuse();
    if (how === 'approve') emulator.link(pin.code);
    else if (how === 'deny') emulator.deny(pin.code);
    else emulator.expire(pin.id);
  }

  function setOffset(ms: number): void {
    offset.remove();
    offset = { ms, remove: ms === 0 ? () => {} : emulator.fault({ type: 'clockOffset', offsetMs: ms }) };
  }

  return {
    emulator: Object.create(emulator, { handle: { value: handle } }),
    state: () => ({
      code: newest()?.code,
      pins: emulator.pins.slice(-shownPins).map(({ code, state }) => ({ code, state })),
      faults: faults.map(({ fault }) => wordsFor(fault)),
      latencyMs,
      offsetMs: offset.ms,
      sleptMs,
    }),
    run(command) {
      switch (command.do) {
        case 'approve':
        case 'deny':
        case 'expire':
          return decide(command.do);
        case 'fault':
          // The emulator checks it; a fault that it does not know waits for nobody.
          emulator.fault(command.fault)();
          faults.push(...Array.from({ length: command.times ?? 1 }, () => ({ fault: command.fault })));
          return;
        case 'approveInRead': {
          const { code } = newestOrRefuse();
          faults.push({ fault: { type: 'stale', delayMs: staleMs }, meanwhile: () => approveStill(code) });
          return;
        }
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

function wordsFor(fault: Fault): string {
  if (fault.type === 'status') return `${fault.status}`;
  if (fault.type === 'rateLimited') return `429, wait ${fault.retryAfter ?? 'unsaid'}`;
  return fault.type;
}
