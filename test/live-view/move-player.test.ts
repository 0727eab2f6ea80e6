import { expect, it } from 'vitest';
import type { Realm } from '../../live-view/clipboard-and-download.ts';
import { createHistory, latestStateEntry } from '../../live-view/history.ts';
import { MovePlayer } from '../../live-view/move-player.ts';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { recordDrive } from './record-drive.ts';

/** A player whose shown states are noted with their time. */
async function createStage(approveAtMs = 1500) {
  const { messages } = await recordDrive({ script: [{ atMs: approveAtMs, user: 'approve' }] });
  const time = createVirtualTime();
  const startMs = time.clock.now();
  const history = createHistory();
  const shown: [number, string | undefined][] = [];
  const replays: boolean[] = [];
  const { setTimeout, clearTimeout } = time.clock;
  const player = new MovePlayer(
    { setTimeout, clearTimeout } as unknown as Realm,
    (entry) => shown.push([time.clock.now() - startMs, entry?.after]),
    (isRunning) => replays.push(isRunning),
  );
  const newest = () => {
    const [signIn] = history.signIns;
    return signIn && latestStateEntry(history, signIn, history.dropped + history.entries.length - 1);
  };
  /** The page draws once what came in one frame. */
  const draw = (part: readonly InspectionMessage[]) => {
    for (const message of part) history.receive(message);
    player.follow(history, newest());
  };
  return { messages, history, time, shown, replays, player, newest, draw };
}

function upTo(messages: readonly InspectionMessage[], type: string): number {
  return (
    messages.findIndex(
      (one) => 'event' in one && one.type === '@xstate.snapshot' && one.event.type === type,
    ) + 1
  );
}

it('shows each state for 300 ms, though all of them came in one frame', async () => {
  const { messages, time, shown, draw } = await createStage();
  const started = upTo(messages, 'START');
  const code = upTo(messages, 'xstate.done.actor.getPin');
  draw(messages.slice(0, started));
  draw(messages.slice(started, code));
  await time.advance(1000);
  const poll =
    messages
      .slice(code)
      .findIndex((one) => 'event' in one && one.event.type.startsWith('xstate.done.actor.getToken')) +
    code +
    1;
  draw(messages.slice(code, poll + 2));
  await time.advance(2000);
  const states = shown.map(([, state]) => state);
  expect(states).toEqual(['requestingPin.asking', 'awaitingLink', 'fetchingToken', 'awaitingLink']);
  const times = shown.map(([atMs]) => atMs);
  for (const [index, atMs] of times.entries())
    if (index > 0) expect(atMs - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(300);
});

it('drops to the newest state where it would be more than 1.5 s behind', async () => {
  const { messages, time, shown, draw } = await createStage(9500);
  draw(messages.slice(0, 4));
  shown.length = 0;
  draw(messages.slice(4));
  await time.advance(5000);
  expect(shown).toEqual([[0, 'authenticated']]);
});

it('jumps to a moment at once, and forgets what was still to be shown', async () => {
  const { messages, history, time, shown, player, draw } = await createStage();
  const started = upTo(messages, 'START');
  draw(messages.slice(0, started));
  draw(messages.slice(started, upTo(messages, 'xstate.done.actor.getPin')));
  const [first] = history.entries;
  player.jumpTo(first?.kind === 'event' ? first : undefined);
  await time.advance(2000);
  expect(shown.map(([, state]) => state)).toEqual(['requestingPin.asking', 'idle']);
});

it('replays the way taken, each step once, and ends where the sign-in is', async () => {
  const { messages, history, time, shown, replays, player, newest, draw } = await createStage();
  draw(messages);
  shown.length = 0;
  const entry = newest();
  if (entry) player.replay(history, entry);
  expect([player.isReplaying, replays]).toEqual([true, [true]]);
  await time.advance(10_000);
  const states = shown.map(([, state]) => state);
  expect(states.slice(0, 3)).toEqual(['idle', 'requestingPin.asking', 'awaitingLink']);
  expect(states.at(-1)).toBe('authenticated');
  expect([player.isReplaying, replays]).toEqual([false, [true, false]]);
});

it('stops a replay when more happens, when it is asked to, and leaves no timer behind', async () => {
  const { messages, history, time, shown, player, newest, draw } = await createStage();
  draw(messages.slice(0, -4));
  const entry = newest();
  if (entry) player.replay(history, entry);
  await time.advance(600);
  draw(messages.slice(-4));
  expect(player.isReplaying).toBe(false);
  const last = newest();
  if (last) player.replay(history, last);
  player.stopReplay();
  expect([player.isReplaying, shown.at(-1)?.[1]]).toEqual([false, last?.after]);
  player.close();
  const count = shown.length;
  await time.advance(5000);
  expect(shown).toHaveLength(count);
});
