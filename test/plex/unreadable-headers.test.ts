import { describe, expect, it } from 'vitest';
import { createPlexClient, type Fetch, type PlexPinReading } from '../../src/plex/client.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { errorIn, goodPin, stalled } from './answering-client.ts';

const claimed = JSON.stringify({ ...goodPin, authToken: 'canary' });

const unreadable: [string, () => unknown][] = [
  [
    'get() throws',
    () => ({
      get() {
        throw new Error('no headers');
      },
    }),
  ],
  ['get() gives a Symbol', () => ({ get: () => Symbol('text/html') })],
  ['a plain object holds a Symbol', () => ({ 'content-type': Symbol('text/html') })],
  [
    'iterating throws',
    () => ({
      [Symbol.iterator]() {
        throw new Error('no headers');
      },
    }),
  ],
];

/** A client whose fetch gives a body that starts and never ends. */
function createStage(start: string, headers: unknown, status: () => number = () => 200) {
  const time = createVirtualTime();
  const response = {
    get status() {
      return status();
    },
    headers,
    body: stalled(start),
  };
  const fetch = (async () => response) as unknown as Fetch;
  return { time, client: createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch }) };
}

/** An answer is read in timers and listeners too, where an error would have nobody to catch it. */
describe('headers that cannot be read', () => {
  it.each(unreadable)('count as absent where an answer breaks off: %s', async (_name, makeHeaders) => {
    const { time, client } = createStage('{"id":1', makeHeaders());
    const error = errorIn(client.getToken({ pinID: 7 }));
    await time.advance(15_000);
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
  });

  it.each(unreadable)('lose no token at the time limit: %s', async (_name, makeHeaders) => {
    const { time, client } = createStage(claimed, makeHeaders());
    const reading = client.getToken({ pinID: 7 });
    await time.advance(15_000);
    expect(await reading).toHaveProperty('status', 'claimed');
  });

  it.each(unreadable)('do not keep an abort from ending a call: %s', async (_name, makeHeaders) => {
    const { time, client } = createStage('{"id":1', makeHeaders());
    const abort = new AbortController();
    const outcome = client.ping({ signal: abort.signal }).catch((error: unknown) => error);
    await time.advance(100);
    abort.abort('enough');
    expect(await outcome).toBe('enough');
  });

  it('is no matter for a status that can be read only once more', async () => {
    let reads = 0;
    const { time, client } = createStage('{"id":1', {}, () => {
      if (time.clock.now() > startMs) throw new Error('no status');
      reads += 1;
      return 200;
    });
    const startMs = time.clock.now();
    const error = errorIn(client.getPin());
    await time.advance(15_000);
    expect(await error).toHaveProperty('code', 'PLEX_TIMEOUT');
    expect(reads).toBeGreaterThan(0);
  });
});

describe('the headers of an answer in many parts', () => {
  it('are read once', async () => {
    const time = createVirtualTime();
    const names: string[] = [];
    const headers = {
      get(name: string) {
        names.push(name);
        return '';
      },
    };
    let send = (_part: string) => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = (part) => controller.enqueue(new TextEncoder().encode(part));
      },
    });
    const fetch = (async () => ({ status: 200, headers, body })) as unknown as Fetch;
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch });
    const late: PlexPinReading[] = [];
    const error = errorIn(client.getToken({ pinID: 7, onLate: (reading) => void late.push(reading) }));
    await time.advance(15_000);
    await error;
    for (const part of claimed) {
      send(part);
      await time.advance(10);
    }
    expect(late).toHaveLength(1);
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  });
});
