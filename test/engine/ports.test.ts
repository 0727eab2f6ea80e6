import { inspect as show } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PlexAuthError, type PlexAuthOptions } from '../../src/index.ts';
import { createFlow, link, tokenIn } from '../fixture/create-flow.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

/** Throws at the calls that `isBroken` names, and holds something that must not be shown. */
function breaking<T>(isBroken: (call: number) => boolean, otherwise: T): () => T {
  let calls = 0;
  return () => {
    if (isBroken(++calls)) throw Object.assign(new Error('broken'), { secret: 'canary' });
    return otherwise;
  };
}

type Ports = Pick<PlexAuthOptions, 'random' | 'inspect' | 'polling'>;
const ports: Record<string, (isBroken: (call: number) => boolean) => Ports> = {
  random: (isBroken) => ({ random: breaking(isBroken, 0) }),
  'polling.adjustDelayMs': (isBroken) => ({ polling: { adjustDelayMs: breaking(isBroken, 1000) } }),
  inspect: (isBroken) => ({ inspect: breaking(isBroken, undefined) }),
  'inspect, as an observer,': (isBroken) => ({ inspect: { next: breaking(isBroken, undefined) } }),
};

describe.each(Object.keys(ports))('an option %s that throws', (name) => {
  it.each<[string, (call: number) => boolean]>([
    ['at its first call', (call) => call === 1],
    ['at its second call', (call) => call === 2],
    ['at its fifth call', (call) => call === 5],
    ['always', () => true],
  ])('%s neither stops the flow nor costs the token', async (_when, isBroken) => {
    const uncaught = await uncaughtIn(async () => {
      const flow = createFlow(ports[name]?.(isBroken));
      flow.auth.start();
      await flow.time.advance(4500);
      const token = link(flow);
      await flow.time.advance(2000);
      expect(tokenIn(flow.auth)).toBe(token);
      expect(show(flow.views, { depth: 20, showHidden: true })).not.toContain('canary');
      flow.auth.signOut();
      await flow.time.advance(0);
      flow.auth.start();
      await flow.time.advance(500);
      expect(flow.status()).toBe('awaitingLink');
    });
    expect(uncaught).toEqual([]);
  });

  it('is named in the view', async () => {
    const flow = createFlow(ports[name]?.(() => true));
    flow.auth.start();
    await flow.time.advance(500);
    const errors = flow.views.flatMap((view) => ('lastError' in view ? [view.lastError] : []));
    const error = errors.find((found) => found?.message === `The option ${name.split(',')[0]} failed`);
    expect(error).toBeInstanceOf(PlexAuthError);
    expect(error).toMatchObject({ code: 'PLEX_UNEXPECTED', retryable: false });
  });
});

describe('an option that gives what is no number', () => {
  const odd: [string, unknown][] = [
    ['a big integer', 5n],
    ['a symbol', Symbol('canary')],
    ['an object that throws', { valueOf: breaking(() => true, 0) }],
    ['a number out of its range', -1],
    ['NaN', Number.NaN],
  ];

  it.each(odd)('is not used: %s', async (_name, value) => {
    const given = () => value as number;
    const flow = createFlow({ random: given, polling: { adjustDelayMs: given } });
    flow.auth.start();
    await flow.time.advance(1500);
    const token = link(flow);
    await flow.time.advance(2000);
    expect(tokenIn(flow.auth)).toBe(token);
    expect(show(flow.views, { depth: 20, showHidden: true })).toContain('The option random failed');
  });

  it('is not used: a random number above 1, which would wait for hours', async () => {
    const flow = createFlow({ random: () => 1e12 });
    flow.auth.start();
    await flow.time.advance(1500);
    const token = link(flow);
    await flow.time.advance(2000);
    expect(tokenIn(flow.auth)).toBe(token);
  });
});
