import { createPlexEmulator } from '../emulator/index.ts';
import { longestDelayMs } from '../ports.ts';
import { copyOptions, requireObject, requireOption } from '../require-option.ts';
import { type DrivePlexAuthOptions, requireDriveOptions } from './drive-options.ts';
import { startsApp, toSteps } from './drive-script.ts';
import { createDriveStage } from './drive-stage.ts';
import type { PlexAuthDrive } from './plex-auth-drive.ts';
import { requireScript } from './require-script.ts';
import { createVirtualTime } from './virtual-time.ts';

/**
 * Plays a sign-in by a script, in virtual time against an emulated plex.tv, and returns what happened as data.
 *
 * Half an hour of waiting takes no time, and the same script gives the same timeline. At one moment the script moves first,
 * then timers fall due: a read at 30 s finds the approval of 30 s, and a network that is down from 40 s until 50 s fails
 * the read at 40 s but not the one at 50 s. Nothing stays behind: no timer, no fault, and no engine but the test's own.
 *
 * ```ts
 * const drive = await drivePlexAuth({
 *   script: [
 *     { atMs: 40_000, untilMs: 50_000, network: 'down' },
 *     { atMs: 60_000, user: 'approve' },
 *   ],
 * });
 * drive.view.status; // 'authenticated'
 * drive.reachedAtMs('authenticated'); // 60_726: after a minute the reads are 1.2 s apart
 * ```
 *
 * @throws {TypeError} For a bad option or move, naming it.
 * @throws {Error} For a move that cannot be made, such as an approval where no PIN waits; and what a move of the `test` throws.
 */
export async function drivePlexAuth(options: DrivePlexAuthOptions = {}): Promise<PlexAuthDrive> {
  requireObject('the argument', options);
  const own = copyOptions(options);
  requireDriveOptions(own);
  const { script = [], auth, untilMs, time = createVirtualTime(), emulatorOptions } = own;
  const { clock } = time;
  requireOption(Array.isArray(script), 'script', 'a list of moves');
  const moves = script.map((move) => (Object(move) === move ? copyOptions(move) : move));
  requireScript(moves, { isEngineOwn: auth === undefined, untilMs: untilMs ?? longestDelayMs });
  const emulator = own.emulator ?? createPlexEmulator({ random: () => 0, ...emulatorOptions, clock });
  const startsAtOnce = own.start ?? (auth === undefined && !startsApp(moves));
  const stage = createDriveStage(copyOptions({ ...own, time, emulator }), toSteps(moves, startsAtOnce));
  try {
    await stage.play(untilMs);
  } finally {
    await stage.clear();
  }
  return stage.drive;
}
