import type { ListedPin } from './emulator-controls.ts';

/** What became of a PIN, in words. */
interface PinWords {
  readonly state: string;
  /** What the sign-in makes of it; empty while there is nothing to say. */
  readonly consequence: string;
}

/** A life that is counted down, since it is no ordinary one. */
const shortMs = 60_000;

export function describePin({ state, endsInMs }: ListedPin): PinWords {
  const isLive = state === 'waiting' || state === 'denied';
  if (isLive && endsInMs <= shortMs) {
    return {
      state: `${state}, ends in ${Math.ceil(endsInMs / 1000)} s`,
      consequence:
        'This code ends soon. Each answer of Plex counts down to it, and the sign-in knows in time.',
    };
  }
  return { state, consequence: consequences[state] };
}

const consequences: Record<ListedPin['state'], string> = {
  waiting: '',
  denied: 'Denied. Plex tells no application: to the sign-in it looks like waiting, until the code ends.',
  linked: 'Approved. The next read brings the token.',
  expired: 'This code has ended. The next read says so.',
};
