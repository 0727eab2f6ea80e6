import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlexAuthError } from '../../../src/plex/client.ts';
import type { Fetch } from '../../../src/ports.ts';
import type { AnsweringFetch } from './answering-fetch.ts';
import { type CorpusEntry, corpus } from './corpus.ts';
import { faultInOutcome } from './documented.ts';
import { mutatedAnswer } from './mutated-answers.ts';
import { type Ending, outcomeAt, outcomeOf, requestTimeoutMs } from './outcome.ts';
import { isFullRun, runsOf } from './seed.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
const { stackTraceLimit } = Error;
beforeAll(() => {
  process.on('unhandledRejection', note);
  // Stacks of 100,000 errors, each mapped to its source, cost a third of the time.
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  process.off('unhandledRejection', note);
  Error.stackTraceLimit = stackTraceLimit;
});

/** Every end that a call is documented to have: a run in which one never came about proves nothing of it. */
const faults = ['PLEX_NETWORK', 'PLEX_TIMEOUT', 'PLEX_RATE_LIMITED', 'PLEX_HTTP', 'PLEX_BAD_REPLY'];
const ends = {
  getPin: ['pin', 'PLEX_CLIENT_MISMATCH', ...faults],
  getToken: ['pending', 'claimed', 'gone', 'PLEX_CLIENT_MISMATCH', ...faults],
  getUser: ['valid', 'rejected', 'PLEX_CLIENT_MISMATCH', ...faults],
  getServers: ['servers', 'PLEX_CLIENT_MISMATCH', ...faults],
  hasAccess: ['owner', 'member', 'none', 'rejected', 'PLEX_CLIENT_MISMATCH', ...faults],
  signOut: ['signedOut', 'rejected', 'PLEX_CLIENT_MISMATCH', ...faults],
  linkPin: ['linked', 'gone', 'rejected', 'PLEX_CLIENT_MISMATCH', ...faults],
  ping: ['pong', 'rejected', 'PLEX_CLIENT_MISMATCH', ...faults],
};
const allEnds = Object.entries(ends).flatMap(([operation, words]) =>
  words.map((word) => `${operation} ${word}`),
);

function wordOf(ending: Ending): string {
  if (ending.how === 'hang') return 'hang';
  if (ending.how === 'value' && Array.isArray(ending.value)) return 'servers';
  if (ending.how === 'value') return (ending.value as { status?: string }).status ?? 'pin';
  return ending.error instanceof PlexAuthError ? ending.error.code : 'another error';
}

describe('a mutated answer', () => {
  it('gives what is documented, or an error that says what was wrong', { timeout: 600_000 }, async () => {
    const prototype = Object.getOwnPropertyNames(Object.prototype);
    const counts = new Map<string, number>();
    const count = (word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
    const property = fc.asyncProperty(mutatedAnswer, async (answer) => {
      const outcome = await outcomeOf(answer);
      count(`${answer.operation} ${wordOf(outcome.ending)}`);
      const fault = faultInOutcome(answer, outcome);
      if (fault) throw new Error(fault);
    });
    await fc.assert(property, runsOf(100_000));
    console.info(
      [...counts]
        .sort()
        .map(([word, times]) => `${String(times).padStart(7)}  ${word}`)
        .join('\n'),
    );
    expect(unhandled).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
    expect({}).not.toHaveProperty('polluted');
    if (isFullRun) expect([...counts.keys()]).toEqual(expect.arrayContaining(allEnds));
  });
});

/** A network that gives one literal answer, in parts of 64 KB as sockets do. */
function toNetwork({ status, headers, body }: CorpusEntry): AnsweringFetch {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const seen = { asked: 0, readBytes: 0 };
  const fetch: Fetch = async () => {
    seen.asked += 1;
    let from = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (from >= bytes.length) return controller.close();
        const part = bytes.slice(from, from + 65_536);
        from += part.length;
        seen.readBytes += part.length;
        controller.enqueue(part);
      },
    });
    return new Response(stream, { status, headers: { 'content-type': 'application/json', ...headers } });
  };
  return {
    fetch,
    get asked() {
      return seen.asked;
    },
    get readBytes() {
      return seen.readBytes;
    },
  };
}

async function check(entry: CorpusEntry): Promise<void> {
  const { ending, readBytes } = await outcomeAt(entry.operation, toNetwork(entry));
  const got: Record<string, unknown> =
    ending.how === 'error'
      ? { ...(ending.error as object), message: (ending.error as Error).message }
      : { ...((ending as { value?: object }).value ?? ending) };
  // An error has no field for what is not known; the corpus writes that as undefined.
  const fields = Object.fromEntries(Object.keys(entry.expected).map((name) => [name, got[name]]));
  expect(fields).toEqual(entry.expected);
  expect(readBytes).toBeLessThan(1_200_000);
}

describe('the corpus', () => {
  it.each(corpus.map((entry) => [entry.name, entry] as const))('answers %s', (_name, entry) => check(entry));

  it('has a name of its own for each entry', () => {
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  });
});

describe('a body', () => {
  /** Of tags that begin and never end: a search that starts again at each takes a time that grows with the square. */
  const tags = '<error '.repeat(14_000);
  const entry: CorpusEntry = {
    name: 'tags',
    operation: 'getToken',
    status: 500,
    headers: { 'content-type': 'application/xml' },
    body: tags,
    expected: {},
  };

  it('of 100 KB of broken XML is understood in a moment', async () => {
    const startedMs = performance.now();
    await outcomeAt('getToken', toNetwork(entry));
    expect(performance.now() - startedMs).toBeLessThan(400);
  });

  it('without an end is left after 1 MB', async () => {
    const endless = { how: 'endless', size: 65_536 } as const;
    const one = {
      operation: 'getToken',
      base: 'pong',
      fieldEdits: [],
      byteEdits: [],
      status: 200,
      headers: [],
    } as const;
    const { ending, readBytes, tookTime } = await outcomeOf({ ...one, delivery: endless });
    expect(ending).toMatchObject({ how: 'error', error: { code: 'PLEX_BAD_REPLY' } });
    expect(String((ending as { error?: unknown }).error)).toContain('over 1 MB');
    expect(readBytes).toBeLessThan(1_200_000);
    expect(tookTime).toBe(false);
  });

  it('of empty parts without an end is left after the time-out', async () => {
    const one = {
      operation: 'getToken',
      base: 'pong',
      fieldEdits: [],
      byteEdits: [],
      status: 200,
      headers: [],
    } as const;
    const { ending } = await outcomeOf({ ...one, delivery: { how: 'endlessEmpty' } });
    expect(ending).toMatchObject({
      error: { code: 'PLEX_TIMEOUT', message: `Plex did not answer within ${requestTimeoutMs} ms` },
    });
  });
});
