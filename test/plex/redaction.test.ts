import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  broken,
  createClient,
  createClientWith,
  errorIn,
  json,
  text,
} from './answering-client.ts';

describe('what an error shows', () => {
  const token = 'canary-token';
  const code = 'canary-code';
  const options = { clientIdentifier: 'tv', product: 'Sofa 🛋️', device: { deviceName: 'canary-name é' } };

  /** Throws what HTTP libraries throw: an error with the request in it, headers, address and all. */
  const tellAll: Answer = (asked) => {
    const words = `request to ${asked.origin}${asked.path} failed, X-Plex-Token: ${asked.headers['x-plex-token'] ?? ''}`;
    const error = Object.assign(new TypeError(words), {
      code: 'ECONNRESET',
      config: asked,
      request: { ...asked, url: `?X-Plex-Token=${token}` },
      response: { headers: asked.headers },
    });
    throw error;
  };

  it.each<[string, Answer]>([
    ['a fetch that puts its request into what it throws', tellAll],
    [
      'a fetch that does so in the cause',
      (asked, signal) => {
        try {
          return tellAll(asked, signal);
        } catch (cause) {
          throw new TypeError('fetch failed', { cause });
        }
      },
    ],
    [
      'an envelope that repeats the request',
      () => json(400, { errors: [{ code: 1004, message: `bad ${code} ${token}`, status: 400 }] }),
    ],
    ['a page that repeats it', () => text(500, `<html>${token} ${code}</html>`, 'text/html')],
    ['JSON that repeats it', () => json(200, { id: `${token} ${code}`, code, authToken: [token] })],
    ['a text that repeats it', () => text(200, `${token} ${code}`, 'text/plain')],
    ['a body that breaks off', () => new Response(broken(`{"authToken":"${token}","code":"${code}`))],
  ])('is no secret and no query: %s', async (_name, answer) => {
    const { client } = createClientWith(options, answer);
    const faults = await Promise.all([
      errorIn(client.getPin()),
      errorIn(client.getToken({ pinID: 7 })),
      errorIn(client.getUser({ token })),
    ]);
    for (const fault of faults) {
      const shown = [
        fault.message,
        fault.stack,
        inspect(fault, { depth: 20, showHidden: true }),
        JSON.stringify(fault),
        JSON.stringify(fault.cause),
      ].join('\n');
      expect(shown).not.toContain(token);
      expect(shown).not.toContain(code);
      expect(shown).not.toContain('canary-name');
      expect(fault.message).not.toMatch(/[?&]|X-Plex/);
    }
  });

  it('keeps of a cause its name and code', async () => {
    const { client } = createClient(tellAll);
    const fault = await errorIn(client.getPin());
    expect(Object.keys(fault.cause as object).sort()).toEqual(['code', 'name']);
    expect(fault.cause).toMatchObject({ name: 'TypeError', code: 'ECONNRESET' });
  });

  it.each<[string, unknown]>([
    ['a text', 'boom'],
    ['nothing', undefined],
    ['null', null],
    ['an object', { boom: true }],
  ])('has a name even where the fetch throws %s', async (_name, thrown) => {
    const { client } = createClient(() => {
      throw thrown;
    });
    expect(await errorIn(client.getPin())).toMatchObject({ code: 'PLEX_NETWORK', retryable: true });
  });

  it('is no token that no header can carry', async () => {
    const { client, asked } = createClient();
    const outcome = await client.getUser({ token: 'canary\ntoken' }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Error);
    expect(inspect(outcome, { depth: 20, showHidden: true })).not.toContain('canary');
    expect(asked).toEqual([]);
  });
});
