import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin, readToken } from './ask-plex.ts';

const asUser = (token: string): RequestInit => ({ headers: { 'X-Plex-Token': token } });

async function statusOf(emulator: PlexEmulator, token: string): Promise<number> {
  return (await askPlex(emulator, 'GET /api/v2/user', asUser(token))).status;
}

describe('the user', () => {
  it('approves, and the PIN shows a valid token of 20 characters', async () => {
    const emulator = createPlexEmulator();
    const pin = await makePin(emulator);
    expect(await readToken(emulator, pin)).toBe(null);
    const token = emulator.link(pin.code);
    expect(token).toMatch(/^[\w-]{20}$/);
    expect(await readToken(emulator, pin)).toBe(token);
    expect(await readToken(emulator, pin)).toBe(token);
    expect(await statusOf(emulator, token)).toBe(200);
  });

  it('declines, which looks like waiting until the PIN expires', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock, approveAfterMs: 60_000 });
    const pin = await makePin(emulator);
    emulator.deny(pin.code);
    await advance(1_799_999);
    expect(await readToken(emulator, pin)).toBe(null);
    expect(emulator.pins[0]?.state).toBe('denied');
    await advance(1);
    expect(await readToken(emulator, pin)).toBe(undefined);
    expect(emulator.pins[0]?.state).toBe('expired');
  });

  it('cannot decide twice, or on an unknown code', async () => {
    const emulator = createPlexEmulator();
    const pin = await makePin(emulator);
    emulator.link(pin.code);
    expect(() => emulator.link(pin.code)).toThrow('is linked already');
    expect(() => emulator.deny(pin.code)).toThrow('is linked already');
    expect(() => emulator.link('QQQQ')).toThrow('link: no live PIN has the code QQQQ');
    expect(() => emulator.deny('QQQQ')).toThrow('deny: no live PIN has the code QQQQ');
    emulator.expire(pin.id);
    expect(() => emulator.link(pin.code)).toThrow('no live PIN');
    expect(() => emulator.expire(1)).toThrow('no PIN with the id 1');
  });

  it('loses a PIN that expires early', async () => {
    const emulator = createPlexEmulator();
    const pin = await makePin(emulator);
    emulator.link(pin.code);
    emulator.expire(pin.id);
    expect(await readToken(emulator, pin)).toBe(undefined);
  });

  it('can expire a PIN soon, and its answers count down to it', async () => {
    const { clock, advance } = createVirtualTime(0);
    const emulator = createPlexEmulator({ clock });
    const pin = await makePin(emulator);
    const read = async () => (await askPlex(emulator, `GET /api/v2/pins/${pin.id}`)).json;
    emulator.expire(pin.id, { inMs: 4_000 });
    expect((await read()).expiresIn).toBe(4);
    await advance(3_999);
    expect(await read()).toMatchObject({ expiresIn: 0, expiresAt: '1970-01-01T00:00:04Z' });
    expect(emulator.pins[0]).toMatchObject({ state: 'waiting', expiresAtMs: 4_000 });
    await advance(1);
    expect((await read()).errors[0]?.code).toBe(1020);
    expect(emulator.pins[0]?.state).toBe('expired');
  });

  it('never makes a PIN live longer than its lifetime', async () => {
    const { clock } = createVirtualTime(0);
    const emulator = createPlexEmulator({ clock, lifetimeMs: { strong: 10_000 } });
    const pin = await makePin(emulator);
    emulator.expire(pin.id, { inMs: 10_001 });
    expect(emulator.pins[0]?.expiresAtMs).toBe(10_000);
    emulator.expire(pin.id, {});
    emulator.expire(pin.id, { inMs: 5_000 });
    expect(emulator.pins[0]).toMatchObject({ state: 'expired', expiresAtMs: 0 });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5' as never, null as never])(
    'cannot expire a PIN in %s ms',
    async (inMs) => {
      const emulator = createPlexEmulator();
      const { id } = await makePin(emulator);
      expect(() => emulator.expire(id, { inMs })).toThrow(
        new TypeError('plex-auth-flow: inMs must be a number from 0'),
      );
      expect(emulator.pins[0]?.state).toBe('waiting');
    },
  );
});

describe('approveAfterMs', () => {
  it('approves each PIN that long after it was made, without a timer', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock, approveAfterMs: 5_000 });
    const first = await makePin(emulator);
    await time.advance(4_000);
    const second = await makePin(emulator, { headers: { 'X-Plex-Client-Identifier': 'other' } });
    await time.advance(999);
    expect(emulator.pins.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await time.advance(1);
    expect(emulator.pins.map(({ state }) => state)).toEqual(['linked', 'waiting']);
    expect(await readToken(emulator, first)).toEqual(expect.any(String));
    await time.advance(4_000);
    expect(emulator.pins.map(({ id, state }) => [id, state])).toEqual([
      [first.id, 'linked'],
      [second.id, 'linked'],
    ]);
    expect(time.timers).toBe(0);
  });

  it('does not approve a PIN that has expired, so the earlier token stays valid', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock, approveAfterMs: 2_000 });
    const token = emulator.link((await makePin(emulator)).code);
    const pin = await makePin(emulator);
    await advance(1_000);
    emulator.expire(pin.id);
    await advance(2_000);
    expect(emulator.pins[1]?.state).toBe('expired');
    expect(await readToken(emulator, pin)).toBe(undefined);
    expect(await statusOf(emulator, token)).toBe(200);
  });
});

