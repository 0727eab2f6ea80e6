import type { CountedClock } from './count-timers.ts';
import { startRealLimit } from './real-limit.ts';
import { holdTime } from './time-holds.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The calls of what an app was given, by the names of their methods. A drive stands still while one needs real time. */
export interface FollowedCalls {
  /** Calls a method, and follows its answer if that comes later. */
  follow(method: string, call: () => unknown): unknown;
  /** Says of each call that has no answer yet, or had it too late, which one it is. */
  complaints(): string[];
}

/** How long a call that has set a timer may still answer in real time, before it counts as one that waits for that timer. */
const [timerGraceMs, timerGraceTasks] = [100, 20_000];

/**
 * Makes what follows the calls of one drive, which begins now.
 *
 * @param clock The clock of `time` by which the app and the script live.
 */
export function createFollowedCalls(time: VirtualTime, clock: CountedClock): FollowedCalls {
  const startMs = time.clock.now();
  const complaints = new Map<unknown, string>();
  /** What has kept one call from its end would keep the next one too. */
  let hasGivenUp = false;
  /** The methods that have set a timer and not answered without it. A wire may set one only to limit a request in real time. */
  const timed = new Set<string>();
  /** The timers of what answers by the time itself are among them. */
  const countOthers = () => time.timers - clock.timers;

  function createTimerWatch(method: string, timersBefore: number): () => boolean {
    const isGraceOver = startRealLimit(timerGraceMs, timerGraceTasks);
    return () => {
      if (countOthers() <= timersBefore) return false;
      if (isGraceOver()) timed.add(method);
      return timed.has(method);
    };
  }

  return {
    follow(method, call) {
      const waitsForTimer = createTimerWatch(method, countOthers());
      const outcome = call();
      if (typeof (outcome as PromiseLike<unknown> | undefined)?.then !== 'function') return outcome;
      // The query of a database may run again with each `then`.
      const answer = Promise.resolve(outcome);
      const name = `${method} of ${time.clock.now() - startMs} ms`;
      complaints.set(answer, `${name} has no answer yet`);
      let isTooLate = false;
      const end = () => isTooLate || complaints.delete(answer);
      answer.then(end, end);
      holdTime(time, {
        outcome: answer,
        needsTime: () => hasGivenUp || waitsForTimer(),
        onGivenUp() {
          isTooLate = hasGivenUp = true;
          complaints.set(
            answer,
            `${name} took longer than a second of real time: a drive goes on without it`,
          );
        },
      });
      return answer;
    },
    complaints: () => [...complaints.values()],
  };
}
