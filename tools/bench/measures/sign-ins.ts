import { setTimeout as wait } from 'node:timers/promises';
import { epochMs } from '../child/messages.ts';
import { startSubjectProcess } from '../child/subject-process.ts';
import { createDeferred } from '../deferred.ts';
import type { SubjectFiles } from '../prepare.ts';
import type { SignInResult } from '../results.ts';
import { startSignInServer } from '../servers/sign-in-server.ts';
import { toSpread } from '../spread.ts';
import type { ListedSubject } from '../subject-list.ts';

export interface SignInPlan {
  flows: number;
  /** Users approve within this time after their code came, evenly spread: so each moment of an interval has its turn. */
  approveAfterMs: { from: number; to: number };
  intervalMs: number;
  roundTripMs: number;
  /** The application says at the moment of approval that its user is back. */
  withCheck: boolean;
}

/** How long a token may take after the last approval. */
const patienceMs = 30_000;

/** Signs users in at once and measures from their approval to the token, over real sockets. */
export async function measureSignIns(
  files: SubjectFiles,
  { name }: ListedSubject,
  plan: SignInPlan,
): Promise<SignInResult> {
  const { flows, intervalMs, roundTripMs, withCheck } = plan;
  const approvedAtMs = new Map<string, number>();
  const latenciesMs: number[] = [];
  const errors: string[] = [];
  const ended = createDeferred<void>();

  const server = await startSignInServer({
    intervalMs,
    roundTripMs,
    users: flows,
    async onPin({ index, clientIdentifier, approve }) {
      const { from, to } = plan.approveAfterMs;
      await wait(from + ((to - from) * index) / flows);
      approvedAtMs.set(approve(), epochMs());
      if (withCheck) subject.send({ type: 'check', clientIdentifier });
    },
  });
  const subject = await startSubjectProcess({ ...files(name), origin: server.origin, intervalMs });
  subject.listen((answer) => {
    if (answer.type === 'token') {
      latenciesMs.push(answer.atMs - (approvedAtMs.get(answer.token) ?? Number.NaN));
    }
    if (answer.type === 'error') errors.push(answer.message);
    if (latenciesMs.length + errors.length === flows) ended.resolve();
  });
  const clientIdentifiers = Array.from({ length: flows }, (_, n) => `bench-${n}`);
  subject.send({ type: 'start', clientIdentifiers, overMs: intervalMs });
  await Promise.race([ended.promise, wait(plan.approveAfterMs.to + patienceMs, undefined, { ref: false })]);
  await subject.close();
  await server.close();
  if (latenciesMs.length < flows) {
    throw new Error(`${name}: ${latenciesMs.length} of ${flows} signed in. ${errors[0] ?? ''}`);
  }
  return { latencyMs: toSpread(latenciesMs), requests: Number((server.requests / flows).toFixed(1)) };
}