describe('the token', () => {
  it('shows only after the lag, but is valid from the approval on', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock, tokenLagMs: 2_000 });
    const pin = await makePin(emulator);
    const token = emulator.link(pin.code);
    expect(await statusOf(emulator, token)).toBe(200);
    await advance(1_999);
    expect(await readToken(emulator, pin)).toBe(null);
    await advance(1);
    expect(await readToken(emulator, pin)).toBe(token);
  });

  it('can be read once only, with readOnce', async () => {
    const emulator = createPlexEmulator({ readOnce: true });
    const pin = await makePin(emulator);
    expect(await readToken(emulator, pin)).toBe(null);
    const token = emulator.link(pin.code);
    expect(await readToken(emulator, pin)).toBe(token);
    expect(await readToken(emulator, pin)).toBe(undefined);
    expect(await statusOf(emulator, token)).toBe(200);
  });

  it('counts as unread, with readOnce, where a fault destroyed the answer', async () => {
    const emulator = createPlexEmulator({ readOnce: true });
    const pin = await makePin(emulator);
    const token = emulator.link(pin.code);
    emulator.fault({ type: 'reset' });
    emulator.fault({ type: 'truncated' });
    await expect(readToken(emulator, pin)).rejects.toThrow('fetch failed');
    await expect(readToken(emulator, pin)).rejects.toThrow('terminated');
    expect(await readToken(emulator, pin)).toBe(token);
    expect(await readToken(emulator, pin)).toBe(undefined);
  });

  it('is revoked when the same client’s next PIN is linked, even if nobody reads the new one', async () => {
    const emulator = createPlexEmulator();
    const first = emulator.link((await makePin(emulator)).code);
    const other = emulator.link(
      (await makePin(emulator, { headers: { 'X-Plex-Client-Identifier': 'other' } })).code,
    );
    const next = await makePin(emulator);
    expect(await statusOf(emulator, first)).toBe(200);
    emulator.link(next.code);
    expect(await statusOf(emulator, first)).toBe(401);
    expect(await statusOf(emulator, other)).toBe(200);
  });

  it('is revoked on sign-out', async () => {
    const emulator = createPlexEmulator();
    const token = emulator.link((await makePin(emulator)).code);
    expect((await askPlex(emulator, 'DELETE /api/v2/users/signout', asUser(token))).status).toBe(204);
    for (const call of ['GET /api/v2/user', 'DELETE /api/v2/users/signout', 'GET /api/v2/ping']) {
      const { status, json } = await askPlex(emulator, call, asUser(token));
      expect([status, json.errors[0]?.code]).toEqual([401, 1001]);
    }
  });
});

describe('linkPin', () => {
  async function linkByForm(emulator: PlexEmulator, code: string, token: string) {
    const body = new URLSearchParams(code ? { code } : {});
    return askPlex(emulator, 'PUT /api/v2/pins/link', { body, ...asUser(token) });
  }

  it('links a PIN, strong or short, for the signed-in user', async () => {
    const emulator = createPlexEmulator();
    const short = (await askPlex(emulator, 'POST /api/v2/pins')).json;
    for (const [pin, code] of [[await makePin(emulator)], [short, short.code.toLowerCase()]] as const) {
      expect((await linkByForm(emulator, code ?? pin.code, emulator.accountToken)).status).toBe(204);
      expect(await readToken(emulator, pin)).toEqual(expect.any(String));
    }
  });

  it('refuses an unknown, spent, declined or missing code, and a bad token', async () => {
    const emulator = createPlexEmulator();
    const [spent, declined, waiting] = [
      await makePin(emulator),
      await makePin(emulator),
      await makePin(emulator),
    ];
    emulator.link(spent.code);
    emulator.deny(declined.code);
    const refused = async (code: string, token = emulator.accountToken) => {
      const { status, json } = await linkByForm(emulator, code, token);
      return [status, json.errors[0]?.code];
    };
    expect(await refused('QQQQ')).toEqual([404, 1020]);
    expect(await refused(spent.code)).toEqual([404, 1020]);
    expect(await refused(declined.code)).toEqual([404, 1020]);
    expect(await refused('')).toEqual([400, 1004]);
    expect(await refused(waiting.code, 'wrong')).toEqual([401, 1001]);
    expect(await refused(waiting.code, '')).toEqual([401, 1001]);
  });
});
