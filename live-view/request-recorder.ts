import type { ActorRegistry } from './actor-registry.ts';
import { operationIn, operationOf } from './chart-operation.ts';
import type { EntryList } from './entry-list.ts';
import type { RequestEntry, SignIn } from './history-entry.ts';
import { numberIn, textIn } from './message-reader.ts';
import { addToPoll } from './poll-runs.ts';

/** What the recorders of a history share. */
export interface RecorderParts {
  readonly list: EntryList;
  readonly actors: ActorRegistry;
  intern(text: string): string;
}

const mostRequestsOut = 1000;

/**
 * Makes a function that records requests: an entry when one goes out, completed when it is over.
 *
 * It takes an `InspectedRequest` and the actor that sent it, and returns `false` for anything else.
 */
export function createRequestRecorder({ list, actors, intern }: RecorderParts) {
  const requestsOut = new Map<number, RequestEntry>();

  function addRequest(request: object, atMs: number, sourceID: string | undefined): RequestEntry {
    const source = actors.find(sourceID);
    const method = intern(textIn(request, 'method') ?? '?');
    const path = intern(textIn(request, 'path') ?? '?');
    const signIn = source?.signIn ?? source?.owner ?? findSender(actors.signIns, method, path);
    const entry = list.add<RequestEntry>({
      kind: 'request',
      index: list.nextIndex,
      atMs,
      signIn,
      pollRun: undefined,
      method,
      path,
      status: undefined,
      errorName: undefined,
      durationMs: undefined,
    });
    addToPoll(entry, signIn);
    return entry;
  }

  function complete(entry: RequestEntry, request: object, atMs: number): void {
    const errorName = textIn(request, 'fault');
    entry.status = numberIn(request, 'status');
    entry.errorName = errorName && intern(errorName);
    entry.durationMs = numberIn(request, 'durationMs') ?? Math.max(0, atMs - entry.atMs);
  }

  return function recordRequest(request: object, atMs: number, sourceID: string | undefined): boolean {
    const number = numberIn(request, 'number');
    if (number === undefined) return false;
    const isOver = numberIn(request, 'status') !== undefined || textIn(request, 'fault') !== undefined;
    const out = isOver ? requestsOut.get(number) : undefined;
    const entry = out ?? addRequest(request, atMs, sourceID);
    if (isOver) {
      complete(entry, request, atMs);
      if (out) requestsOut.delete(number);
      return true;
    }
    if (requestsOut.size >= mostRequestsOut) requestsOut.clear();
    requestsOut.set(number, entry);
    return true;
  };
}

/** A request does not say who sent it. Finds the only sign-in that is about to ask for this, if just one is. */
function findSender(signIns: readonly SignIn[], method: string, path: string): SignIn | undefined {
  if (signIns.length < 2) return signIns[0];
  const operation = operationOf({ method, path });
  const asking = signIns.filter(
    ({ state, openPoll }) => operationIn(state?.chartState) === operation || openPoll,
  );
  return asking.length === 1 ? asking[0] : undefined;
}
