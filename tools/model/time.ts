/** How time passes: everything that is due comes nearer, and all times that the chart remembers move back. */
import { checkPaceMs } from './promises.ts';
import type { ChartSnapshot, World } from './world.ts';

/** Lets time pass for the clock, the timers and Plex alike. */
export function passTime(world: World, ms: number): Partial<World> {
  return {
    snapshot: withEarlierTimes(world.snapshot, ms),
    timers: world.timers.map((timer) => ({ ...timer, leftMs: timer.leftMs - ms })),
    requests: world.requests.map((request) => ({ ...request, ageMs: request.ageMs + ms })),
    plexPin: plexPinAfter(world, ms),
    past: pastAfter(world, ms),
  };
}

/** Sets the clock: neither a timer nor Plex notices. */
export function setClock({ snapshot, past, requests }: World, ms: number): Partial<World> {
  const isRequestTimeOdd = past.isRequestTimeOdd || requests.length > 0;
  return { snapshot: withEarlierTimes(snapshot, ms), past: { ...past, isTimeOdd: true, isRequestTimeOdd } };
}

/** Lets the machine sleep: the clock and Plex go on. Timers either stand still or are due when it wakes up. */
export function sleep(world: World, ms: number, areTimersFrozen: boolean): Partial<World> {
  const countedMs = areTimersFrozen ? 0 : Math.min(ms, ...world.timers.map(({ leftMs }) => leftMs));
  const { snapshot, past = world.past } = setClock(world, ms);
  return {
    ...(snapshot && { snapshot }),
    past: {
      ...withOlderAges({ ...world, past }, world.timers.length > 0 ? countedMs : 0),
      throttledMs: Math.max(0, past.throttledMs - ms),
    },
    plexPin: plexPinAfter(world, ms),
    timers: world.timers.map((timer) => ({ ...timer, leftMs: timer.leftMs - countedMs })),
  };
}

/** Only these of the chart's numbers are moments. All others are durations, counts or 0 for "none". */
function withEarlierTimes(snapshot: ChartSnapshot, ms: number): ChartSnapshot {
  const { context } = snapshot;
  const { pin, atMs, expiresAtMs } = context;
  return {
    ...snapshot,
    context: {
      ...context,
      atMs: atMs && atMs - ms,
      expiresAtMs: expiresAtMs && expiresAtMs - ms,
      pin: pin && { ...pin, atMs: pin.atMs - ms },
    },
  } as ChartSnapshot;
}

/** How long ago a PIN ended matters up to the longest request only. */
const longestEndedMs = 60_000;

function plexPinAfter({ plexPin, requests }: World, ms: number): World['plexPin'] {
  if (!plexPin) return undefined;
  const { approval } = plexPin;
  const isSlow = requests.length > 0;
  return {
    ...plexPin,
    leftMs: Math.max(-longestEndedMs, plexPin.leftMs - ms),
    approval: approval && { ...approval, isCalm: approval.isCalm && !isSlow },
  };
}

function pastAfter(world: World, ms: number): World['past'] {
  const { past, requests } = world;
  return {
    ...withOlderAges(world, ms),
    throttledMs: Math.max(0, past.throttledMs - ms),
    quietMs: requests.length > 0 ? 0 : Math.min(checkPaceMs, past.quietMs + ms),
  };
}

function withOlderAges({ past, snapshot }: World, ms: number): World['past'] {
  const hasLimit = snapshot.context.giveUpAfterMs !== undefined;
  return {
    ...past,
    pinAgeMs: past.pins > 0 ? past.pinAgeMs + ms : 0,
    flowAgeMs: hasLimit ? past.flowAgeMs + ms : 0,
  };
}
