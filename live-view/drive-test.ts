import { longestPollMs, toOptionLines } from './drive-options.ts';
import { duration } from './format.ts';
import { lastOf } from './from-the-end.ts';
import type { History } from './history.ts';
import type { SignIn } from './history-entry.ts';
import {
  movesOfApp,
  movesOfDevice,
  movesOfNetwork,
  movesOfPlex,
  movesOfUser,
  type RecordedMove,
} from './recorded-moves.ts';
import { type Recording, readRecording } from './recording.ts';
import { toSource } from './source-text.ts';

const finalStatuses = ['idle', 'authenticated', 'expired', 'failed'];

/**
 * Writes a vitest test that replays a recorded sign-in with `drivePlexAuth`.
 *
 * The app acts when it did in the recording, and the user approves just before the read that brought the token. The drive
 * does not spread its reads, so it may reach a state up to a poll earlier or later than the recording.
 *
 * @param signIn Default: the newest.
 */
export function toDriveTest(history: History, signIn: SignIn | undefined = lastOf(history.signIns)): string {
  if (!signIn) return '// Nothing is recorded yet.\n';
  const recording = readRecording(history, signIn);
  if (recording.reached.length === 1) return '// Nothing is started yet.\n';
  const remarks = remarksOn(history, recording);
  return `import { drivePlexAuth } from 'plex-auth-flow/testing';
import { expect, it } from 'vitest';

${remarks.map((remark) => `// ${remark}\n`).join('')}${toTest(recording)}`;
}

function toTest(recording: Recording): string {
  const { signIn, events, exchanges, reached } = recording;
  const last = lastOf(reached) ?? { status: 'idle', atMs: 0 };
  const moves = movesOf(recording);
  return `it('plays the recorded sign-in again: ${last.status} after ${duration(last.atMs)}', async () => {
  const drive = await drivePlexAuth({
${toOptionLines(events, exchanges, signIn)}    script: [
${moves.map((move) => `      ${toSource(move)},\n`).join('')}    ],${toLimit(recording, moves)}
  });

  const reached = drive.timeline
    .flatMap((entry) => (entry.type === 'view' ? [{ status: entry.view.status, atMs: entry.atMs }] : []))
    .filter(({ status }) => status !== 'fetchingToken')
    .filter(({ status }, index, all) => status !== all[index - 1]?.status);
  expect(reached.map(({ status }) => status)).toEqual([
${reached.map(({ status }) => `    '${status}',\n`).join('')}  ]);
  // When the recording came there, each up to one poll earlier or later.
  const recordedAtMs = ${toSource(reached.map(({ atMs }) => atMs))};
  for (const [index, { status, atMs }] of reached.entries()) {
    expect(Math.abs(atMs - Number(recordedAtMs[index])), status).toBeLessThanOrEqual(${toSource(longestPollMs(events))});
  }
});
`;
}

function movesOf({ signIn, events, exchanges }: Recording): RecordedMove[] {
  return [
    ...movesOfNetwork(exchanges),
    ...movesOfDevice(exchanges, signIn),
    ...movesOfApp(events, signIn),
    ...movesOfUser(exchanges),
    ...movesOfPlex(exchanges, signIn),
  ].sort((one, other) => one.atMs - other.atMs);
}

/** Ends a drive whose recording has no end. */
function toLimit({ signIn, events, reached }: Recording, moves: readonly RecordedMove[]): string {
  const last = lastOf(events);
  const isOver = finalStatuses.includes(lastOf(reached)?.status ?? 'idle') && last?.after !== 'fetchingToken';
  const untilMs = Math.max(...moves.map(({ atMs }) => atMs), (last?.atMs ?? 0) - signIn.startMs);
  return isOver ? '' : `\n    untilMs: ${toSource(Math.round(untilMs))},`;
}

function remarksOn({ dropped, lost }: History, { events, isCut }: Recording): string[] {
  const remarks = [
    (dropped > 0 || lost > 0) && 'The recording is incomplete: its oldest entries were dropped.',
    events.some(({ type }) => type === 'RESUME') &&
      'The recording resumed a stored code; this test asks for a new one.',
    isCut &&
      'The recording then found a stored token, which no script can bring about; the test ends before.',
  ];
  return remarks.filter((remark) => typeof remark === 'string');
}
