import { expect, it } from 'vitest';
import { createHistory, type History } from '../../live-view/history.ts';
import { TimelineCursor } from '../../live-view/timeline-cursor.ts';
import { recordDrive } from './record-drive.ts';

/** A cursor in the history of an approval after ten polls, of which all that is foreign is hidden. */
async function createStage(): Promise<{ history: History; cursor: TimelineCursor }> {
  const { messages } = await recordDrive({ script: [{ atMs: 10_500, user: 'approve' }] });
  const history = createHistory();
  for (const message of messages) history.receive(message);
  const cursor = new TimelineCursor(history);
  cursor.filter = { ...cursor.filter, details: true, others: false };
  cursor.refresh();
  return { history, cursor };
}

it('follows the newest entry until it is moved, and again once it is live', async () => {
  const { cursor } = await createStage();
  const last = cursor.rows.length - 1;
  expect([cursor.isLive, cursor.place, cursor.newerCount]).toEqual([true, last, 0]);
  expect(cursor.moveTo(0)).toBe(true);
  expect([cursor.isLive, cursor.place, cursor.entry?.after]).toEqual([false, 0, 'idle']);
  expect(cursor.newerCount).toBeGreaterThan(10);
  cursor.goLive();
  expect([cursor.isLive, cursor.place]).toEqual([true, last]);
});

it('stays where it was paused while more comes', async () => {
  const { history, cursor } = await createStage();
  cursor.pause();
  const { place, atMs } = cursor;
  const event = { type: 'LATER' };
  history.receive({ type: '@xstate.event', sessionId: 'other', createdAt: `${atMs + 5}`, event });
  cursor.refresh();
  expect([cursor.isLive, cursor.place, cursor.atMs, cursor.newerCount]).toEqual([false, place, atMs, 1]);
});

it('moves to no place that has no line', async () => {
  const { cursor } = await createStage();
  expect([cursor.moveTo(-1), cursor.moveTo(cursor.rows.length), cursor.isLive]).toEqual([false, false, true]);
});

it('unfolds polls, and folds them again at their first line alone', async () => {
  const { cursor } = await createStage();
  const place = cursor.rows.findIndex(({ kind }) => kind === 'polls');
  const folded = cursor.rows.length;
  expect([cursor.isFoldedAt(place - 1), cursor.isFoldedAt(place)]).toEqual([undefined, true]);
  cursor.toggleFold(place);
  cursor.refresh();
  expect(cursor.rows.length).toBeGreaterThan(folded + 10);
  expect([cursor.isFoldedAt(place), cursor.isFoldedAt(place + 1)]).toEqual([false, undefined]);
  cursor.toggleFold(place + 1);
  cursor.toggleFold(place);
  cursor.refresh();
  expect(cursor.rows).toHaveLength(folded);
});
