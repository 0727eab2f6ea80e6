import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createFlow, signIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

describe('inspect', () => {
  /** Whether a text is anywhere within reach of an object: hidden, symbolic, in maps, on functions, in names. */
  function isWithinReach(text: string, root: unknown): boolean {
    const seen = new Set<unknown>();
    const open = [root];
    for (let value = open.pop(); seen.size < 1_000_000; value = open.pop()) {
      if (typeof value === 'string' && value.includes(text)) return true;
      if (value instanceof Object && !seen.has(value)) {
        seen.add(value);
        if (value instanceof Map || value instanceof Set) for (const part of value) open.push(part);
        for (const key of Reflect.ownKeys(value))
          open.push(key, Object.getOwnPropertyDescriptor(value, key)?.value);
      }
      if (open.length === 0) return false;
    }
    throw new Error('Too much to look at');
  }

  /** The parts of an inspection event that are data, and not the chart itself. */
  function dataOf(inspected: object): object {
    const { event, snapshot } = inspected as { event?: unknown; snapshot?: Record<string, unknown> };
    const { context, value, output, error, input, status } = snapshot ?? {};
    return { event, context, value, output, error, input, status };
  }

  it('sees each event and snapshot, and never a token', async () => {
    const types = new Set<string>();
    const shown: string[] = [];
    const reachable: object[] = [];
    const flow = createFlow({
      credentials: createRecordingStore(),
      inspect: (event) => {
        types.add(event.type);
        reachable.push({ ...event });
        const data = dataOf(event);
        shown.push(JSON.stringify(data), inspect(data, { depth: 20, showHidden: true }));
      },
    });
    const token = await signIn(flow);
    expect(isWithinReach(token, reachable)).toBe(false);
    await flow.auth.verify();
    flow.auth.signOut();
    expect(isWithinReach(token, reachable)).toBe(false);
    await flow.time.advance(0);
    const again = await signIn(flow);
    for (const type of ['@xstate.actor', '@xstate.event', '@xstate.snapshot']) expect(types).toContain(type);
    const all = shown.join('\n');
    expect(all).toContain('authenticated');
    expect(all).toContain('[redacted]');
    expect(isWithinReach('[redacted]', reachable)).toBe(true);
    for (const secret of [token, again]) {
      expect(all.includes(secret)).toBe(false);
      expect(isWithinReach(secret, reachable)).toBe(false);
    }
  });

  it('may be an observer', async () => {
    const types: string[] = [];
    const flow = createFlow({ inspect: { next: ({ type }) => void types.push(type) } });
    await signIn(flow);
    expect(types).toContain('@xstate.event');
  });

  it('finds no token in the actor, its context or a persisted snapshot', async () => {
    const flow = createFlow();
    const token = await signIn(flow);
    const { actor } = flow.auth;
    const shown = [
      inspect(actor.getSnapshot().context, { depth: 20, showHidden: true }),
      inspect(actor.getPersistedSnapshot(), { depth: 20, showHidden: true }),
      JSON.stringify(actor.getPersistedSnapshot()),
      JSON.stringify(actor),
    ].join('\n');
    expect(shown).toContain('[redacted]');
    expect(shown.includes(token)).toBe(false);
    expect(isWithinReach(token, actor)).toBe(false);
  });
});

describe('the actor', () => {
  it('is the chart, for those who compose it', async () => {
    const flow = createFlow();
    await signIn(flow);
    expect(flow.auth.actor.getSnapshot().matches('authenticated')).toBe(true);
  });
});
