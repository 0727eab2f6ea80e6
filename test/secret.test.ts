import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reactive } from 'vue';
import { createActor } from 'xstate';
import { pinAuthMachine } from '../machines/pin-auth.ts';
import { Secret } from '../src/secret.ts';

const hidden = 'tok-9f8e7d6c';
const secret = new Secret(hidden);

/** What a console prints. */
function printed(...values: unknown[]): string {
  let text = '';
  const stdout = new Writable({
    write(chunk, _encoding, isWritten) {
      text += chunk;
      isWritten();
    },
  });
  new Console({ stdout }).log(...values);
  return text;
}

describe('a secret', () => {
  it('reveals its string to code that asks for it by name', () => {
    expect(secret.reveal()).toBe(hidden);
  });

  it('keeps its string from other secrets', () => {
    expect([new Secret('one'), new Secret('two')].map((each) => each.reveal())).toEqual(['one', 'two']);
  });

  it.each<[string, () => unknown]>([
    ['String', () => String(secret)],
    ['a template', () => `${secret}`],
    ['concatenation', () => 'Bearer '.concat(secret as unknown as string)],
    ['JSON.stringify', () => JSON.stringify(secret)],
    ['JSON.stringify, nested', () => JSON.stringify({ deep: [{ secret }] })],
    ['util.inspect', () => inspect(secret)],
    ['util.inspect, nested', () => inspect({ a: { b: { c: { secret } } } }, { depth: Infinity })],
    ['util.inspect, with hidden properties', () => inspect(secret, { showHidden: true })],
    [
      'util.inspect, raw',
      () => inspect(secret, { customInspect: false, showHidden: true, getters: true, depth: Infinity }),
    ],
    ['util.format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['console.log', () => printed(secret, { secret }, [secret])],
    ['an error message', () => new Error(`No access: ${secret}`).message],
    ['structuredClone', () => inspect(structuredClone(secret))],
    ['structuredClone, nested', () => JSON.stringify(structuredClone({ deep: [secret] }))],
    ['Object.entries', () => inspect(Object.entries(secret))],
    ['a spread', () => inspect({ ...secret })],
    ['Object.assign', () => JSON.stringify(Object.assign({}, secret))],
    ['a copy on its prototype', () => inspect(Object.setPrototypeOf({ ...secret }, Secret.prototype))],
  ])('shows [redacted] through %s', (_, show) => {
    expect(show()).toContain('[redacted]');
    expect(show()).not.toContain(hidden);
  });

  it('has its string under no key', () => {
    const values = Reflect.ownKeys(secret).map((key) => Reflect.get(secret, key) as unknown);
    expect(values.filter((value) => typeof value !== 'function')).toEqual(['[redacted]']);
  });

  it('is not revealed by a copy', () => {
    expect(structuredClone(secret)).toEqual({ secret: '[redacted]' });
    expect({ ...secret }).not.toHaveProperty('reveal');
  });

  it('is revealed through a proxy that a user interface puts around it', () => {
    const view = reactive({ token: secret });
    expect(view.token.reveal()).toBe(hidden);
    expect(JSON.stringify(view)).toBe('{"token":"[redacted]"}');
  });

  it('stays hidden in a persisted snapshot of the chart', () => {
    const actor = createActor(pinAuthMachine, { input: {} }).start();
    actor.send({ type: 'RESTORE', credentials: { token: secret, clientIdentifier: 'tv' } });
    const persisted = actor.getPersistedSnapshot();
    expect(actor.getSnapshot().context.credentials?.token.reveal()).toBe(hidden);
    for (const shown of [JSON.stringify(persisted), inspect(persisted, { depth: Infinity })]) {
      expect(shown).toContain('[redacted]');
      expect(shown).not.toContain(hidden);
    }
  });
});
