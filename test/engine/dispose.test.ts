import { describe, expect, it } from 'vitest';
import { codeIn, createFlow, createWorld, hourMs, signIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { arrivals, createArrival } from './arrivals.ts';

describe('dispose', () => {
  it.each(arrivals)(
    'while %s leaves no timer, no request and no view after it',
    async (_name, _status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      const before = flow.auth.getSnapshot();
      const seen = flow.views.length;
      flow.auth.dispose();
      await flow.time.advance(0);
      expect(flow.emulator.pending).toBe(0);
      expect(flow.time.timers).toBe(0);
      const asked = flow.emulator.requests.length;
      await flow.time.advance(hourMs);
      flow.auth.start();
      flow.auth.check();
      flow.auth.cancel();
      flow.auth.signOut();
      flow.auth.dispose();
      await flow.time.advance(hourMs);
      expect(flow.emulator.requests).toHaveLength(asked);
      expect(flow.views).toHaveLength(seen);
      expect(flow.auth.getSnapshot()).toBe(before);
    },
  );

  it('aborts a verification in flight', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault({ type: 'hang' }, { operation: 'getUser' });
    const verification = flow.auth.verify();
    await flow.time.advance(100);
    flow.auth.dispose();
    expect(await verification).toMatchObject({ status: 'unknown' });
    expect([flow.emulator.pending, flow.time.timers]).toEqual([0, 0]);
  });

  it('resolves once the token is written, which a store may take the time of a request for', async () => {
    const store = createRecordingStore();
    let finishWrite = () => {};
    const credentials = {
      ...store,
      async setItem(key: string, value: string) {
        await new Promise<void>((finish) => {
          finishWrite = finish;
        });
        store.setItem(key, value);
      },
    };
    const flow = createFlow({ credentials });
    const token = await signIn(flow);
    let isResolved = false;
    const disposing = flow.auth.dispose().then(() => {
      isResolved = true;
    });
    await flow.time.advance(14_000);
    expect([isResolved, store.written]).toEqual([false, []]);
    finishWrite();
    await disposing;
    expect(store.written.join()).toContain(token);
  });

  it('takes back a start that waits for the stores', async () => {
    const { auth, emulator, time } = createFlow({ store: createRecordingStore() });
    auth.start();
    auth.dispose();
    await time.advance(hourMs);
    expect(emulator.requests).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('announces the end once to each subscriber, and late ones at once', () => {
    const { auth } = createFlow();
    let ends = 0;
    const unsubscribe = auth.subscribe(
      () => {},
      () => {
        ends += 1;
      },
    );
    auth.subscribe(
      () => {},
      () => {
        ends += 10;
      },
    );
    unsubscribe();
    auth.dispose();
    auth.dispose();
    expect(ends).toBe(10);
    auth.subscribe(
      () => {},
      () => {
        ends += 100;
      },
    );
    expect(ends).toBe(110);
  });
});

describe('the end of an engine', () => {
  it('is announced to subscribers when the actor itself is stopped', () => {
    const { auth } = createFlow();
    let ends = 0;
    auth.subscribe(
      () => {},
      () => {
        ends += 1;
      },
    );
    auth.actor.stop();
    auth.dispose();
    expect(ends).toBe(1);
  });

  it('leaves a flow that was running without a timer or a request when the actor itself is stopped', async () => {
    const { auth, time, emulator } = createFlow();
    auth.start();
    await time.advance(1500);
    auth.actor.stop();
    expect([time.timers, emulator.pending]).toEqual([0, 0]);
  });

  it('waits, for those who want to know, for what is being written', async () => {
    const world = createWorld();
    const slow = createRecordingStore();
    const { setItem } = slow;
    slow.setItem = (key, value) =>
      new Promise<void>((resolve) => {
        world.time.clock.setTimeout(() => resolve(setItem(key, value) as undefined), 50);
      });
    const { auth, time, emulator } = createFlow({ credentials: slow }, world);
    auth.start();
    await time.advance(0);
    emulator.link(codeIn(auth));
    auth.check();
    await time.advance(0);
    const disposed = auth.dispose();
    expect(slow.written).toEqual([]);
    await time.advance(50);
    await disposed;
    expect(slow.written).toHaveLength(1);
  });
});
