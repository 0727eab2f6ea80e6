import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createPlexAuth } from '../../../src/engine/create-plex-auth.ts';
import type { PlexAuth } from '../../../src/engine/plex-auth.ts';
import { PlexAuthError, Secret } from '../../../src/plex/client.ts';
import { createVirtualTime } from '../../../src/testing/virtual-time.ts';
import type { PlexAuthView } from '../../../src/view.ts';
import { uncaughtIn } from '../../fixture/uncaught-in.ts';
import { createAnsweringFetch } from './answering-fetch.ts';
import { isPlainURL } from './hostile-texts.ts';
import { type MutatedAnswer, mutatedAnswer } from './mutated-answers.ts';
import { runsOf } from './seed.ts';

/** Fields of each view: those it must have, and after them those it may have. */
const code = ['code', 'authURL', 'linkURL', 'qrURL', 'expiresAtMs'];
const fieldsOf: Record<PlexAuthView['status'], readonly [must: readonly string[], may: readonly string[]]> = {
  idle: [[], ['reason', 'lastError']],
  requestingPin: [[], ['lastError']],
  awaitingLink: [code, ['lastError']],
  fetchingToken: [code, ['lastError']],
  authenticated: [['token', 'clientIdentifier'], ['lastError']],
  expired: [['reason'], ['lastError']],
  failed: [['error'], []],
  signingOut: [[], ['lastError']],
};

function faultInView(view: PlexAuthView): string | undefined {
  const [must, may] = fieldsOf[view.status] ?? [[], []];
  const names = Object.keys(view).filter((name) => name !== 'status');
  const missing = must.find((name) => !names.includes(name));
  const strange = names.find((name) => !must.includes(name) && !may.includes(name));
  if (missing ?? strange) return `${view.status} with ${names.join(', ')}`;
  const fields = view as unknown as Record<string, unknown>;
  for (const name of ['error', 'lastError']) {
    if (name in fields && !(fields[name] instanceof PlexAuthError))
      return `${name} is ${String(fields[name])}`;
  }
  for (const name of ['authURL', 'linkURL', 'qrURL']) {
    const isRight = !(name in fields) || isPlainURL(String(fields[name]));
    if (!isRight) return `${name} is ${String(fields[name])}`;
  }
  if ('token' in fields && !(fields['token'] instanceof Secret)) return 'the token is none';
  if ('expiresAtMs' in fields && !Number.isFinite(fields['expiresAtMs'])) return 'the end is none';
  if ('code' in fields && (typeof fields['code'] !== 'string' || fields['code'] === ''))
    return 'the code is none';
  return undefined;
}

const isOver = ({ status }: PlexAuthView) => ['authenticated', 'expired', 'failed'].includes(status);

describe('an engine whose every answer is mutated', () => {
  it('comes to an end with a view that says how', { timeout: 120_000 }, async () => {
    const counts = new Map<string, number>();
    const limitMs = 8000;
    const pinFirst = mutatedAnswer.map((answer): MutatedAnswer => ({ ...answer, operation: 'getPin' }));
    const goodPin: MutatedAnswer = {
      operation: 'getPin',
      base: 'newPin',
      fieldEdits: [],
      byteEdits: [],
      status: 201,
      headers: [],
      delivery: { how: 'whole' },
    };
    const first = fc.oneof(pinFirst, fc.constant(goodPin));
    const property = fc.asyncProperty(
      first,
      fc.array(mutatedAnswer, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 2 }),
      async (pin, others, renewals) => {
        const answers = [pin, ...others];
        const time = createVirtualTime();
        const { clock } = time;
        const network = createAnsweringFetch((asked) => answers[asked % answers.length] ?? pin);
        const faults: string[] = [];
        let auth: PlexAuth | undefined;
        const uncaught = await uncaughtIn(async () => {
          auth = createPlexAuth({
            product: 'Test',
            clientIdentifier: 'tv',
            fetch: network.fetch,
            clock,
            random: () => 0.5,
            renewals,
            giveUpAfterMs: limitMs,
          });
          const engine = auth;
          engine.subscribe((view) => {
            const fault = faultInView(view);
            if (fault) faults.push(fault);
          });
          engine.start();
          // Three last reads of two hosts, each until its time-out, and what Plex may ask to wait.
          for (let step = 0; step < 30 && !isOver(engine.getSnapshot()); step++) await time.advance(10_000);
          const end = engine.getSnapshot();
          counts.set(end.status, (counts.get(end.status) ?? 0) + 1);
          if (!isOver(end)) faults.push(`it is still ${end.status}`);
          if (end.status === 'authenticated') {
            const answer = engine.verify();
            await time.advance(40_000);
            const { status } = await answer;
            counts.set(`verify ${status}`, (counts.get(`verify ${status}`) ?? 0) + 1);
            engine.signOut();
            await time.advance(40_000);
            const after = engine.getSnapshot().status;
            if (!['idle', 'expired'].includes(after)) faults.push(`after signOut it is ${after}`);
          }
          await engine.dispose();
          await time.advance(0);
          if (time.timers > 0) faults.push('it leaves a timer behind');
        });
        const found = [...faults, ...uncaught.map(String)];
        if (found.length === 0) return;
        throw new Error(found.join('; '));
      },
    );
    await fc.assert(property, runsOf(3000));
    console.info(
      [...counts]
        .sort()
        .map(([word, times]) => `${String(times).padStart(7)}  ${word}`)
        .join('\n'),
    );
  });
});
