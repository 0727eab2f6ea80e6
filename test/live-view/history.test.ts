import { describe, expect, it } from 'vitest';
import { clockTime, duration, inSeconds, timeLeft } from '../../live-view/format.ts';
import { createHistory, type History, latestStateEntry } from '../../live-view/history.ts';
import type { EventEntry, RequestEntry, SignIn } from '../../live-view/history-entry.ts';
import { statusOf } from '../../live-view/status-text.ts';
import { rowAt, rowsOf, type TimelineFilter } from '../../live-view/timeline-rows.ts';
import { textOfRow } from '../../live-view/timeline-text.ts';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import type { DrivePlexAuthOptions } from '../../src/testing/index.ts';
import { statesOf } from '../../tools/draw/chart-parts.ts';
import { recordDrive } from './record-drive.ts';

const all: TimelineFilter = { details: true, events: true, states: true, requests: true, others: true };

async function historyOf(options: DrivePlexAuthOptions, capacity?: number): Promise<History> {
  const { messages } = await recordDrive(options);
  const history = createHistory(capacity);
  for (const message of messages) history.receive(message);
  return history;
}

function onlySignIn({ signIns }: History): SignIn {
  expect(signIns).toHaveLength(1);
  return signIns[0] as SignIn;
}

/** The lines as they are read, without what other actors do. */
function linesOf(history: History, filter: TimelineFilter = { ...all, others: false }): string[] {
  const signIn = onlySignIn(history);
  return rowsOf(history, signIn, filter, new Set()).map((row) => {
    const { time, title, target, side } = textOfRow(row, signIn, !filter.details);
    return [time, title, target && `→ ${target}`, side && `(${side})`].filter(Boolean).join(' ');
  });
}

