import type { CountedClock } from './count-timers.ts';
import { startRealLimit } from './real-limit.ts';
import { holdTime } from './time-holds.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The calls of what an app was given. A drive stands still while one needs real time. */
export interface FollowedCalls {
  /**
   * Calls a method, and follows its answer if that comes later.
   *
   * @param names Of the port and its method, or of a function.
   */
  follow(names: readonly PropertyKey[], call: () => unknown): unknown;
  /** Says of each call that has no answer yet, or had it too late, which one it is. */
  complaints(): string[];
}

/** How long a call that has set a timer may still answer in real time, before it counts as one that waits for that timer. */
const [timerGraceMs, timerGraceTasks] = [200, 20_000];

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
  /**
   * The ports that set timers and do not answer without them, each with the call that showed it. A wire may set one only to
   * limit a request in real time.
   */
  const timed = new Map<unknown, unknown>();
  /** The timers of what answers by the time itself are among them. */
  const countOthers = () => time.timers - clock.timers;

  return {
    follow(names, call) {
      const timersBefore = countOthers();
      const outcome = call();
      if (typeof (outcome as PromiseLike<unknown> | undefined)?.then !== 'function') return outcome;
      // The query of a database may run again with each `then`.
      const answer = Promise.resolve(outcome);
      const [port] = names;
      const name = `${names.map(String).join('.')} of ${time.clock.now() - startMs} ms`;
      const complain = (about: string) => complaints.set(answer, `${name} ${about}`);
      complain('has no answer yet');
      let isTooLate = false;
      const end = () => isTooLate || complaints.delete(answer);
      answer.then(end, () => {
        // It may have been about to answer, and the timer was its limit.
        if (timed.get(port) !== answer) end();
        else complain('took longer than a fifth of a second of real time, and failed as the time went on');
      });
      const isGraceOver = startRealLimit(timerGraceMs, timerGraceTasks);
      holdTime(time, {
        outcome: answer,
        needsTime() {
          if (hasGivenUp) return true;
          if (countOthers() <= timersBefore) return false;
          if (!timed.has(port) && isGraceOver()) timed.set(port, answer);
          return timed.has(port);
        },
        onGivenUp() {
          isTooLate = hasGivenUp = true;
          complain('took longer than a second of real time: a drive goes on without it');
        },
      });
      return answer;
    },
    complaints: () => [...complaints.values()],
  };
}
