/** The commands that use the stored sign-in: `plex-auth whoami`, `token` and `logout`. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useProgramWorld } from '../program-world.ts';

const world = useProgramWorld();

describe('whoami', () => {
  it('prints the user, for people and as JSON', async () => {
    await world.signIn();
    expect(await world.finish(['whoami'])).toEqual({
      code: 0,
      stdout: 'Name:         emulated\nEmail:        emulated@example.com\nSubscription: active, lifetime\n',
      stderr: '',
    });
    const { code, stdout } = await world.finish(['whoami', '--json', ...world.atEmulator()]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { username: 'emulated' }]);
  });

  it('ends with 3 where nobody is signed in', async () => {
    const stderr = 'plex-auth-flow: Not signed in: run npx plex-auth-flow login\n';
    expect(await world.finish(['whoami'])).toEqual({ code: 3, stdout: '', stderr });
  });

  it('ends with 3 where Plex refuses the token, and forgets it', async () => {
    await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const { code, stderr } = await world.finish(['whoami']);
    expect([code, stderr]).toEqual([
      3,
      'plex-auth-flow: Plex no longer accepts the stored token: run npx plex-auth-flow login\n',
    ]);
    expect((await world.finish(['token'])).code).toBe(3);
  });

  it('ends with 4 in an outage, and keeps the token', async () => {
    const { token } = await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    const { code, stderr } = await world.finish(['whoami']);
    expect([code, stderr]).toEqual([
      4,
      'plex-auth-flow: Plex answered getUser with status 503 (PLEX_HTTP)\n',
    ]);
    expect((await world.finish(['token'])).stdout).toBe(`${token}\n`);
  });

  it('adds the stack only where it is asked for', async () => {
    await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    const { stderr } = await world.finish(['whoami'], { DEBUG: 'plex-auth-flow' });
    expect(stderr).toMatch(/\n\s+at /);
  });
});

describe('token', () => {
  it('prints the token alone', async () => {
    const { token } = await world.signIn();
    expect(await world.finish(['token'])).toEqual({ code: 0, stdout: `${token}\n`, stderr: '' });
  });

  it('ends with 3 where nobody is signed in', async () => {
    expect(await world.finish(['token'])).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('logout', () => {
  it('revokes the token and forgets it', async () => {
    await world.signIn();
    expect(await world.finish(['logout'])).toEqual({ code: 0, stdout: 'Signed out\n', stderr: '' });
    expect(readdirSync(world.folder)).toEqual(['state.json']);
    expect(world.served.emulator.requests.at(-1)).toMatchObject({ operation: 'signOut', status: 204 });
    expect((await world.finish(['logout'])).code).toBe(0);
  });

  it('forgets the token in an outage, and says what is left to do', async () => {
    await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 503 }, { operation: 'signOut' });
    const { code, stderr } = await world.finish(['logout']);
    expect(code).toBe(4);
    expect(stderr).toContain(`the token is removed here but could not be revoked at ${world.served.url}\n`);
    expect(readdirSync(world.folder)).toEqual(['state.json']);
  });
});