describe('the history', () => {
  it('has one line for an event and where it led, one for a request, and one for polls that found nothing', async () => {
    const history = await historyOf({
      script: [
        { atMs: 0, network: { type: 'slow', delayMs: 120 }, operation: 'getPin' },
        { atMs: 5500, untilMs: 6500, network: 'down' },
        { atMs: 11_500, app: 'check' },
        { atMs: 12_900, user: 'approve' },
      ],
    });
    expect(linesOf(history)).toEqual([
      '0:00.00 created → idle',
      '0:00.00 START → asking',
      '0:00.00 POST /api/v2/pins (201 · 120 ms)',
      '0:00.12 getPin → awaitingLink',
      '0:01.12 5 polls: not yet (every 1.0 s)',
      '0:06.12 after pollDelay → fetchingToken',
      '0:06.12 GET /api/v2/pins/{pinID} (TypeError · 0 ms)',
      '0:06.12 GET /api/v2/pins/{pinID} (TypeError · 0 ms)',
      '0:06.12 getToken → awaitingLink (NETWORK)',
      '0:07.12 5 polls: not yet (every 1.0 s)',
      '0:11.50 CHECK → fetchingToken',
      '0:11.50 GET /api/v2/pins/{pinID} (200 · 0 ms)',
      '0:11.50 getToken → awaitingLink',
      '0:12.50 after pollDelay → fetchingToken',
      '0:12.50 GET /api/v2/pins/{pinID} (200 · 0 ms)',
      '0:12.50 getToken → awaitingLink',
      '0:13.50 after pollDelay → fetchingToken',
      '0:13.50 GET /api/v2/pins/{pinID} (200 · 0 ms)',
      '0:13.50 getToken → authenticated',
      '0:13.90 stopped',
    ]);
  });

  it('has, without details, the steps alone, in plain words', async () => {
    const history = await historyOf({
      script: [
        { atMs: 5500, untilMs: 6500, network: 'down' },
        { atMs: 8500, user: 'approve' },
      ],
    });
    expect(linesOf(history, { ...all, details: false })).toEqual([
      '0:00.00 Ready → idle',
      '0:00.00 Sign-in started → asking',
      '0:00.00 A code came → awaitingLink',
      '0:01.00 5 polls: not yet (every 1.0 s)',
      '0:06.00 A poll failed (NETWORK)',
      '0:07.00 2 polls: not yet (every 1.0 s)',
      '0:09.00 Approved → authenticated',
    ]);
  });

  it('shows what the chips say', async () => {
    const history = await historyOf({ script: [{ atMs: 1500, user: 'approve' }] });
    const none = { details: true, events: false, states: false, requests: false, others: false };
    expect(linesOf(history, none)).toEqual([]);
    const requests = linesOf(history, { ...none, requests: true });
    expect(requests.map((line) => line.slice(8, 12))).toEqual(['POST', 'GET ', 'GET ']);
    const states = linesOf(history, { ...none, states: true });
    expect(states.every((line) => line.includes('→'))).toBe(true);
    expect(linesOf(history, { ...none, events: true })).toHaveLength(states.length + 1);
    const others = linesOf(history, { ...none, others: true });
    expect(others).toContain('0:00.00 getPin · created');
    expect(others.some((line) => line.includes('START'))).toBe(false);
  });

  it('never folds what the app did: a hint during a poll', async () => {
    const history = await historyOf({
      script: [
        { atMs: 0, network: { type: 'slow', delayMs: 400 }, operation: 'getToken' },
        { atMs: 6200, app: 'check' },
      ],
      untilMs: 12_000,
    });
    const lines = linesOf(history);
    expect(lines).toContain('0:06.20 CHECK');
    expect(lines).toContain('0:06.40 getToken');
    expect(lines.filter((line) => line.includes('polls: not yet'))).toHaveLength(2);
  });

  it('shows folded polls one by one where it is asked to', async () => {
    const history = await historyOf({ script: [], untilMs: 20_000 });
    const signIn = onlySignIn(history);
    const folded = rowsOf(history, signIn, all, new Set());
    const polls = folded.find((row) => row.kind === 'polls');
    expect(polls).toMatchObject({ kind: 'polls', count: 20 });
    const unfolded = rowsOf(history, signIn, all, new Set(polls?.kind === 'polls' ? [polls] : []));
    expect(unfolded).toEqual(history.entries);
    const inside = history.entries.findIndex((entry) => entry.pollRun) + 30;
    expect(folded[rowAt(folded, history, inside)]).toBe(polls);
    expect(rowAt(unfolded, history, inside)).toBe(inside);
  });

  it('merges a request with its answer by its number, and leaves one in flight open', () => {
    const history = createHistory();
    const requestEvent = (createdAt: string, event: object) =>
      history.receive({
        type: '@xstate.event',
        sessionId: 'plex.tv',
        createdAt,
        event: { type: 'x', ...event },
      });
    requestEvent('1000', { number: 1, method: 'GET', path: '/a' });
    requestEvent('1100', { number: 2, method: 'GET', path: '/b' });
    requestEvent('1150', { number: 1, method: 'GET', path: '/a', status: 200, durationMs: 150 });
    const [first, second] = history.entries as RequestEntry[];
    expect(history.entries).toHaveLength(2);
    expect(first).toMatchObject({ path: '/a', status: 200, durationMs: 150 });
    expect(textOfRow(second as RequestEntry, undefined)).toMatchObject({ side: 'out', tone: 'out' });
  });

  it('keeps as many as its capacity, the newest, and counts the rest', async () => {
    const whole = await historyOf({ script: [], untilMs: 60_000 });
    const capped = await historyOf({ script: [], untilMs: 60_000 }, 100);
    expect(capped.entries.length).toBeLessThanOrEqual(110);
    expect(capped.entries.length).toBeGreaterThanOrEqual(100);
    expect(capped.dropped + capped.entries.length).toBe(whole.entries.length);
    expect(capped.entries[0]?.index).toBe(capped.dropped);
    const last = capped.entries.at(-1)?.index ?? 0;
    expect(latestStateEntry(capped, onlySignIn(capped), last)?.state).toEqual(
      latestStateEntry(whole, onlySignIn(whole), last)?.state,
    );
    expect(latestStateEntry(capped, onlySignIn(capped), 0)).toBeUndefined();
  });

  it('finds a sign-in by its definition inside another machine, and by its name alone', () => {
    const history = createHistory();
    const actor = (sessionId: string, more: object) =>
      history.receive({ type: '@xstate.actor', sessionId, createdAt: '5', ...more });
    actor('a:0', { name: 'app', definition: '{"id":"app"}' });
    actor('a:1', { name: 'signIn', parentId: 'a:0', definition: '{"id":"pinAuth"}' });
    actor('a:2', { name: 'pinAuth' });
    actor('a:3', { name: 'other', definition: 'no JSON' });
    expect(history.signIns).toMatchObject([
      { number: 1, parentName: 'app' },
      { number: 2, parentName: undefined },
    ]);
    expect(actor('a:2', { name: 'pinAuth' })).toBe(false);
    actor('a:2', { name: 'pinAuth', createdAt: '6' });
    expect(history.signIns).toHaveLength(3);
  });

  it.each([
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { type: '@xstate.event' },
    { type: '@xstate.event', sessionId: 'x', createdAt: 'never', event: { type: 'A' } },
    { type: '@xstate.event', sessionId: 'x', createdAt: '1' },
    { type: '@xstate.event', sessionId: 'x', createdAt: '1', event: { type: 7 } },
    { type: '@xstate.event', sessionId: 'plex.tv', createdAt: '1', event: { type: 'A' } },
    { type: '@other', sessionId: 'x', createdAt: '1' },
  ])('ignores what is no message: %j', (message) => {
    const history = createHistory();
    expect(history.receive(message)).toBe(false);
    expect(history.entries).toEqual([]);
  });

  it('takes long texts and deep states cut', () => {
    const history = createHistory();
    let value: unknown = 'end';
    for (let depth = 0; depth < 10_000; depth++) value = { deeper: value };
    const about = { sessionId: 'x', createdAt: '1', event: { type: 'A'.repeat(100_000) } };
    history.receive({ ...about, type: '@xstate.event' });
    history.receive({ ...about, type: '@xstate.snapshot', snapshot: { status: 'active', value } });
    const [entry] = history.entries as EventEntry[];
    expect(entry?.type).toHaveLength(200);
    expect(entry?.after?.length).toBeLessThanOrEqual(200);
  });
});

