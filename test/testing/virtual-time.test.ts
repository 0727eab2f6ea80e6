import { mock } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';

/** Virtual time from 0, and a journal of what ran when. */
function createJournal() {
  const time = createVirtualTime(0);
  const { clock, advance } = time;
  const lines: string[] = [];
  const note = (what: string) => lines.push(`${what} at ${clock.now()}`);
  const noteAfter = (what: string, ms: number) => clock.setTimeout(() => note(what), ms);
  return { time, clock, advance, lines, note, noteAfter };
}

describe('the clock', () => {
  it('starts with the year 2026', () => {
    expect(createVirtualTime().clock.now()).toBe(Date.parse('2026-01-01T00:00:00Z'));
  });

  it('starts at startMs', () => {
    expect(createVirtualTime(1234).clock.now()).toBe(1234);
  });

  it('stands still until it is moved', async () => {
    const { clock } = createVirtualTime(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(0);
  });

  it('moves by as much as it is advanced, with or without timers', async () => {
    const { clock, advance } = createVirtualTime(0);
    await advance(700);
    await advance(0.5);
    expect(clock.now()).toBe(700.5);
  });

  it('never goes back, where a test advances it twice at once', async () => {
    const { clock, advance } = createVirtualTime(0);
    await Promise.all([advance(700), advance(300)]);
    expect(clock.now()).toBe(700);
  });

  it('is independent of another virtual time', async () => {
    const [one, other] = [createVirtualTime(0), createVirtualTime(0)];
    await one.advance(5);
    expect([one.clock.now(), other.clock.now()]).toEqual([5, 0]);
  });
});

describe('timers', () => {
  it('run in the order in which they fall due, each at its own time', async () => {
    const { lines, noteAfter, advance } = createJournal();
    noteAfter('third', 300);
    noteAfter('first', 100);
    noteAfter('second', 200);
    await advance(1000);
    expect(lines).toEqual(['first at 100', 'second at 200', 'third at 300']);
  });

  it('that fall due together run in the order in which they were set', async () => {
    const { lines, noteAfter, advance } = createJournal();
    for (const what of ['first', 'second', 'third']) noteAfter(what, 100);
    await advance(100);
    expect(lines).toEqual(['first at 100', 'second at 100', 'third at 100']);
  });

  it('run up to the end and no further', async () => {
    const { lines, noteAfter, advance, time } = createJournal();
    noteAfter('due', 100);
    noteAfter('not yet', 101);
    await advance(100);
    expect([lines, time.timers]).toEqual([['due at 100'], 1]);
    await advance(1);
    expect([lines, time.timers]).toEqual([['due at 100', 'not yet at 101'], 0]);
  });

  it('that set timers run these too, in the same advance', async () => {
    const { clock, lines, note, advance } = createJournal();
    const again = () => {
      note('tick');
      clock.setTimeout(again, 250);
    };
    clock.setTimeout(again, 250);
    await advance(1000);
    expect(lines).toEqual(['tick at 250', 'tick at 500', 'tick at 750', 'tick at 1000']);
  });

  it('let promises settle before the next one runs', async () => {
    const { clock, lines, note, noteAfter, advance } = createJournal();
    clock.setTimeout(() => {
      void (async () => {
        for (let turn = 0; turn < 100; turn++) await undefined;
        note('settled');
        noteAfter('set by a promise', 50);
      })();
    }, 100);
    noteAfter('next', 200);
    await advance(200);
    expect(lines).toEqual(['settled at 100', 'set by a promise at 150', 'next at 200']);
  });

  it('that a promise sets before the first are seen too', async () => {
    const { lines, noteAfter, advance } = createJournal();
    void Promise.resolve().then(() => noteAfter('set late', 10));
    await advance(10);
    expect(lines).toEqual(['set late at 10']);
  });

  it('do not run once they are cleared', async () => {
    const { clock, lines, noteAfter, advance, time } = createJournal();
    const cleared = noteAfter('cleared', 100);
    noteAfter('kept', 100);
    clock.clearTimeout(cleared);
    expect(time.timers).toBe(1);
    await advance(100);
    expect(lines).toEqual(['kept at 100']);
  });

  it('can clear one another, due together or not', async () => {
    const { clock, lines, noteAfter, advance } = createJournal();
    let cleared: unknown;
    clock.setTimeout(() => clock.clearTimeout(cleared), 100);
    cleared = noteAfter('cleared', 100);
    await advance(100);
    expect(lines).toEqual([]);
  });

  it('that do not exist are cleared without harm', () => {
    const { clock } = createVirtualTime();
    for (const timer of [undefined, null, 99]) clock.clearTimeout(timer);
  });

  it.each([-1, Number.NaN, Infinity, 2 ** 31])(
    'with a delay of %s run after 1 ms, as the platform’s do',
    async (ms) => {
      const { lines, noteAfter, advance } = createJournal();
      noteAfter('ran', ms);
      await advance(1);
      expect(lines).toEqual(['ran at 1']);
    },
  );

  it('keep a delay of 2^31-1 ms', async () => {
    const { lines, noteAfter, advance } = createJournal();
    noteAfter('ran', 2 ** 31 - 1);
    await advance(2 ** 31 - 2);
    expect(lines).toEqual([]);
    await advance(1);
    expect(lines).toEqual([`ran at ${2 ** 31 - 1}`]);
  });
});

describe('advance', () => {
  it('by 0 runs what is due now and lets promises settle', async () => {
    const { lines, note, noteAfter, advance, clock } = createJournal();
    noteAfter('due', 0);
    noteAfter('not due', 1);
    void Promise.resolve().then(() => note('settled'));
    await advance(0);
    expect(lines).toEqual(['settled at 0', 'due at 0']);
    expect(clock.now()).toBe(0);
  });

  it.each([-1, Number.NaN, Infinity, -Infinity])('by %s is refused, and nothing moves', async (ms) => {
    const { advance, clock, noteAfter, lines } = createJournal();
    noteAfter('due', 0);
    await expect(advance(ms)).rejects.toThrow(TypeError);
    await expect(advance(ms)).rejects.toThrow(`not ${ms}`);
    expect([clock.now(), lines]).toEqual([0, []]);
  });

  it('passes on what a timer throws', async () => {
    const { clock, advance } = createVirtualTime(0);
    clock.setTimeout(() => {
      throw new RangeError('in a timer');
    }, 5);
    await expect(advance(10)).rejects.toThrow('in a timer');
    expect(clock.now()).toBe(5);
  });
});

describe('without setImmediate', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it.each<[string, Record<string, unknown>]>([
    ['in a page', { document: {} }],
    ["in Jest's jsdom, which has no MessageChannel", { document: {}, MessageChannel: undefined }],
    ['in a worker, where messages overtake bodies', { document: undefined }],
  ])('promises settle before the next timer runs: %s', async (_where, globals) => {
    for (const [name, value] of Object.entries({ setImmediate: undefined, ...globals }))
      vi.stubGlobal(name, value);
    vi.resetModules();
    const fresh = await import('../../src/testing/virtual-time.ts');
    const { clock, advance } = fresh.createVirtualTime(0);
    const lines: string[] = [];
    clock.setTimeout(async () => {
      const answer = new Response('body');
      lines.push(`${await answer.text()} at ${clock.now()}`);
      clock.setTimeout(() => lines.push(`next at ${clock.now()}`), 50);
    }, 100);
    clock.setTimeout(() => lines.push(`later at ${clock.now()}`), 200);
    await advance(200);
    expect(lines).toEqual(['body at 100', 'next at 150', 'later at 200']);
  });

  it('is an error where fake timers hide every other task', async () => {
    // As jest's older fake timers, in its jsdom, before the import.
    const setTimeout = Object.assign(() => 0, { _isMockFunction: true });
    for (const [name, value] of Object.entries({
      setImmediate: undefined,
      MessageChannel: undefined,
      setTimeout,
    }))
      vi.stubGlobal(name, value);
    vi.resetModules();
    const { drivePlexAuth } = await import('../../src/testing/index.ts');
    await expect(drivePlexAuth()).rejects.toThrow('fake timers hide every real one');
  }, 15_000);
});

