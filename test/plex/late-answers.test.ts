import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createPlexClient, type PlexPinReading } from '../../src/plex/client.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { errorIn, goodPin, json, refused, text } from './answering-client.ts';

const claimed = { ...goodPin, authToken: 'canary' };
const minuteMs = 60_000;

/** A request that is out until the test answers it or its client aborts it. */
interface Request {
  answer(response: Response): void;
  fail(): void;
  isAborted(): boolean;
}

function createStage() {
  const time = createVirtualTime();
  const requests: Request[] = [];
  let sleptMs = 0;
  const client = createPlexClient({
    clientIdentifier: 'tv',
    serverURL: 'https://pins.example/v2',
    clock: { ...time.clock, now: () => time.clock.now() + sleptMs },
    requestTimeoutMs: 1000,
    fetch: (_url, init) =>
      new Promise((answer, reject) => {
        const signal = init?.signal;
        signal?.addEventListener('abort', () => reject(signal.reason));
        const fail = () => reject(new TypeError('fetch failed'));
        requests.push({ answer, fail, isAborted: () => signal?.aborted === true });
      }),
  });
  const late: PlexPinReading[] = [];
  const onLate = (reading: PlexPinReading) => void late.push(reading);
  /** Reads until the time limit has passed. */
  const readTooLong = async (call: Partial<Parameters<typeof client.getToken>[0]> = {}) => {
    const error = errorIn(client.getToken({ pinID: 7, onLate, ...call }));
    await time.advance(1000);
    return error;
  };
  const sleep = (ms: number) => {
    sleptMs += ms;
  };
  return { time, requests, client, late, readTooLong, sleep };
}

/** Gives a body in parts. */
function createBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
  });
  const send = (part: string) => controller?.enqueue(new TextEncoder().encode(part));
  return { response: new Response(body), send };
}

