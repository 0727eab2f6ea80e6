import { internalsOf } from '../engine/engine-internals.ts';
import type { PlexAuthStatus } from '../view.ts';

/**
 * Makes what notices that the window was closed although nobody has approved.
 *
 * @returns Call it with each view's status. It says whether the window seems closed and a whole read since then has brought
 * nothing. A window that closes because the user has approved is no news: the read that follows at once brings the token.
 */
export function createWindowWatch(): (status: PlexAuthStatus, engine: object) => boolean {
  let last: PlexAuthStatus | undefined;
  let wasClosedBeforeRead = false;
  let isNoticed = false;
  return (status, engine) => {
    const isClosed = !!internalsOf(engine)?.isWindowClosed?.();
    const isReading = status === 'fetchingToken';
    if (isReading && status !== last) wasClosedBeforeRead = isClosed;
    last = status;
    isNoticed = isClosed && (isReading ? isNoticed : status === 'awaitingLink' && wasClosedBeforeRead);
    return isNoticed;
  };
}