describe('a timer that was cleared', () => {
  it('keeps nothing of what it would have run, though its time is far away', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const { clock } = createVirtualTime(0);
    const setAndClear = () => {
      const held = { token: 'held by the timer alone' };
      clock.clearTimeout(clock.setTimeout(() => String(held), 3_600_000));
      return new WeakRef(held);
    };
    const held = setAndClear();
    // What a WeakRef was asked for stays until the end of the task.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(held.deref()).toBeUndefined();
  });
});

it('passes under fake timers too, whenever they came', async () => {
  for (const isBefore of [true, false]) {
    vi.resetModules();
    if (isBefore) vi.useFakeTimers();
    const { drivePlexAuth } = await import('../../src/testing/index.ts');
    vi.useFakeTimers();
    try {
      const drive = await drivePlexAuth({ script: [{ atMs: 5000, user: 'approve' }] });
      expect(drive.reachedAtMs('authenticated')).toBe(5000);
    } finally {
      vi.useRealTimers();
    }
  }
}, 15_000);

it('passes under the fake timers of node:test, where they came before it', async () => {
  vi.resetModules();
  mock.timers.enable({ apis: ['setImmediate', 'setTimeout'] });
  try {
    const { drivePlexAuth } = await import('../../src/testing/index.ts');
    const drive = await drivePlexAuth({ script: [{ atMs: 5000, user: 'approve' }] });
    expect(drive.reachedAtMs('authenticated')).toBe(5000);
  } finally {
    mock.timers.reset();
  }
}, 15_000);
