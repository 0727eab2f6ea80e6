/** The search itself: whatever it does not find where it was put, it would not find in the product either. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret.ts';
import { showingsOf, tracesOf } from './traces.ts';

const canary = 'tok-Zx81_qWv7.canary';
const circular: Record<string, unknown> = { [Symbol('hidden')]: canary };
circular['self'] = circular;

class Holder {
  get token(): string {
    return canary;
  }
}

describe('the search for a secret', () => {
  it.each<[string, () => unknown]>([
    ['a text', () => `Bearer ${canary}`],
    ['a nested field', () => ({ a: [{ b: { token: canary } }] })],
    ['a key', () => ({ [canary]: 1 })],
    ['a field that is not enumerable', () => Object.defineProperty({}, 'token', { value: canary })],
    ['a symbolic field', () => ({ [Symbol('x')]: canary })],
    ['the name of a symbol', () => ({ id: Symbol(canary) })],
    ['a getter', () => ({ get: Object.defineProperty({}, 'token', { get: () => canary }) })],
    ["a prototype's getter", () => new Holder()],
    ['a map', () => new Map([[{ key: 1 }, { token: canary }]])],
    ['a set', () => new Set([canary])],
    ['a buffer', () => new TextEncoder().encode(canary)],
    ['a function', () => Object.assign(() => {}, { token: canary })],
    ['something circular', () => circular],
    ['an object without prototype', () => Object.assign(Object.create(null), { token: canary })],
    ['headers', () => ({ headers: new Headers({ 'X-Plex-Token': canary }) })],
    ['an address', () => new URL(`https://plex.tv/?X-Plex-Token=${canary}`)],
    ["an error's message", () => new Error(`No: ${canary}`)],
    ["an error's cause of a cause", () => new Error('a', { cause: new Error('b', { cause: canary }) })],
    ['errors in an error', () => new AggregateError([new Error(canary)])],
    ["an error's field", () => Object.assign(new Error('No'), { request: { headers: { t: canary } } })],
    ["an error's stack", () => Object.assign(new Error('No'), { stack: `at ${canary}` })],
    ['base64', () => btoa(canary)],
    ['base64 of a longer text', () => btoa(`{"token":"${canary}","x":1}`)],
    ['base64url', () => Buffer.from(`:${canary}`).toString('base64url')],
    ['percent-encoding', () => encodeURIComponent(`{"${canary}"}`)],
    ['hexadecimal', () => Buffer.from(canary).toString('hex')],
    ['its first half', () => ({ preview: `${canary.slice(0, 13)}…` })],
    ['its second half', () => `…${canary.slice(-13)}`],
    ['toJSON alone', () => ({ toJSON: () => ({ token: canary }) })],
    ['toString alone', () => ({ toString: () => canary })],
  ])('finds it in %s', (_name, plant) => {
    expect(tracesOf(canary, { clean: 'nothing', planted: plant() })).not.toEqual([]);
  });

  it('says where', () => {
    const exhibit = { user: { token: canary } };
    expect(tracesOf(canary, { view: exhibit })).toContain('view.user.token');
  });

  it('finds it in what a console, a log and a message channel make of a value', () => {
    const showings = showingsOf({ deep: [{ token: canary }] });
    expect(showings.map((showing) => tracesOf(canary, { showing }).length > 0)).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
  });

  it('finds nothing where it is not, or only held', () => {
    expect(
      tracesOf(canary, {
        secret: { token: new Secret(canary) },
        other: { token: 'tok-Aa00', canary: true, url: new URL('https://plex.tv/?q=canary') },
      }),
    ).toEqual([]);
  });
});
