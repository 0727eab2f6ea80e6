import type { StoppableTime } from './virtual-time.ts';

/** How long something may stay busy, in milliseconds. */
export const longestBusyMs = 3_600_000;
/** How far the time moves between two looks at whether a timer is still set. */
const strideMs = 1000;

/**
 * Moves the time on for as long as a timer is set in it.
 *
 * @param limitMs How far at most, in milliseconds. Default: an hour.
 * @param isOver Whether to end here, asked between two timers. Default: never.
 */
export async function advanceWhileBusy(
  time: StoppableTime,
  limitMs = longestBusyMs,
  isOver = () => false,
): Promise<void> {
  const endMs = time.clock.now() + limitMs;
  await time.advance(0, isOver);
  for (let leftMs = limitMs; !isOver() && time.timers > 0 && leftMs > 0; leftMs = endMs - time.clock.now()) {
    await time.advance(Math.min(strideMs, leftMs), isOver);
  }
}
