import { describe, expect, it } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type DrivePlexAuthOptions,
  drivePlexAuth,
} from '../../src/testing/index.ts';

const time = createVirtualTime();
const emulator = createPlexEmulator({ clock: time.clock });
const auth = createPlexAuth({ product: 'x' });
const inspector = () => ({});

describe('a bad option', () => {
  it.each<[string, unknown]>([
    ['the argument must be an object', null],
    ['scripts must be left out: the known fields are script, untilMs, start,', { scripts: [] }],
    ['script must be a list of moves', { script: 5 }],
    ['untilMs must be from 0 to 2147483647 ms', { untilMs: -1 }],
    ['start must be true or false', { start: 'yes' }],
    ['mount must be a function', { mount: 'screen' }],
    ['inspector must be a function', { inspector: {} }],
    ['options.fetch must be left out: the drive uses the fetch of its emulator', { options: { fetch } }],
    [
      'options.clock must be left out: the drive uses the clock of its time',
      { options: { clock: time.clock } },
    ],
    ['options.inspect must be left out: the inspector provides it', { inspector, options: { inspect() {} } }],
    ['time must be what createVirtualTime gives', { time: { clock: time.clock, advance: time.advance } }],
    ['time must be given with emulator: the time whose clock the emulator has', { emulator }],
    ['emulator must be given with auth: the emulator that the engine asks', { auth, time }],
    ['options must be left out: the engine that is given has its own', { auth, emulator, time, options: {} }],
    ['inspector must be left out: the engine that is given has its own', { inspector, auth, emulator, time }],
    [
      'emulatorOptions must be left out: the emulator that is given has its own',
      { emulator, time, emulatorOptions: {} },
    ],
  ])('is refused: %s', async (message, options) => {
    const drive = drivePlexAuth(options as DrivePlexAuthOptions);
    await expect(drive).rejects.toThrow(TypeError);
    await expect(drive).rejects.toThrow(`plex-auth-flow: ${message}`);
  });

  it('of the engine is refused as createPlexAuth does', async () => {
    await expect(drivePlexAuth({ options: { renewals: -1 } })).rejects.toThrow('renewals must be');
  });
});

it('a drive that is refused late leaves no fault in the test’s own emulator', async () => {
  const script = [{ atMs: 0, network: 'down' } as const];
  const refused = drivePlexAuth({ time, emulator, script, options: { renewals: -1 } });
  await expect(refused).rejects.toThrow(TypeError);
  const drive = await drivePlexAuth({ time, emulator, untilMs: 10 });
  expect(drive.view.status).toBe('awaitingLink');
});
