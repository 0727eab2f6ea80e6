import type { FlowEvent } from './compile-chart.ts';
import type { FleetFlow } from './flow.ts';
import { notWaiting, type TimerWheel } from './timer-wheel.ts';

/** Answers that wait for a read which is still open, and may hold the token. */
export interface HeldAnswers {
  /** Delivers an answer later, unless {@link HeldAnswers.release} is called before. */
  holdBack(flow: FleetFlow, event: FlowEvent): void;
  /** Delivers at once what is held back, if anything is. */
  release(flow: FleetFlow): void;
}

/** How long an answer waits, in milliseconds. */
const openReadsMs = 30_000;

/** Makes what holds answers back, on the wheel. @param deliver Called with what is released. */
export function createHeldAnswers(
  wheel: Pick<TimerWheel<FleetFlow>, 'add' | 'remove'>,
  deliver: (flow: FleetFlow, event: FlowEvent) => void,
): HeldAnswers {
  return {
    holdBack(flow, event) {
      flow.waitEnd = event;
      wheel.add(flow, openReadsMs);
    },
    release(flow) {
      if (flow.operation !== 'getToken' || flow.slot === notWaiting) return;
      wheel.remove(flow);
      if (flow.waitEnd) deliver(flow, flow.waitEnd);
    },
  };
}
