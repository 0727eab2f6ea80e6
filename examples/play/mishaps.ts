import type { EmulatorButton } from './emulator-controls.ts';

/** Something that breaks other sign-ins. */
export interface Mishap {
  readonly title: string;
  /** What a client does that does not expect it. */
  readonly others: string;
  /** What this one does. */
  readonly here: string;
  readonly command: EmulatorButton;
}

export const mishaps: readonly Mishap[] = [
  {
    title: 'Three requests fail',
    others: 'Stop at the first error. The sign-in is lost.',
    here: 'Keeps the code, and waits longer each time.',
    // Not a reset: the browser itself would send such a request again.
    command: { do: 'fault', fault: { type: 'truncated' }, times: 3 },
  },
  {
    title: 'Plex asks to wait',
    others: 'Keep asking, and get blocked.',
    here: 'Sends no request for 5 s. A page cannot read how long Plex wants; a server can, and waits that long.',
    command: { do: 'fault', fault: { type: 'rateLimited', retryAfter: 8 } },
  },
  {
    title: 'A hotel’s login page',
    others: 'Read the HTML as JSON, and crash.',
    here: 'Reports a named error, and continues.',
    command: { do: 'fault', fault: { type: 'html' }, times: 2 },
  },
  {
    title: 'No answer comes',
    others: 'Wait for ever.',
    here: 'Waits 15 s, then asks again.',
    command: { do: 'fault', fault: { type: 'hang' } },
  },
  {
    title: 'Approved mid-request',
    others: 'Wait a whole interval, since the answer is older than the approval.',
    here: 'Waits half of it, because the request took so long.',
    command: { do: 'approveInRead' },
  },
  {
    title: 'Asleep for an hour',
    others: 'Keep asking for a code that expired long ago.',
    here: 'Sends one request, which decides.',
    command: { do: 'sleep', ms: 3_600_000 },
  },
  {
    title: 'A wrong clock',
    others: 'Expire at once if the clock is an hour off.',
    here: 'Trusts Plex’s count.',
    command: { do: 'offset', ms: -3_600_000 },
  },
  {
    title: 'Plex is down',
    others: 'Stop at the first 503.',
    here: 'Asks more slowly each time, and continues when Plex is back.',
    command: { do: 'fault', fault: { type: 'status', status: 503 }, times: 4 },
  },
];
