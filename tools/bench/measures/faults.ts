import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../../../src/testing/index.ts';
import { startSubjectProcess } from '../child/subject-process.ts';
import { createDeferred } from '../deferred.ts';
import type { SubjectFiles } from '../prepare.ts';
import type { FaultName, FaultResult } from '../results.ts';
import { type SignInServer, startSignInServer } from '../servers/sign-in-server.ts';
import type { ListedSubject } from '../subject-list.ts';

const intervalMs = 1000;
const retryAfterSeconds = 5;
/** How long after the fault the user approves. */
const approveAfterMs = 3000;
/** A token that comes later than this after the approval is of no use to the user, who has gone. */
const patienceMs = 60_000;

const faults: Readonly<Record<Exclude<FaultName, 'offline'>, Fault>> = {
  'status 500': { type: 'status', status: 500 },
  'reset connection': { type: 'reset' },
  '429 with Retry-After': { type: 'rateLimited', retryAfter: retryAfterSeconds },
  'status 503': { type: 'status', status: 503 },
  'HTML with status 200': { type: 'html' },
  // Within the 30 s that openid-client waits by default.
  'answer after 25 s': { type: 'slow', delayMs: 25_000 },
  'no answer ever': { type: 'hang' },
};

/** Three polls at the interval of a second. */
const offlineMs = 3500;

/**
 * Lets one fault meet the second poll of a sign-in, whose user approves later. It is survived if the token comes without
 * help: the application gives up at the first error that it is told.
 */
export async function measureFault(
  files: SubjectFiles,
  { name }: ListedSubject,
  fault: FaultName,
): Promise<FaultResult> {
  const ended = createDeferred<boolean>();
  const server = await startSignInServer({
    intervalMs,
    roundTripMs: 0,
    users: 1,
    async onPin({ approve }) {
      // The PIN's request and two reads, however busy the machine is.
      while (fault !== 'offline' && server.requests < 3) await wait(50);
      await wait(fault === 'offline' ? offlineMs + 2 * intervalMs : approveAfterMs);
      approve();
      await wait(patienceMs, undefined, { ref: false });
      ended.resolve(false);
    },
  });
  if (fault !== 'offline') server.emulator.fault(faults[fault], { operation: 'getToken', after: 1 });
  const subject = await startSubjectProcess({ ...files(name), origin: server.origin, intervalMs });
  subject.listen(({ type }) => {
    if (type === 'token') ended.resolve(true);
    if (type === 'error') ended.resolve(false);
  });
  subject.send({ type: 'start', clientIdentifiers: ['bench'], overMs: 0 });
  let online: Promise<void> | undefined;
  if (fault === 'offline') {
    await wait(intervalMs * 1.5);
    online = server.goOffline(offlineMs);
  }
  const isSurvived = await ended.promise;
  await subject.close();
  await online;
  await server.close();
  return { isSurvived, ...(wasTooEarly(server) && { isTooEarly: true }) };
}

/** Whether it asked again sooner than `Retry-After` allows. */
function wasTooEarly(server: SignInServer): boolean {
  const reads = server.emulator.requests.filter(({ operation }) => operation === 'getToken');
  const refused = reads.findIndex(({ status }) => status === 429);
  const next = reads[refused + 1];
  const waitedMs = (next?.atMs ?? Number.POSITIVE_INFINITY) - (reads[refused]?.atMs ?? 0);
  return refused >= 0 && waitedMs < retryAfterSeconds * 1000;
}