describe('the status', () => {
  it('says the state, the countdown, the next poll and the faults at any moment', async () => {
    const history = await historyOf({
      script: [{ atMs: 3500, untilMs: 9000, network: 'down' }],
      options: { renewals: 2 },
      untilMs: 12_000,
    });
    const signIn = onlySignIn(history);
    const statusAt = (ms: number) => {
      const index = history.entries.findLast(({ atMs }) => atMs - signIn.startMs <= ms)?.index ?? 0;
      const state = latestStateEntry(history, signIn, index)?.state;
      if (!state) throw new Error('no state');
      return statusOf(state, signIn.startMs + ms);
    };
    expect(statusAt(1200)).toEqual({
      tone: 'busy',
      heading: 'Waiting for approval',
      text: 'The user has the code. No request is in progress.',
      deadline: { left: '29:59', share: (1_800_000 - 1200) / 1_800_000 },
      wait: 'next poll in 0.8 s',
      notes: ['2 renewals left'],
    });
    expect(statusAt(5500)).toMatchObject({
      wait: 'next poll in 1.5 s',
      notes: ['2 failures in a row', '2 renewals left', 'last error PLEX_NETWORK'],
    });
    expect(statusAt(11_900).notes).toEqual(['2 renewals left']);
    expect(statusAt(12_000)).toMatchObject({ heading: 'Stopped', wait: undefined, deadline: undefined });
  });

  it('says why it is over, and never a code', async () => {
    const { drive, messages } = await recordDrive({
      script: [
        { atMs: 1000, user: 'approve' },
        { atMs: 3000, app: 'signOut' },
      ],
    });
    expect(drive.view.status).toBe('idle');
    const history = createHistory();
    for (const message of messages) history.receive(message);
    const states = history.entries.flatMap((entry) => (entry.kind === 'event' ? (entry.state ?? []) : []));
    const headings = states.map((one) => statusOf(one, 0).heading);
    expect(new Set(headings)).toEqual(
      new Set([
        'Ready',
        'Asking Plex for a code',
        'Waiting for approval',
        'Signed in',
        'Signing out',
        'Signed out',
      ]),
    );
  });

  it.each([
    ['engine', 'The engine was disposed of'],
    ['program', 'The program ended'],
  ] as const)(
    'stays what it came to after the end of the %s, and else has stopped',
    async (endedBy, text) => {
      const history = await historyOf({ script: [{ atMs: 1000, user: 'approve' }] });
      const states = history.entries.flatMap((entry) => (entry.kind === 'event' ? (entry.state ?? []) : []));
      const endIn = (state: string) => {
        const found = states.find((one) => one.chartState === state);
        return found && statusOf({ ...found, endedBy }, found.waitEndsAtMs);
      };
      const still = { wait: undefined, deadline: undefined };
      expect(endIn('authenticated')).toMatchObject({
        ...still,
        tone: 'good',
        heading: 'Signed in',
        text: `${text} after that.`,
      });
      expect(endIn('awaitingLink')).toMatchObject({
        ...still,
        tone: 'quiet',
        heading: 'Stopped',
        text: `${text} in awaitingLink.`,
      });
    },
  );

  it('knows every state of the chart', () => {
    const history = createHistory();
    const about = { sessionId: 'x', createdAt: '1' };
    history.receive({ ...about, type: '@xstate.actor', name: 'pinAuth' });
    for (const { path, states } of statesOf(pinAuthMachine)) {
      if (Object.keys(states).length > 0) continue;
      const [parent = '', child] = path;
      const value = child ? { [parent]: child } : parent;
      const event = { type: path.join() };
      history.receive({ ...about, type: '@xstate.event', event });
      history.receive({ ...about, type: '@xstate.snapshot', event, snapshot: { status: 'active', value } });
      const state = history.signIns[0]?.state;
      expect(state?.chartState).toBe(path.join('.'));
      expect(state && statusOf(state, 0).text).not.toContain('does not know');
    }
  });

  it('counts by the engine’s clock where that is another one than the messages’', async () => {
    const { messages } = await recordDrive({ script: [], untilMs: 3000 });
    const history = createHistory();
    for (const message of messages) {
      history.receive({ ...message, createdAt: String(Number(message.createdAt) + 86_400_000) });
    }
    const signIn = onlySignIn(history);
    const state = latestStateEntry(history, signIn, (history.entries.at(-1)?.index ?? 0) - 1)?.state;
    expect(state && statusOf(state, signIn.startMs + 3000)).toMatchObject({
      deadline: { left: '29:57' },
      wait: 'next poll in 1.0 s',
    });
  });

  it('writes times as people read them', () => {
    expect([0, 1020, 61_005, 3_661_000, -1500].map(clockTime)).toEqual([
      '0:00.00',
      '0:01.02',
      '1:01.01',
      '1:01:01.00',
      'before',
    ]);
    expect([1, 59_001, 3_600_000, -5].map(timeLeft)).toEqual(['0:01', '1:00', '1:00:00', '0:00']);
    expect([780, 12_400, -3].map(inSeconds)).toEqual(['0.8 s', '12 s', '0.0 s']);
    expect([120.4, 1400].map(duration)).toEqual(['120 ms', '1.4 s']);
  });
});
