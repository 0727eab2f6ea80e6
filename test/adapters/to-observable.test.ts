import { createRequire } from 'node:module';
import { from, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toObservable } from '../../src/adapters/index.ts';
import { createFakeSource } from './fake-source.ts';

describe('toObservable', () => {
  it('is its own observable, under the name that everybody knows', () => {
    const observable = toObservable(createFakeSource({ status: 'idle' }));
    expect(Reflect.get(observable, '@@observable')()).toBe(observable);
  });

  it('takes a function, and an observer that listens to nothing', () => {
    const fake = createFakeSource({ status: 'idle' });
    const statuses: string[] = [];
    const observable = toObservable(fake);
    observable.subscribe({});
    observable.subscribe(({ status }) => statuses.push(status));
    fake.show({ status: 'requestingPin' });
    fake.end();
    expect(statuses).toEqual(['idle', 'requestingPin']);
  });

  it('says when a subscription is closed', () => {
    const fake = createFakeSource({ status: 'idle' });
    const observable = toObservable(fake);
    const [left, ended] = [observable.subscribe({}), observable.subscribe({})];
    expect([left.closed, ended.closed]).toEqual([false, false]);
    left.unsubscribe();
    expect([left.closed, ended.closed]).toEqual([true, false]);
    fake.end();
    expect(ended.closed).toBe(true);
  });

  it.each(['before', 'after'])(
    'suits an RxJS that was loaded %s Symbol.observable was put in',
    async (when) => {
      const require = createRequire(import.meta.url);
      const putIn = () =>
        Object.defineProperty(Symbol, 'observable', { value: Symbol('observable'), configurable: true });
      const load = (): typeof import('rxjs') => {
        for (const path of Object.keys(require.cache))
          if (path.includes('/rxjs/')) delete require.cache[path];
        return require('rxjs');
      };
      try {
        if (when === 'after') putIn();
        const rxjs = load();
        if (when === 'before') putIn();
        const statuses: string[] = [];
        rxjs
          .from(toObservable(createFakeSource({ status: 'idle' })))
          .subscribe(({ status }) => statuses.push(status));
        expect(statuses).toEqual(['idle']);
      } finally {
        Reflect.deleteProperty(Symbol, 'observable');
      }
    },
  );

  it('stops within the first view when RxJS has had enough', async () => {
    const fake = createFakeSource({ status: 'idle' });
    from(toObservable(fake)).pipe(take(1)).subscribe();
    expect(fake.listeners).toBe(0);
  });
});
