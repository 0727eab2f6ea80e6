import { describe, expect, it } from 'vitest';
import { arrowsIn, pathOf } from '../../live-view/chart-path.ts';
import { narrowChart, wideChart } from '../../live-view/chart-picture.ts';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { statesOf, transitionsOf } from '../../tools/draw/chart-parts.ts';

describe('the arrows that are lit', () => {
  const arrows = arrowsIn(wideChart);
  const path = (before: string | undefined, type: string, after: string) =>
    pathOf(arrows, before, type, after).map(({ from, to }) => `${from} ${to}`.replaceAll('pinAuth.', ''));

  it.each([
    [undefined, 'xstate.init', 'idle', ['initial idle']],
    [
      'idle',
      'START',
      'requestingPin.asking',
      ['idle requestingPin', 'requestingPin.initial requestingPin.asking'],
    ],
    ['requestingPin.backingOff', 'CANCEL', 'idle', ['requestingPin idle']],
    ['fetchingToken', 'xstate.done.actor.getToken', 'fetchingToken', ['fetchingToken fetchingToken']],
    ['fetchingToken', 'xstate.done.actor.getToken', 'expired', ['fetchingToken expired']],
    [
      'fetchingToken',
      'xstate.done.actor.getToken',
      'requestingPin.asking',
      ['fetchingToken expired', 'expired requestingPin', 'requestingPin.initial requestingPin.asking'],
    ],
    [
      'fetchingToken',
      'xstate.error.actor.getToken',
      'requestingPin.backingOff',
      ['fetchingToken expired', 'expired requestingPin.backingOff'],
    ],
    ['fetchingToken', 'CHECK', 'fetchingToken', []],
    ['awaitingLink', 'START', 'awaitingLink', []],
    ['awaitingLink', 'MADE_UP', 'nowhere', []],
  ])('from %s by %s to %s are %j', (before, type, after, expected) => {
    expect(path(before, type, after)).toEqual(expected);
  });

  it('are there forevery transition of the chart, in both pictures', () => {
    const leaves = statesOf(pinAuthMachine).filter(({ states }) => Object.keys(states).length === 0);
    for (const picture of [wideChart, narrowChart]) {
      const drawn = arrowsIn(picture);
      for (const from of statesOf(pinAuthMachine)) {
        for (const { eventType, target = [] } of transitionsOf(from)) {
          for (const to of target) {
            const leaf = to.path.length === 1 && to.key === 'requestingPin' ? `${to.id}.asking` : to.id;
            const before = leaves.find(({ id }) => id === from.id || id.startsWith(`${from.id}.`));
            const way = pathOf(
              drawn,
              before?.path.join('.'),
              eventType || 'always',
              leaf.replace('pinAuth.', ''),
            );
            expect(way.length, `${from.id} ${eventType}`).toBeGreaterThan(0);
          }
        }
      }
    }
  });
});
