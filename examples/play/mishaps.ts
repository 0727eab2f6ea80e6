import type { EmulatorButton } from './emulator-controls.ts';

/** One way in which other sign-ins break. */
interface Mishap {
  readonly title: string;
  /** What others do then, and what this one does. */
  readonly text: string;
  readonly command: EmulatorButton;
}

export const mishaps: readonly Mishap[] = [
  {
    title: 'Three reads fail',
    text: 'Most stop at the first exception. Here: back-off, the code stays.',
    // A read that is reset at once would be sent again by the browser itself.
    command: { do: 'fault', fault: { type: 'truncated' }, times: 3 },
  },
  {
    title: 'Plex asks to wait',
    text: 'Most ask on, and are blocked. Here: no request for 5 s. A page cannot read how long Plex asks for; a server can, and waits that long.',
    command: { do: 'fault', fault: { type: 'rateLimited', retryAfter: 8 } },
  },
  {
    title: 'A hotel’s login page',
    text: 'Many read HTML as JSON and crash. Here: a named fault, and on.',
    command: { do: 'fault', fault: { type: 'html' }, times: 2 },
  },
  {
    title: 'An answer that never comes',
    text: 'Most wait for ever. Here: 15 s, then the next.',
    command: { do: 'fault', fault: { type: 'hang' } },
  },
  {
    title: 'Approved while a read is out',
    text: 'That read is older than the approval: others wait a whole interval after it. Here: half of one, since the read took so long.',
    command: { do: 'approveInRead' },
  },
  {
    title: 'The lid closes for an hour',
    text: 'Most go on asking for a code that is long dead. Here: one read decides.',
    command: { do: 'sleep', ms: 3_600_000 },
  },
  {
    title: 'A clock that is wrong',
    text: 'Many expire at once where the clock is an hour off. Here Plex’s count decides.',
    command: { do: 'offset', ms: -3_600_000 },
  },
  {
    title: 'Plex is down for a while',
    text: 'Four 503 in a row end most. Here: slower each time, and there when it is back.',
    command: { do: 'fault', fault: { type: 'status', status: 503 }, times: 4 },
  },
];
