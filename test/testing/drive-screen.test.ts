/** Issue 15: a screen may need tasks, or real time, of its own. The time of its drive stands still for it. */
import { describe, expect, it } from 'vitest';
import type { PlexAuth } from '../../src/index.ts';
import { drivePlexAuth } from '../../src/testing/index.ts';

const untilTask = () => new Promise<void>((resolve) => setImmediate(resolve));
const untilTasks = async (count: number) => {
  for (let task = 0; task < count; task++) await untilTask();
};
const untilTimer = () => new Promise((resolve) => setTimeout(resolve, 5));
const approval = { atMs: 5000, user: 'approve' } as const;

describe('a screen', () => {
  it('that is drawn some tasks later, as by React, starts at its moment', async () => {
    const mount = (auth: PlexAuth) => void untilTasks(3).then(auth.start);
    const drive = await drivePlexAuth({ start: false, mount, script: [approval] });
    expect([drive.reachedAtMs('awaitingLink'), drive.reachedAtMs('authenticated')]).toEqual([0, 5000]);
  });

  it('draws each view before the next timer', async () => {
    const drawn: string[] = [];
    await drivePlexAuth({
      mount: (auth) => auth.subscribe(({ status }) => void untilTasks(3).then(() => drawn.push(status))),
      script: [approval, { atMs: 5000, test: () => drawn.push('approval') }],
    });
    expect(drawn.slice(-4)).toEqual(['awaitingLink', 'approval', 'fetchingToken', 'authenticated']);
  });

  it('that is loaded first starts at its moment, and is removed', async () => {
    const shown: string[] = [];
    const mount = async (auth: PlexAuth) => {
      await untilTimer();
      shown.push('shown');
      auth.start();
      return () => shown.push('removed');
    };
    const script = [{ atMs: 2000, app: 'reload' }, approval] as const;
    const drive = await drivePlexAuth({ start: false, mount, script });
    expect([drive.reachedAtMs('awaitingLink'), drive.view.status]).toEqual([0, 'authenticated']);
    expect(shown).toEqual(['shown', 'removed', 'shown', 'removed']);
  });

  it('that cannot be loaded ends the drive with its error', async () => {
    const mount = async () => {
      await untilTimer();
      throw new Error('no such screen');
    };
    await expect(drivePlexAuth({ mount, script: [approval] })).rejects.toThrow('no such screen');
  });

  it('whose removal fails ends the drive with its error', async () => {
    const mount = () => async () => {
      await untilTimer();
      throw new Error('it stays');
    };
    await expect(drivePlexAuth({ mount, untilMs: 10 })).rejects.toThrow('it stays');
    const loaded = async () => mount();
    await expect(drivePlexAuth({ mount: loaded, untilMs: 10 })).rejects.toThrow('it stays');
  });
});

describe('a move of the test', () => {
  it('that clicks in real time does so at its moment', async () => {
    const test = async ({ auth }: { auth: PlexAuth }) => {
      await untilTimer();
      auth.start();
    };
    const drive = await drivePlexAuth({ start: false, script: [{ atMs: 2000, test }, approval] });
    expect([drive.reachedAtMs('awaitingLink'), drive.reachedAtMs('authenticated')]).toEqual([2000, 5000]);
  });
});
