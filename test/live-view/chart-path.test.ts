import { describe, expect, it } from 'vitest';
import { pathOf, waysIn } from '../../live-view/chart-path.ts';
import { narrowChart, wideChart } from '../../live-view/chart-picture.ts';

describe('the transitions that are lit', () => {
  const ways = waysIn(wideChart);
  const path = (before: string | undefined, type: string, after: string) =>
    pathOf(ways, before, type, after).map(({ from, to }) => `${from} ${to}`.replaceAll('pinAuth.', ''));

  it.each([
    [undefined, 'xstate.init', 'idle', [' idle']],
    ['idle', 'START', 'requestingPin.asking', ['idle requestingPin.asking']],
    ['requestingPin.backingOff', 'CANCEL', 'idle', ['requestingPin idle']],
    ['fetchingToken', 'xstate.done.actor.getToken', 'fetchingToken', ['fetchingToken fetchingToken']],
    ['fetchingToken', 'xstate.done.actor.getToken', 'expired', ['fetchingToken expired']],
    [
      'fetchingToken',
      'xstate.done.actor.getToken',
      'requestingPin.asking',
      ['fetchingToken expired', 'expired requestingPin.asking'],
    ],
    [
      'fetchingToken',
      'xstate.error.actor.getToken',
      'requestingPin.backingOff',
      ['fetchingToken expired', 'expired requestingPin.backingOff'],
    ],
    ['fetchingToken', 'CHECK', 'fetchingToken', ['fetchingToken fetchingToken']],
    ['failed', 'STORE_FAILED', 'failed', ['pinAuth pinAuth']],
    ['signingOut', 'xstate.done.actor.signOut', 'idle', ['signingOut idle']],
    // Its guard may have refused it.
    ['awaitingLink', 'START', 'awaitingLink', []],
    ['requestingPin.asking', 'CHECK', 'requestingPin.asking', []],
    ['awaitingLink', 'MADE_UP', 'nowhere', []],
  ])('from %s by %s to %s are %j', (before, type, after, expected) => {
    expect(path(before, type, after)).toEqual(expected);
  });

  it('are the same in both pictures', () => {
    expect(waysIn(narrowChart)).toHaveLength(ways.length);
    expect(waysIn(narrowChart)).toEqual(expect.arrayContaining(ways));
  });
});
