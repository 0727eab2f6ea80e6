import type { EmulatorButton } from './emulator-controls.ts';

/** Something that breaks other sign-ins. */
interface Mishap {
  readonly title: string;
  /** What other clients do then, and what this one does. */
  readonly text: string;
  readonly command: EmulatorButton;
}

export const mishaps: readonly Mishap[] = [
  {
    title: 'Three requests fail',
    text: 'Most clients stop at the first error. This one waits longer each time and keeps the code.',
    // Not a reset: the browser itself would send such a request again.
    command: { do: 'fault', fault: { type: 'truncated' }, times: 3 },
  },
  {
    title: 'Plex asks to wait',
    text: 'Most clients keep asking and get blocked. This one sends no request for 5 s. A page cannot read how long Plex wants it to wait; a server can, and waits that long.',
    command: { do: 'fault', fault: { type: 'rateLimited', retryAfter: 8 } },
  },
  {
    title: 'A hotel’s login page',
    text: 'Many clients parse the HTML as JSON and crash. This one reports a named error and continues.',
    command: { do: 'fault', fault: { type: 'html' }, times: 2 },
  },
  {
    title: 'An answer that never comes',
    text: 'Most clients wait forever. This one waits 15 s, then asks again.',
    command: { do: 'fault', fault: { type: 'hang' } },
  },
  {
    title: 'Approved during a request',
    text: 'The answer is older than the approval. Other clients then wait a whole interval. This one waits half of it, because the request took so long.',
    command: { do: 'approveInRead' },
  },
  {
    title: 'The lid closes for an hour',
    text: 'Most clients keep asking for a code that expired long ago. This one sends one request, which decides.',
    command: { do: 'sleep', ms: 3_600_000 },
  },
  {
    title: 'A clock that is wrong',
    text: 'Many clients expire at once if the clock is an hour off. This one trusts Plex’s count.',
    command: { do: 'offset', ms: -3_600_000 },
  },
  {
    title: 'Plex is down for a while',
    text: 'Four 503 answers in a row stop most clients. This one asks more slowly each time, and continues when Plex is back.',
    command: { do: 'fault', fault: { type: 'status', status: 503 }, times: 4 },
  },
];
