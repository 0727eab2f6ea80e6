import type { ListedPin } from './emulator-controls.ts';

/** The state of a PIN, in words. */
interface PinWords {
  readonly state: string;
  /** What it means for the sign-in; empty if there is nothing to say. */
  readonly consequence: string;
}

/** A shorter time left than this is counted down. */
const shortMs = 60_000;

export function describePin({ state, endsInMs }: ListedPin): PinWords {
  const isLive = state === 'waiting' || state === 'denied';
  if (isLive && endsInMs <= shortMs) {
    return {
      state: `${state}, ends in ${Math.ceil(endsInMs / 1000)} s`,
      consequence: 'This code ends soon. Plex’s answers say when.',
    };
  }
  return { state, consequence: consequences[state] };
}

const consequences: Record<ListedPin['state'], string> = {
  waiting: '',
  denied: 'Denied. Plex does not report this: the code runs out.',
  linked: 'Approved. The next request brings the token.',
  expired: 'This code has ended. The next request finds that out.',
};
