import type { PlexEmulator } from '../emulator/index.ts';
import type { Fetch } from '../ports.ts';
import type { AppDevice } from './app-device.ts';
import { type SurroundingMove, toFault } from './drive-script.ts';
import type { TimelineRecorder } from './timeline-recorder.ts';

/** The network and the device that a driven app runs on, as the script changes them. */
export interface AppSurroundings {
  /** Begins or ends a move. */
  apply(move: SurroundingMove, isEnd: boolean): void;
  /** Ends every move that has not ended yet. */
  endAll(): void;
  /** Makes what lives in them. They end where that fails. */
  place<T>(make: () => T): T;
}

export function createAppSurroundings(emulator: PlexEmulator, device: AppDevice): AppSurroundings {
  const endings = new Map<SurroundingMove, () => void>();
  const surroundings: AppSurroundings = {
    apply(move, isEnd) {
      if (isEnd) {
        endings.get(move)?.();
        endings.delete(move);
      } else if ('network' in move) {
        endings.set(move, emulator.fault(...toFault(move)));
      } else if (move.device === 'asleep') {
        device.sleep();
        endings.set(move, device.wake);
      } else {
        device.setClockBy(move.device.clockByMs);
      }
    },
    endAll() {
      for (const end of endings.values()) end();
    },
    place(make) {
      try {
        return make();
      } catch (error) {
        surroundings.endAll();
        throw error;
      }
    },
  };
  return surroundings;
}

/** Makes the `fetch` of a device: it records when each request is over, and a sleeping device gets no answer. */
export function createDeviceFetch(
  emulator: PlexEmulator,
  device: AppDevice,
  recorder: TimelineRecorder,
): Fetch {
  return async (input, init) => {
    const index = emulator.requests.length;
    const answer = emulator.fetch(input, init);
    const request = emulator.requests[index];
    try {
      return await answer;
    } finally {
      if (request) recorder.recordAnswer(request);
      await device.untilAwake();
    }
  };
}
