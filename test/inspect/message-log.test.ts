import { describe, expect, it } from 'vitest';
import type { InspectionMessage } from '../../src/inspect/index.ts';
import { createMessageLog } from '../../src/inspect/message-log.ts';

describe('the messages that are kept', () => {
  const snapshot = (number: number, sessionId = 'x:1'): InspectionMessage => ({
    type: '@xstate.snapshot',
    sessionId,
    createdAt: `${number}`,
    event: { type: 'GO' },
    snapshot: { value: `state ${number}` },
  });
  const made = (sessionId: string): InspectionMessage => ({
    type: '@xstate.actor',
    sessionId,
    createdAt: '0',
    name: 'app',
    definition: '{"states":{}}',
    snapshot: {},
  });
  const keptIn = (log: ReturnType<typeof createMessageLog>) => {
    const kept: InspectionMessage[] = [];
    log.connect((json) => void kept.push(JSON.parse(json)))();
    return kept;
  };

  it('are the last 3000, and of a machine how it is made and where it last stood', () => {
    const log = createMessageLog((message) => message);
    log.add(made('x:0'));
    log.add(snapshot(1, 'x:0'));
    log.add(snapshot(2, 'x:0'));
    for (let number = 3; number < 10_000; number++) log.add(snapshot(number));
    const kept = keptIn(log);
    expect(kept).toHaveLength(3002);
    expect(kept.slice(0, 3)).toEqual([made('x:0'), snapshot(2, 'x:0'), snapshot(7000)]);
    expect(kept.at(-1)).toEqual(snapshot(9999));
  });

  it('are sent with the actors that they are about, and with how many were dropped', () => {
    const log = createMessageLog((message) => message);
    const actor = (sessionId: string): InspectionMessage =>
      Object.assign(made(sessionId), { definition: `{"id":"${sessionId}"}` });
    log.add(actor('plex.tv'));
    log.add(actor('x:9'));
    log.noteLost(5);
    for (let number = 1; number <= 3000; number++) log.add(snapshot(number, 'plex.tv'));
    const kept: unknown[] = [];
    log.connect(
      (json) => void kept.push(JSON.parse(json)),
      (lost) => void kept.push({ lost }),
    );
    expect(kept).toHaveLength(3002);
    expect(kept.slice(0, 3)).toEqual([{ lost: 6 }, actor('plex.tv'), snapshot(1, 'plex.tv')]);
  });

  it('take up a bounded room', () => {
    const log = createMessageLog((message) => message);
    for (let number = 0; number < 100; number++)
      log.add({ ...snapshot(number), snapshot: { value: 'x'.repeat(500_000) } } as InspectionMessage);
    expect(keptIn(log)).toHaveLength(7);
  });

  it('are redacted once more before they are sent: a secret may have become known since', () => {
    let isKnown = false;
    const log = createMessageLog((message) => (isKnown ? { hidden: true } : message));
    log.add(snapshot(1));
    isKnown = true;
    expect(keptIn(log)).toEqual([{ hidden: true }]);
  });

  it('reach the other receivers where one throws, which is called no more', () => {
    const log = createMessageLog((message) => message);
    const sent: string[] = [];
    let calls = 0;
    log.connect(() => {
      calls += 1;
      throw new Error('Boom');
    });
    log.connect((json) => void sent.push(json));
    log.add(snapshot(1));
    log.add(snapshot(2));
    expect([calls, sent.length]).toEqual([1, 2]);
  });
});
