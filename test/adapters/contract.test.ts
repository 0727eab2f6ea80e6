/** One contract, held to every way of subscribing: the engine itself, the five adapters, and RxJS on top of one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlexAuthView } from '../../src/index.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';
import { anyView, createFakeSource } from './fake-source.ts';
import { type Listener, type Source, ways } from './ways.ts';
import { createRecordedFlow, walk } from './whole-walk.ts';

/** Lets everything that is on its way arrive. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe.each(ways)('$name', (way) => {
  const { delivers = (views) => views, survivesThrows = true, announcesEnd = true } = way;

  /** Connects, and notes what arrives. */
  function connect(source: Source, act: Listener = () => {}) {
    const heard = { views: [] as PlexAuthView[], ends: 0, stop: () => {} };
    heard.stop = way.connect(
      source,
      (view) => {
        heard.views.push(view);
        act(view);
      },
      () => {
        heard.ends += 1;
      },
    );
    return heard;
  }

  it('delivers the current view first, then every change once, in order', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth);
    await walk(flow);
    expect(flow.views.map(({ status }) => status)).toEqual([
      'idle',
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
      'signingOut',
      'idle',
    ]);
    expect(heard.views).toEqual(delivers(flow.views));
    expect(heard.views.every((view) => flow.views.includes(view))).toBe(true);
  });

  it('delivers just the sequence that a source shows, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyView, fc.array(fc.tuple(anyView, fc.boolean())), async (first, changes) => {
        const fake = createFakeSource(first);
        const heard = connect(fake);
        for (const [view, isSlow] of changes) {
          fake.show(view);
          if (isSlow) await settle();
        }
        await settle();
        const expected = delivers([first, ...changes.map(([view]) => view)]);
        expect(heard.views).toEqual(expected);
        expect(heard.views.every((view, index) => view === expected[index])).toBe(true);
        heard.stop();
        await settle();
        expect(fake.listeners).toBe(0);
      }),
    );
  });

  it('delivers the rest to a consumer that comes late', async () => {
    const flow = createRecordedFlow();
    flow.auth.start();
    await flow.time.advance(500);
    const late = connect(flow.auth);
    await flow.time.advance(0);
    const seen = flow.views.length - 1;
    await walk(flow);
    expect(late.views).toEqual(delivers(flow.views.slice(seen)));
  });

  it('ends once when the engine is disposed of, and delivers nothing after it', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth);
    flow.auth.start();
    await flow.time.advance(500);
    flow.auth.dispose();
    flow.auth.dispose();
    await flow.time.advance(3_600_000);
    expect(heard.views).toEqual(delivers(flow.views));
    expect(heard.ends).toBe(announcesEnd ? 1 : 0);
    expect(flow.time.timers).toBe(0);
  });

  it('delivers the last view and the end to a consumer that comes after it', async () => {
    const { auth, time, views } = createRecordedFlow();
    auth.start();
    await time.advance(500);
    auth.dispose();
    const heard = connect(auth);
    await time.advance(0);
    expect(heard.views).toEqual(delivers(views.slice(-1)));
    expect(heard.ends).toBe(announcesEnd ? 1 : 0);
  });

  it('delivers nothing more once it is unsubscribed from', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth);
    await flow.time.advance(0);
    const before = heard.views.length;
    heard.stop();
    heard.stop();
    await walk(flow);
    flow.auth.dispose();
    await flow.time.advance(0);
    expect(heard.views).toHaveLength(before);
    expect(heard.ends).toBe(0);
  });

  it('delivers nothing more once a listener has unsubscribed itself', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth, ({ status }) => {
      if (status === 'authenticated') heard.stop();
    });
    await walk(flow);
    flow.auth.dispose();
    await flow.time.advance(0);
    const index = flow.views.findIndex(({ status }) => status === 'authenticated');
    expect(heard.views).toEqual(delivers(flow.views.slice(0, index + 1)));
    expect(heard.ends).toBe(0);
  });

  it('is not broken by a listener that throws, nor are the others and the flow', async () => {
    const flow = createRecordedFlow();
    const broken = new Error('listener broke');
    const heard = connect(flow.auth, () => {
      throw broken;
    });
    const other = connect(flow.auth);
    const uncaught = await uncaughtIn(() => walk(flow));
    const all = delivers(flow.views);
    expect(flow.views.at(-1)).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(other.views).toEqual(all);
    expect(heard.views).toEqual(survivesThrows ? all : all.slice(0, 1));
    expect(uncaught).toEqual(heard.views.map(() => broken));
  });

  it('reports a listener that throws at the first view, and throws nothing at who subscribes', async () => {
    const { auth } = createRecordedFlow();
    auth.start();
    auth.cancel();
    const broken = new Error('listener broke');
    const uncaught = await uncaughtIn(async () => {
      connect(auth, () => {
        throw broken;
      });
    });
    expect(uncaught).toEqual([broken]);
  });

  it('delivers in order although a listener acts on the engine', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth, ({ status }) => {
      if (status === 'requestingPin') flow.auth.cancel();
    });
    const other = connect(flow.auth, ({ status }) => {
      if (status === 'awaitingLink') flow.auth.cancel();
    });
    flow.auth.start();
    await flow.time.advance(500);
    flow.auth.cancel();
    await flow.time.advance(500);
    expect(flow.views.map(({ status }) => status).slice(0, 2)).toEqual(['idle', 'requestingPin']);
    expect(flow.views.at(-1)).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(heard.views).toEqual(delivers(flow.views));
    expect(other.views).toEqual(heard.views);
    expect(flow.time.timers).toBe(0);
  });

  it('misses nothing of what a listener does at the first view', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth, (view) => {
      if (view === flow.views[0]) flow.auth.start();
      if (view.status === 'requestingPin') flow.auth.cancel();
    });
    flow.auth.start();
    flow.auth.cancel();
    await flow.time.advance(0);
    expect(heard.views).toEqual(delivers(flow.views));
  });

  it('subscribes from inside a change without hearing of it twice', async () => {
    const flow = createRecordedFlow();
    const inner: ReturnType<typeof connect>[] = [];
    flow.auth.subscribe(({ status }) => {
      if (status === 'awaitingLink' && inner.length === 0) inner.push(connect(flow.auth));
    });
    await walk(flow);
    const index = flow.views.findIndex(({ status }) => status === 'awaitingLink');
    expect(inner[0]?.views).toEqual(delivers(flow.views.slice(index)));
  });

  it('may be where the engine is disposed of', async () => {
    const flow = createRecordedFlow();
    const heard = connect(flow.auth, ({ status }) => {
      if (status === 'authenticated') flow.auth.dispose();
    });
    const other = connect(flow.auth);
    await walk(flow);
    expect(flow.views.at(-1)?.status).toBe('authenticated');
    expect(heard.views).toEqual(delivers(flow.views));
    // A promise that has resolved has no end to announce.
    expect(heard.ends).toBe(announcesEnd && !way.delivers ? 1 : 0);
    expect(other.ends).toBe(heard.ends);
    expect(flow.time.timers).toBe(0);
    expect(flow.emulator.pending).toBe(0);
  });
});

describe.each(ways.filter(({ isAsync }) => !isAsync))('$name', ({ connect }) => {
  it('calls back within the change itself', () => {
    const { auth, views } = createRecordedFlow();
    const heard: PlexAuthView[] = [];
    connect(
      auth,
      (view) => heard.push(view),
      () => {},
    );
    expect(heard).toEqual([views[0]]);
    auth.start();
    expect(heard).toEqual(views);
  });
});