/** Plex may hand out a token only once, so the answer that took too long may hold the only one. */
describe('an answer after the time limit', () => {
  it('goes to onLate, once the call has rejected at the limit', async () => {
    const { time, requests, late, readTooLong } = createStage();
    expect(await readTooLong()).toHaveProperty('code', 'PLEX_TIMEOUT');
    expect(requests[0]?.isAborted()).toBe(false);
    await time.advance(minuteMs);
    requests[0]?.answer(json(200, claimed));
    await time.advance(0);
    expect(late).toMatchObject([{ status: 'claimed', atMs: time.clock.now() }]);
    expect(time.timers).toBe(0);
  });

  it.each<[string, Response, object]>([
    ['not yet', json(200, goodPin), { status: 'pending', tookMs: 1500 }],
    ['gone', refused(404, 1020), { status: 'gone' }],
  ])('may also say %s', async (_name, response, expected) => {
    const { time, requests, late, readTooLong } = createStage();
    await readTooLong();
    await time.advance(500);
    requests[0]?.answer(response);
    await time.advance(0);
    expect(late).toMatchObject([expected]);
  });

  it.each<[string, (request: Request) => void]>([
    ['an error', (request) => request.answer(refused(500, undefined))],
    ['a web page', (request) => request.answer(text(200, '<html></html>', 'text/html'))],
    ['a broken connection', (request) => request.fail()],
  ])('is dropped where it is %s', async (_name, answer) => {
    const { time, requests, late, readTooLong } = createStage();
    await readTooLong();
    for (const request of requests) answer(request);
    await time.advance(10 * minuteMs);
    expect(late).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('counts as soon as it is complete, and once', async () => {
    const { time, requests, late, readTooLong } = createStage();
    const { response, send } = createBody();
    const whole = JSON.stringify(claimed);
    const error = readTooLong();
    requests[0]?.answer(response);
    send(whole.slice(0, 20));
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
    send(whole.slice(20));
    await time.advance(0);
    send(' ');
    await time.advance(10 * minuteMs);
    expect(late).toMatchObject([{ status: 'claimed' }]);
    expect(requests[0]?.isAborted()).toBe(true);
  });

  it('counts where it is in memory as the caller aborts', async () => {
    const { time, requests, late, readTooLong } = createStage();
    const abort = new AbortController();
    const { response, send } = createBody();
    const error = readTooLong({ signal: abort.signal });
    requests[0]?.answer(response);
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
    send(JSON.stringify(claimed));
    abort.abort();
    expect(time.timers).toBe(0);
    await time.advance(0);
    expect(late).toMatchObject([{ status: 'claimed' }]);
  });

  it('counts where the caller aborts and the fetch in use ignores it', async () => {
    const time = createVirtualTime();
    let answer: (response: Response) => void = () => {};
    const fetch = () =>
      new Promise<Response>((resolve) => {
        answer = resolve;
      });
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch });
    const late: PlexPinReading[] = [];
    const onLate = (reading: PlexPinReading) => void late.push(reading);
    const abort = new AbortController();
    const error = errorIn(client.getToken({ pinID: 7, signal: abort.signal, onLate }));
    await time.advance(15_000);
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
    abort.abort();
    expect(time.timers).toBe(0);
    await time.advance(1000);
    answer(json(200, claimed));
    await time.advance(0);
    expect(late).toMatchObject([{ status: 'claimed' }]);
  });

  it('is not waited for without onLate', async () => {
    const { time, requests, readTooLong } = createStage();
    expect(await readTooLong({ onLate: undefined })).toHaveProperty('code', 'PLEX_TIMEOUT');
    expect(requests[0]?.isAborted()).toBe(true);
    expect(time.timers).toBe(0);
  });

  it('is not late where it is here at the limit', async () => {
    const { time, requests, client, late } = createStage();
    const { response, send } = createBody();
    const reading = client.getToken({ pinID: 7, onLate: (one) => late.push(one) });
    requests[0]?.answer(response);
    send(JSON.stringify(claimed));
    await time.advance(1000);
    expect(await reading).toHaveProperty('status', 'claimed');
    await time.advance(10 * minuteMs);
    expect(late).toEqual([]);
    expect(requests[0]?.isAborted()).toBe(true);
  });

  it('is waited for five minutes more', async () => {
    const { time, requests, late, readTooLong } = createStage();
    await readTooLong();
    await time.advance(5 * minuteMs - 1);
    expect(requests[0]?.isAborted()).toBe(false);
    await time.advance(1);
    expect(requests[0]?.isAborted()).toBe(true);
    expect(late).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('is waited for in two requests of a client: the oldest ends for a third', async () => {
    const { time, requests, late, readTooLong } = createStage();
    for (const _turn of [1, 2, 3]) await readTooLong();
    // An answer that is here already, after a sleep of the process, is read first.
    expect(requests.map((request) => request.isAborted())).toEqual([false, false, false]);
    await time.advance(100);
    expect(requests.map((request) => request.isAborted())).toEqual([true, false, false]);
    requests[2]?.answer(json(200, claimed));
    await time.advance(0);
    requests[1]?.answer(json(200, goodPin));
    await time.advance(0);
    expect(late.map(({ status }) => status)).toEqual(['claimed', 'pending']);
  });

  it('is waited for again where the process sleeps before the oldest ends', async () => {
    const { time, requests, readTooLong, sleep } = createStage();
    for (const _turn of [1, 2, 3]) await readTooLong();
    sleep(60_000);
    await time.advance(100);
    expect(requests[0]?.isAborted()).toBe(false);
    await time.advance(100);
    expect(requests.map((request) => request.isAborted())).toEqual([true, false, false]);
  });

  it('is not waited for once the signal of the call is aborted', async () => {
    const { time, requests, readTooLong } = createStage();
    const abort = new AbortController();
    await readTooLong({ signal: abort.signal });
    abort.abort();
    expect(requests[0]?.isAborted()).toBe(true);
    expect(time.timers).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });

  it.each<[string, () => Response]>([
    ['is whole', () => json(200, claimed)],
    [
      'never ends',
      () => {
        const { response, send } = createBody();
        send(JSON.stringify(claimed));
        return response;
      },
    ],
  ])(
    'goes to onLate where the fetch in use ignores aborts and the answer %s, without a timer',
    async (_name, makeResponse) => {
      const time = createVirtualTime();
      let answer: (response: Response) => void = () => {};
      const client = createPlexClient({
        clientIdentifier: 'tv',
        clock: time.clock,
        fetch: () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      });
      const late: PlexPinReading[] = [];
      const abort = new AbortController();
      const error = client
        .getToken({ pinID: 7, signal: abort.signal, onLate: (reading) => late.push(reading) })
        .catch((reason) => reason);
      await time.advance(0);
      abort.abort();
      await time.advance(0);
      expect(await error).toHaveProperty('name', 'AbortError');
      expect(time.timers).toBe(0);
      answer(makeResponse());
      await time.advance(0);
      expect(late).toMatchObject([{ status: 'claimed' }]);
    },
  );

  it('disturbs nobody where onLate throws, and is reported as the error of a listener is', async () => {
    const { time, requests, readTooLong } = createStage();
    const reported = new Promise((resolve) => process.once('uncaughtException', resolve));
    await readTooLong({
      onLate: () => {
        throw new Error('late');
      },
    });
    requests[0]?.answer(json(200, claimed));
    await time.advance(0);
    expect(await reported).toMatchObject({ message: 'late' });
  });

  it('is asked for with a function only', async () => {
    const { client } = createStage();
    const call = client.getToken({ pinID: 7, onLate: 'often' as never });
    await expect(call).rejects.toThrow(new TypeError('plex-auth-flow: onLate must be a function'));
  });

  it('leaves the other host to the next request', async () => {
    const time = createVirtualTime();
    const origins: string[] = [];
    const client = createPlexClient({
      clientIdentifier: 'tv',
      clock: time.clock,
      fetch: async (url) => {
        origins.push(new URL(`${url}`).origin);
        return origins.length === 1 ? new Promise<Response>(() => {}) : json(200, goodPin);
      },
    });
    const error = errorIn(client.getToken({ pinID: 7, onLate() {} }));
    await time.advance(15_000);
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
    await client.getToken({ pinID: 7 });
    expect(origins).toEqual(['https://clients.plex.tv', 'https://plex.tv']);
  });
});
