import type { Clock } from '../../src/index.ts';
import { createPlexEmulator, type Fault } from '../../src/testing/index.ts';
import type { Plan, PlannedFault } from './plan.ts';
import { createDraws, isCut, rateLimit, retryAfterOf, type SimulatedPlex } from './plex.ts';

/** Makes a plex.tv of the whole emulator, over `Request` and `Response` as applications use it. */
export function createWebPlex(plan: Plan, clock: Clock): SimulatedPlex {
  const { lifetimeMs, readOnce, tokenLagMs, isRateLimited, offsetMs } = plan;
  const emulator = createPlexEmulator({
    clock,
    random: createDraws(),
    lifetimeMs: { strong: lifetimeMs, short: lifetimeMs },
    readOnce,
    tokenLagMs,
    ...(isRateLimited && { rateLimit }),
  });
  if (offsetMs !== 0) emulator.fault({ type: 'clockOffset', offsetMs });
  return {
    async answer({ url, init, operation, fault, signal }) {
      const emulated = fault && toEmulatorFault(fault, clock.now() + offsetMs);
      const removeFault = emulated && emulator.fault(emulated, { operation });
      try {
        const { signal: _, ...rest } = init;
        const response = await emulator.fetch(url, { ...rest, ...(signal && { signal }) });
        const headers = new Map(response.headers);
        const retryAfter = fault?.type === 'status' && retryAfterOf(fault, 0);
        if (retryAfter && response.status === fault.status) headers.set('retry-after', retryAfter);
        const text = isCut(fault) ? await readFirstPart(response) : response.body && (await response.text());
        return { status: response.status, headers, text };
      } finally {
        removeFault?.();
      }
    },
    link: (code) => emulator.link(code),
    deny: (code) => emulator.deny(code),
    expire: (pinID) => emulator.expire(pinID),
  };
}

/** The first half of a body whose second half breaks or never comes. */
async function readFirstPart({ body }: Response): Promise<string | null> {
  const part = await body?.getReader().read();
  return part?.value ? new TextDecoder().decode(part.value) : null;
}

/** The faults that the emulator has; the rest are the network's. */
function toEmulatorFault(fault: PlannedFault, plexNowMs: number): Fault | undefined {
  switch (fault.type) {
    case 'reset':
    case 'hang':
    case 'html':
    case 'xml':
    case 'truncated':
    case 'stalled':
      return { type: fault.type };
    case 'status': {
      const { retryAfterS: _, ...status } = fault;
      return status;
    }
    case 'rateLimited': {
      const retryAfter = retryAfterOf(fault, plexNowMs);
      return { type: fault.type, ...(retryAfter !== undefined && { retryAfter }) };
    }
    default:
      return undefined;
  }
}
