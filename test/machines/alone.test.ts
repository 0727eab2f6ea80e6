/** The chart as Stately's simulator runs it: without input, and without what `provide` puts in. */
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createActor, SimulatedClock } from 'xstate';
import { type PinAuthEvent, pinAuthMachine } from '../../machines/pin-auth.ts';
import { credentials, done, freshContext, move, pending, pin, pinContext, standingIn } from './synthetic.ts';

/** Its own type asks for the input that the simulator does not give. */
const chart: AnyStateMachine = pinAuthMachine;

describe('without input the chart', () => {
  it('stands idle, renews nothing and waits a second from one read to the next', () => {
    const actor = createActor(chart, { clock: new SimulatedClock() }).start();
    const { value, context } = actor.getSnapshot();
    actor.stop();
    expect(value).toBe('idle');
    expect(context).toMatchObject({ host: undefined, renewals: 0 });
    const { nextDelayMs } = freshContext();
    const moved = move(
      standingIn('fetchingToken', { ...pinContext, nextDelayMs }),
      done('getToken', pending(5000)),
    );
    expect(moved.context.waitMs).toBe(1000);
  });
});

describe('without its actors the chart', () => {
  const missing: [string, PinAuthEvent[], string][] = [
    ['getPin', [{ type: 'START' }], 'failed'],
    ['getToken', [{ type: 'RESUME', pin }], 'failed'],
    ['signOut', [{ type: 'RESTORE', credentials }, { type: 'SIGN_OUT' }], 'idle'],
  ];
  it.each(missing)('says that %s must be provided', async (_, events, end) => {
    const actor = createActor(chart, { clock: new SimulatedClock() }).start();
    for (const event of events) actor.send(event);
    await new Promise(setImmediate);
    const { value, context } = actor.getSnapshot();
    actor.stop();
    expect(value).toBe(end);
    expect((context.error ?? context.lastError)?.message).toBe(
      'pinAuthMachine: supply getPin, getToken and signOut with provide()',
    );
  });
});
