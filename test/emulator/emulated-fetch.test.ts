import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/index.ts';
import { makePin } from './ask-plex.ts';

const ping = 'https://plex.tv/api/v2/ping';

describe('fetch', () => {
  it('takes a string, a URL and a Request', async () => {
    const { fetch } = createPlexEmulator();
    for (const input of [ping, new URL(ping), new Request(ping)])
      expect((await fetch(input)).status).toBe(200);
  });

  it('rejects what no fetch takes', async () => {
    const { fetch } = createPlexEmulator();
    await expect(fetch('/relative')).rejects.toThrow(TypeError);
    await expect(fetch(ping, { method: 'GET', body: 'x' })).rejects.toThrow(TypeError);
    await expect(fetch(ping, { headers: { 'X-Plex-Product': 'Living 🛋' } })).rejects.toThrow(TypeError);
  });

  it('asks nothing with a signal that is aborted already', async () => {
    const emulator = createPlexEmulator();
    const signal = AbortSignal.abort('too late');
    await expect(emulator.fetch(ping, { signal })).rejects.toBe('too late');
    await expect(emulator.fetch(new Request(ping, { signal }))).rejects.toBe('too late');
    expect(emulator.requests).toEqual([]);
  });

  it('breaks a body that is not read yet when the client aborts', async () => {
    const abort = new AbortController();
    const response = await createPlexEmulator().fetch(ping, { signal: abort.signal });
    abort.abort(new Error('gave up'));
    await expect(response.text()).rejects.toThrow('gave up');
  });

  it('answers many requests at once', async () => {
    const emulator = createPlexEmulator();
    const pins = await Promise.all(Array.from({ length: 50 }, () => makePin(emulator)));
    expect(new Set(pins.map(({ id }) => id)).size).toBe(50);
    expect(emulator.pending).toBe(0);
  });
});
