import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/index.ts';

describe('an option out of its range', () => {
  const lifetime = 'above 0, up to 2147483647 ms';

  it.each([
    ['clock', { clock: { now: () => 0 } }, 'an object with now, setTimeout, clearTimeout'],
    ['random', { random: 4 }, 'a function'],
    ['lifetimeMs', { lifetimeMs: 5 }, 'an object'],
    ['lifetimeMs.strong', { lifetimeMs: { strong: 0 } }, lifetime],
    ['lifetimeMs.short', { lifetimeMs: { short: Number.NaN } }, lifetime],
    ['approveAfterMs', { approveAfterMs: -1 }, 'a number from 0'],
    ['readOnce', { readOnce: 'yes' }, 'true or false'],
    ['tokenLagMs', { tokenLagMs: Number.POSITIVE_INFINITY }, 'a number from 0'],
    ['rateLimit', { rateLimit: null }, 'an object'],
    ['rateLimit.requests', { rateLimit: { requests: 0, perMs: 1 } }, 'an integer from 1'],
    ['rateLimit.perMs', { rateLimit: { requests: 1, perMs: 0 } }, 'above 0 ms'],
    ['rateLimit.retryAfterMs', { rateLimit: { requests: 1, perMs: 1, retryAfterMs: -1 } }, 'a number from 0'],
    ['user', { user: 'ada' }, 'an object'],
    ['idBase', { idBase: 1.5 }, 'an integer from 0'],
    ['exposesRetryAfter', { exposesRetryAfter: 1 }, 'true or false'],
    ['openerPolicy', { openerPolicy: 'open' }, 'one of unsafe-none, same-origin'],
  ])('is refused by name: %s', (name, options, rule) => {
    expect(() => createPlexEmulator(options as object)).toThrow(
      new TypeError(`plex-auth-flow: ${name} must be ${rule}`),
    );
  });
});
