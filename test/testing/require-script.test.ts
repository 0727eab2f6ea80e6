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
const ownEngine = { time, emulator, auth: createPlexAuth({ product: 'x' }) };

const noMove = 'a move such as { atMs: 30_000, user: "approve" }';
const noActor = 'a move with one of user, plex, app, network, device, test, which says who acts';
const anyMs = 'from 0 to 2147483647 ms';
const needsDriveEngine = 'left out where auth is given: it needs an engine that the drive makes';

describe('a bad move', () => {
  it.each<[string, unknown, object?]>([
    [`script[1] must be ${noMove}`, [{ atMs: 0, app: 'start' }, null]],
    [`script[0] must be ${noMove}`, ['approve']],
    [`script[0] must be ${noActor}`, [{ atMs: 1 }]],
    [`script[0] must be ${noActor}`, [{ atMs: 1, user: 'approve', app: 'check' }]],
    [
      'script[0].until must be left out: the known fields are atMs, user',
      [{ atMs: 1, user: 'approve', until: 3 }],
    ],
    [
      'script[0].untilMs must be left out: the known fields are atMs, app',
      [{ atMs: 1, app: 'check', untilMs: 3 }],
    ],
    [
      `script[2].atMs must be ${anyMs}`,
      [
        { atMs: 0, app: 'start' },
        { atMs: 0, app: 'check' },
        { atMs: -1, app: 'check' },
      ],
    ],
    [`script[0].atMs must be ${anyMs}`, [{ app: 'check' }]],
    [`script[0].atMs must be ${anyMs}`, [{ atMs: Number.NaN, app: 'check' }]],
    ['script[0].atMs must be from 0 to 500 ms', [{ atMs: 501, app: 'check' }], { untilMs: 500 }],
    ['script[0].untilMs must be above atMs, up to 2147483647 ms', [{ atMs: 5, untilMs: 5, network: 'down' }]],
    ['script[0].user must be one of approve, deny', [{ atMs: 0, user: 'approves' }]],
    ['script[0].user must be one of approve, deny', [{ atMs: 0, user: undefined }]],
    ['script[0].plex must be one of expirePin', [{ atMs: 0, plex: 'expire' }]],
    [`script[0].inMs must be ${anyMs}`, [{ atMs: 0, plex: 'expirePin', inMs: -1 }]],
    [
      'script[0].app must be one of start, check, cancel, signOut, verify, reload, dispose',
      [{ atMs: 0, app: 'toString' }],
    ],
    ['script[0].network must be down or a fault', [{ atMs: 0, network: 'up' }]],
    ['script[0].network.type must be one of status, reset,', [{ atMs: 0, network: { type: 'gone' } }]],
    ['script[0].times must be an integer from 1, or Infinity', [{ atMs: 0, network: 'down', times: 0 }]],
    [
      'script[0].operation must be one of getPin, getToken,',
      [{ atMs: 0, network: 'down', operation: 'get' }],
    ],
    ['script[0].device must be asleep or { clockByMs }', [{ atMs: 0, device: 'awake' }]],
    ['script[0].untilMs must be given where the device is asleep', [{ atMs: 0, device: 'asleep' }]],
    [
      'script[0].untilMs must be left out where a clock is set',
      [{ atMs: 0, untilMs: 1, device: { clockByMs: 1 } }],
    ],
    ['script[0].test must be a function', [{ atMs: 0, test: 'look' }]],
    ['script[0].test must be a function', [{ atMs: 0, test: undefined }]],
    [`script[0].app must be ${needsDriveEngine}`, [{ atMs: 0, app: 'reload' }], ownEngine],
    [`script[0].device must be ${needsDriveEngine}`, [{ atMs: 0, device: { clockByMs: 1 } }], ownEngine],
  ])('is refused: %s', async (message, script, options = {}) => {
    const drive = drivePlexAuth({ ...options, script } as DrivePlexAuthOptions);
    await expect(drive).rejects.toThrow(TypeError);
    await expect(drive).rejects.toThrow(`plex-auth-flow: ${message}`);
  });
});
