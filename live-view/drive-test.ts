import type { EventEntry, History, SignIn } from './history.ts';
import { movesOfApp, movesOfDevice, movesOfNetwork, movesOfPlex, movesOfUser } from './recorded-moves.ts';
import { type RecordedRound, roundsOf } from './recorded-rounds.ts';
import { duration } from './words.ts';

/** A state of the engine's view, and when the recording came to it, in milliseconds since the flow began. */
interface Reached {
  readonly status: string;
  readonly atMs: number;
}

const statuses = [
  'idle',
  'requestingPin',
  'awaitingLink',
  'authenticated',
  'expired',
  'failed',
  'signingOut',
];
const ends = ['idle', 'authenticated', 'expired', 'failed'];
const halfAnHourMs = 1_800_000;
const defaultIntervalMs = 1000;
const defaultTimeoutMs = 15_000;

/**
 * Writes a vitest test that plays a recorded sign-in again, by `drivePlexAuth`.
 *
 * The app's moves come at their times, and the user's approval just before the read that brought the token. Reads of the
 * drive are not spread, so that a state is reached up to a poll earlier or later than in the recording.
 *
 * @param signIn Default: the newest.
 */
export function toDriveTest(history: History, signIn: SignIn | undefined = history.signIns.at(-1)): string {
  if (!signIn) return '// Nothing is recorded yet.\n';
  const own = history.entries.filter((entry) => entry.signIn === signIn || entry.kind === 'request');
  const isBegun = (entry: EventEntry) => !signIn.isStarted || entry.atMs >= signIn.startMs;
  const known = own.filter(
    (entry): entry is EventEntry => entry.kind === 'event' && entry.actorName === undefined && isBegun(entry),
  );
  const stopped = known.findIndex(isBeyondReplay);
  const events = stopped < 0 ? known : known.slice(0, stopped);
  const lastIndex = events.at(-1)?.index ?? 0;
  const rounds = roundsOf(
    own.filter((one) => one.index <= lastIndex && (one.kind === 'request' || events.includes(one))),
    signIn,
  );
  const reached = reachedIn(events, signIn);
  if (reached.length === 1) return '// Nothing is started yet.\n';
  const moves = [
    ...movesOfNetwork(rounds),
    ...movesOfDevice(rounds, signIn),
    ...movesOfApp(events, signIn),
    ...movesOfUser(rounds),
    ...movesOfPlex(rounds, signIn),
  ].sort((one, other) => one.atMs - other.atMs);
  const last = reached.at(-1) ?? { status: 'idle', atMs: 0 };
  const isOver = ends.includes(last.status) && events.at(-1)?.after !== 'fetchingToken';
  const untilMs = Math.max(...moves.map(({ atMs }) => atMs), (events.at(-1)?.atMs ?? 0) - signIn.startMs);
  const remarks = remarksOn(history, events, stopped >= 0);
  return `import { drivePlexAuth } from 'plex-auth-flow/testing';
import { expect, it } from 'vitest';

${remarks.map((remark) => `// ${remark}\n`).join('')}it('plays the recorded sign-in again: ${last.status} after ${duration(last.atMs)}', async () => {
  const drive = await drivePlexAuth({
${optionLines(events, rounds, signIn)}    script: [
${moves.map((move) => `      ${written(move)},\n`).join('')}    ],${isOver ? '' : `\n    untilMs: ${written(Math.round(untilMs))},`}
  });

  const reached = drive.timeline
    .flatMap((entry) => (entry.type === 'view' ? [{ status: entry.view.status, atMs: entry.atMs }] : []))
    .filter(({ status }) => status !== 'fetchingToken')
    .filter(({ status }, index, all) => status !== all[index - 1]?.status);
  expect(reached.map(({ status }) => status)).toEqual([
${reached.map(({ status }) => `    '${status}',\n`).join('')}  ]);
  // When the recording came there, each up to one poll earlier or later.
  const recordedAtMs = ${written(reached.map(({ atMs }) => atMs))};
  for (const [index, { status, atMs }] of reached.entries()) {
    expect(Math.abs(atMs - Number(recordedAtMs[index])), status).toBeLessThanOrEqual(${written(pollMs(events))});
  }
});
`;
}

/** The states that a user of the engine sees. A poll leads back to where it began, and is left out. */
function reachedIn(events: readonly EventEntry[], signIn: SignIn): Reached[] {
  const reached: Reached[] = [{ status: 'idle', atMs: 0 }];
  for (const { type, after, atMs: at } of events) {
    const [status = ''] = after?.split('.') ?? [];
    const atMs = Math.max(0, Math.round(at - signIn.startMs));
    // A kept code is not there in the drive, which asks for one.
    if (type === 'RESUME') reached.push({ status: 'requestingPin', atMs }, { status: 'awaitingLink', atMs });
    if (statuses.includes(status)) reached.push({ status, atMs });
  }
  return reached.filter(({ status }, index) => status !== reached[index - 1]?.status);
}

/** Whether nothing in a script can bring what came here. */
function isBeyondReplay({ type, before, after }: EventEntry): boolean {
  return type === 'RESTORE' && after === 'authenticated' && before !== after;
}

function remarksOn(history: History, events: readonly EventEntry[], isCut: boolean): string[] {
  const remarks: string[] = [];
  if (history.dropped > 0 || history.lost > 0)
    remarks.push('The oldest of the recording was let go; what it held is missing here.');
  if (events.some(({ type }) => type === 'RESUME')) {
    remarks.push('The recording went on with a kept code; here a new one is asked for.');
  }
  if (isCut) remarks.push('Then a kept token was found, which no script brings; the test ends before.');
  return remarks;
}

/** Options that differ from the defaults, as far as the recording tells. */
function optionLines(
  events: readonly EventEntry[],
  rounds: readonly RecordedRound[],
  signIn: SignIn,
): string {
  const facts = events.flatMap((entry) => entry.facts ?? []);
  const [first] = facts.filter(({ expiresAtMs }) => expiresAtMs < Number.POSITIVE_INFINITY);
  const lifeMs = first ? Math.round(first.lifeMs / 5000) * 5000 : halfAnHourMs;
  const limitMs = facts.find(({ giveUpAtMs }) => giveUpAtMs < Number.POSITIVE_INFINITY)?.giveUpAtMs;
  const renewals = facts[0]?.renewals ?? 0;
  const intervalMs = first && !first.isHeld && first.failures === 0 ? intervalOf(first.waitMs) : undefined;
  const timeoutMs = timeoutOf(rounds);
  const options = {
    ...(lifeMs === halfAnHourMs / 2 && { strong: false }),
    ...(renewals > 0 && { renewals }),
    ...(limitMs !== undefined && { giveUpAfterMs: Math.round((limitMs - signIn.startMs) / 50) * 50 }),
    ...(intervalMs !== undefined && { polling: pollingOf(intervalMs) }),
    ...(timeoutMs !== undefined && { requestTimeoutMs: timeoutMs }),
  };
  const isUsual = lifeMs === halfAnHourMs || lifeMs === halfAnHourMs / 2;
  return [
    ...(Object.keys(options).length > 0 ? [`    options: ${written(options)},\n`] : []),
    ...(isUsual ? [] : [`    emulatorOptions: ${written({ lifetimeMs: { strong: first?.lifeMs } })},\n`]),
  ].join('');
}

/** The interval that a first wait tells, which is spread by up to a twentieth; none where it may be the default. */
function intervalOf(waitMs: number): number | undefined {
  const isIn = (intervalMs: number) => intervalMs <= waitMs && waitMs <= intervalMs * 1.05;
  if (isIn(defaultIntervalMs) || waitMs < 250) return undefined;
  const roundMs = Math.floor(waitMs / 50) * 50;
  return isIn(roundMs) ? roundMs : Math.max(250, Math.round(waitMs / 1.025));
}

function pollingOf(intervalMs: number): Record<string, number> {
  return {
    intervalMs,
    ...(intervalMs > 5000 && { maxIntervalMs: intervalMs }),
    ...(intervalMs > 10_000 && { maxBackoffMs: intervalMs }),
  };
}

function timeoutOf(rounds: readonly RecordedRound[]): number | undefined {
  const late = rounds.find(({ end }) => end?.isFault && end.code === 'PLEX_TIMEOUT');
  const tookMs = late?.end ? late.end.atMs - late.atMs : defaultTimeoutMs;
  const timeoutMs = Math.round(tookMs / 100) * 100;
  return Math.abs(timeoutMs - defaultTimeoutMs) <= 200 ? undefined : Math.max(1, timeoutMs);
}

/** The longest wait of the recording that Plex did not ask for. */
function pollMs(events: readonly EventEntry[]): number {
  const waits = events.flatMap(({ facts }) => (facts && !facts.isHeld ? facts.waitMs : []));
  return Math.ceil(Math.max(defaultIntervalMs, ...waits));
}

/** Writes a value as source: single quotes, and `1_800_000`. */
function written(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return 'Number.POSITIVE_INFINITY';
  if (typeof value === 'number')
    return String(value).replace(/\B(?=(\d{3})+$)/g, Math.abs(value) < 10_000 ? '' : '_');
  if (typeof value === 'string') return `'${value.replace(/[^\w .:/-]/g, '')}'`;
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([name, field]) => `${name}: ${written(field)}`).join(', ')} }`;
}
