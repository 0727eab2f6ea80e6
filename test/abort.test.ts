import { afterEach, describe, expect, it, vi } from 'vitest';
import { reasonOf, toAbortError } from '../src/abort.ts';
import { toPromise } from '../src/adapters/to-promise.ts';
import { createPlexClient } from '../src/plex/client.ts';

/** A signal as browsers had it before Chrome 98 and Safari 15.4: no `reason`, no `throwIfAborted`. */
function createOldController(): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  Object.defineProperties(signal, { reason: { value: undefined }, throwIfAborted: { value: undefined } });
  return controller;
}

describe('an abort', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(['enough', null, new Error('enough')])('has the reason it was given: %s', (reason) => {
    expect(reasonOf(AbortSignal.abort(reason))).toBe(reason);
  });

  it('has an AbortError for a reason in an old browser', () => {
    const controller = createOldController();
    controller.abort('enough');
    expect(reasonOf(controller.signal)).toMatchObject({ name: 'AbortError' });
    expect(reasonOf(controller.signal)).toBeInstanceOf(DOMException);
  });

  it('has an AbortError where there is no DOMException', () => {
    vi.stubGlobal('DOMException', undefined);
    expect(toAbortError('over')).toMatchObject({ name: 'AbortError', message: 'over' });
  });
});

describe('an abort in an old browser', () => {
  const source = { getSnapshot: () => ({ status: 'idle' }) as const, subscribe: () => () => {} };

  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['a call', (signal) => createPlexClient({ clientIdentifier: 'tv' }).ping({ signal })],
    ['a promise of a sign-in', (signal) => toPromise(source, { signal })],
  ])('rejects %s with an AbortError, be it early or late', async (_name, call) => {
    vi.stubGlobal('fetch', () => new Promise(() => {}));
    const [early, late] = [createOldController(), createOldController()];
    early.abort();
    const outcomes = [call(early.signal), call(late.signal)].map((work) => work.catch((error) => error));
    late.abort();
    for (const outcome of outcomes) expect(await outcome).toMatchObject({ name: 'AbortError' });
    vi.unstubAllGlobals();
  });
});
