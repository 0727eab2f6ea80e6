import { describe, expect, it } from 'vitest';
import { createInspectedFetch } from '../../src/inspect/inspected-fetch.ts';
import type { InspectedRequest } from '../../src/inspect/message.ts';
import type { Fetch } from '../../src/ports.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

/** A fetch, what it reports, and a clock that a test sets. */
function inspected(fetch: Fetch, tellMore: () => void = () => {}) {
  const reported: InspectedRequest[] = [];
  const time = { ms: 0 };
  const inspectedFetch = createInspectedFetch({
    fetch,
    now: () => time.ms,
    report(request) {
      reported.push(request);
      tellMore();
    },
    contain(watch) {
      try {
        watch();
      } catch {}
    },
  });
  return { fetch: inspectedFetch, reported, time };
}

const ok: Fetch = async () => new Response('body');

describe('a request', () => {
  it('is passed on as it is, and its answer is the same object', async () => {
    const answer = new Response('body', { status: 201 });
    const calls: unknown[][] = [];
    const { fetch } = inspected(async (...call) => {
      calls.push(call);
      return answer;
    });
    const init = { method: 'POST', headers: { a: 'b' }, body: 'x', signal: new AbortController().signal };
    const url = new URL('https://plex/x');
    expect(await fetch(url, init)).toBe(answer);
    expect([calls.length, calls[0]?.[0], calls[0]?.[1]]).toEqual([1, url, init]);
    expect([calls[0]?.[0] === url, calls[0]?.[1] === init, answer.bodyUsed]).toEqual([true, true, false]);
  });

  it('rejects with the same error', async () => {
    const error = new TypeError('fetch failed');
    const { fetch, reported } = inspected(() => Promise.reject(error));
    await expect(fetch('https://plex/x')).rejects.toBe(error);
    expect(reported.at(-1)).toEqual({
      type: 'GET /x',
      number: 1,
      method: 'GET',
      path: '/x',
      fault: 'TypeError',
      durationMs: 0,
    });
  });

  it('is aborted by its own signal, with its own reason', async () => {
    const { fetch, reported } = inspected(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
        }),
    );
    const controller = new AbortController();
    const answer = fetch('https://plex/x', { signal: controller.signal });
    controller.abort();
    await expect(answer).rejects.toBe(controller.signal.reason);
    expect(reported.at(-1)?.fault).toBe('AbortError');
  });

  it('that fails unnoticed is still reported by the platform', async () => {
    const rejections: unknown[] = [];
    const listeners = process.rawListeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => rejections.push(reason));
    const error = new TypeError('unnoticed');
    void inspected(() => Promise.reject(error)).fetch('https://plex/x');
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener as () => void);
    expect(rejections).toEqual([error]);
  });

  it('is reported when it goes out, and again with its status and how long that took', async () => {
    let send = (_answer: Response) => {};
    const { fetch, reported, time } = inspected(() => new Promise((resolve) => (send = resolve)));
    const answer = fetch('https://plex/x', { method: 'put' });
    const request = { number: 1, method: 'PUT', path: '/x' };
    expect(reported).toEqual([{ type: 'PUT /x', ...request }]);
    time.ms = 250;
    send(new Response(null, { status: 204 }));
    await answer;
    expect(reported[1]).toEqual({ type: '204 PUT /x', ...request, status: 204, durationMs: 250 });
  });

  it('is counted from 1, each by its own number', async () => {
    const { fetch, reported } = inspected(ok);
    await Promise.all([fetch('https://plex/a'), fetch('https://plex/b')]);
    expect(reported.map(({ number, path }) => `${number} ${path}`)).toEqual(['1 /a', '2 /b', '1 /a', '2 /b']);
  });

  it('goes out whatever comes of telling it', async () => {
    const { fetch } = inspected(ok, () => expect.fail());
    expect(await (await fetch('https://plex/x')).text()).toBe('body');
    const odd = { toString: () => 'https://plex/x' } as unknown as string;
    expect(await (await inspected(ok).fetch(odd)).text()).toBe('body');
    expect(await inspected(async () => undefined as never).fetch('no url at all', null as never)).toBe(
      undefined,
    );
  });

  it('leaves nothing to be caught', async () => {
    const uncaught = await uncaughtIn(() => inspected(ok, () => expect.fail()).fetch('https://plex/x'));
    expect(uncaught).toEqual([]);
  });
});

describe('what is reported about a request', () => {
  it.each([
    ['https://plex.tv/api/v2/pins?strong=true', '/api/v2/pins'],
    ['https://plex.tv/api/v2/pins/700000123', '/api/v2/pins/{pinID}'],
    ['https://plex.tv/api/v2/pins/700000123?X-Plex-Token=abc#abc', '/api/v2/pins/{pinID}'],
    ['https://plex.tv/api/v2/pins/link', '/api/v2/pins/link'],
    ['https://plex.tv/api/v2/pins/qr/AB3K', '/api/v2/pins/qr/{code}'],
    ['https://user:word@plex.lan/pins/1/x', '/pins/{pinID}/x'],
    ['/api/v2/pins/7', '/api/v2/pins/{pinID}'],
  ])('holds neither host nor query nor PIN: %s', async (url, path) => {
    for (const input of [url, ...(url.startsWith('https:') ? [new URL(url)] : [])]) {
      const { fetch, reported } = inspected(ok);
      await fetch(input);
      expect(reported[0]).toEqual({ type: `GET ${path}`, number: 1, method: 'GET', path });
    }
  });

  it('is the same of a Request', async () => {
    const { fetch, reported } = inspected(ok);
    await fetch(new Request('https://plex.tv/api/v2/users/signout', { method: 'DELETE' }));
    expect(reported[0]?.type).toBe('DELETE /api/v2/users/signout');
  });

  it('holds no header, no body, and no error but its name, where that is one', async () => {
    const secret = 'Xtok-canary-5Qz81xWv';
    for (const error of [
      Object.assign(new Error(secret), { name: secret, code: secret }),
      new Error(secret, { cause: new Error(secret) }),
      secret,
      { secret },
    ]) {
      const { fetch, reported } = inspected(() => Promise.reject(error));
      const init = { method: 'POST', body: secret, headers: { 'X-Plex-Token': secret } };
      await fetch(`https://plex.tv/x?t=${secret}`, init).catch(() => {});
      expect(reported[1]?.fault).toBe('Error');
      expect(JSON.stringify(reported)).not.toContain(secret);
    }
  });
});
