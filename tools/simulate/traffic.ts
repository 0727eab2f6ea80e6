import { isSpoiled } from './distort.ts';
import type { NetworkWatch } from './network.ts';
import type { IssuedToken, Life, Operation, Sent } from './observed-world.ts';
import { keepsTokens, type PlannedFault } from './plan.ts';
import type { PlexAnswer } from './plex.ts';
import { countPrompt, sendingInvariants } from './sending-invariants.ts';
import { isFallback, isInBackground, isOfFlow, throttleMs } from './sent-requests.ts';
import type { World } from './world-state.ts';

/** Makes the watch that records one engine's requests. */
export function watchTraffic(world: World, lifeOf: () => Life): NetworkWatch {
  const { time, tally } = world;
  return {
    onSent: (operation, base, signal) => send(world, lifeOf(), operation, base, signal),
    onArrived(request, { status, text }) {
      request.status = status;
      if (request.operation === 'getPin' && status === 201) noteNewPin(world, text ?? '');
      if (request.operation === 'getUser' && [401, 422, 498].includes(status)) noteRejection(world, request);
    },
    onError(request, fault) {
      tally.count(`fault ${nameOf(fault)}`);
      world.note(() => `  #${request.number} meets ${nameOf(fault)}`);
      request.fault = fault;
      request.flow.lastTroubleMs = time.nowMs;
    },
    onHead: (request, answer) => close(world, request, answer),
    onWhole(request) {
      request.isWhole = true;
      request.isBroken ||= isInBackground(world, request);
    },
    onEnd: (request) => end(world, request),
    onSlow({ flow }) {
      flow.lastTroubleMs = time.nowMs;
    },
    tokenIn: (request, text) => findToken(world, request, text),
    onTokenRead(token) {
      if (token.lostBy) return;
      token.isRead = true;
      world.note(() => `  #${token.sent.number} has brought its token`);
      world.trigger({ at: 'token' });
    },
  };
}

/** A late token that waited for Plex's word is given up. */
function noteRejection(world: World, { life }: Sent): void {
  world.rejections += 1;
  for (const token of world.tokens)
    if (token.sent.life === life && token.isRead && !token.isHeld) token.givenUpBy ??= 'rejected';
}

/** What is shown later is this PIN's, whichever engine asked for it. */
function noteNewPin({ made, time }: World, text: string): void {
  const [, code] = /code["=:]+(\w+)"/.exec(text) ?? [];
  if (code) made.set(code, time.nowMs);
}

function nameOf(fault: PlannedFault): string {
  if (fault.type === 'status') return `status ${fault.status}${fault.retryAfterS ? ' with Retry-After' : ''}`;
  return fault.type === 'rateLimited' ? `${fault.type} for ${fault.as}` : fault.type;
}

function send(
  world: World,
  life: Life,
  operation: Operation,
  base: string,
  signal: AbortSignal | undefined,
): Sent {
  const { flow } = life;
  const request: Sent = {
    number: world.sent.length,
    life,
    flow,
    operation,
    base,
    atMs: world.nowMs,
    awakeAtMs: world.awakeMs,
    isCheckPending: flow.hints > 0,
    signal,
    isOut: true,
    isWhole: false,
    isCutOff: false,
    endedAwakeMs: Number.NaN,
    status: undefined,
    isBroken: false,
    fault: undefined,
  };
  world.note(() => `> ${operation} #${request.number} to ${base}`);
  world.tally.count(`request ${operation}`);
  if (isOfFlow(request)) flow.promptRequests = countPrompt(world, request);
  world.check(sendingInvariants, request);
  world.sent.push(request);
  signal?.addEventListener('abort', () => cutOff(world, request), { once: true });
  if (isOfFlow(request)) {
    if (flow.last?.isOut) flow.lastTroubleMs = world.nowMs;
    if (flow.last && isFallback(request, flow.last)) world.tally.count('way other address');
    else flow.hints = Math.max(0, flow.hints - 1);
    flow.last = request;
  }
  world.trigger({ at: 'request', request: request.number });
  return request;
}

function cutOff(world: World, request: Sent): void {
  request.isCutOff = request.isOut;
  request.isBroken ||= request.isOut && !request.isWhole;
  end(world, request);
}

function end(world: World, request: Sent): void {
  if (!request.isOut) return;
  request.isBroken ||= !request.isWhole && isInBackground(world, request);
  request.isOut = false;
  request.endedAwakeMs = world.awakeMs;
}

function close(world: World, request: Sent, answer: PlexAnswer | undefined): void {
  const { flow, signal, fault } = request;
  request.isBroken ||=
    !answer || answer.status >= 400 || isHarmful(world, fault) || isInBackground(world, request);
  if (request.isBroken) flow.lastTroubleMs = world.nowMs;
  // What comes too late is heard only for its token.
  const isHeard =
    answer && !signal?.aborted && !isInBackground(world, request) && !endsTooLate(world, request);
  const askedMs = isHeard ? retryAfterMsOf(answer) : 0;
  if (isOfFlow(request) && askedMs > 0) {
    flow.throttledUntilMs = world.awakeMs + askedMs;
  }
  world.note(() => `< #${request.number} ${answer?.status ?? (signal?.aborted ? 'aborted' : 'broken')}`);
  world.trigger({ at: 'answer', request: request.number });
}

/** Whether the body ends after the time limit, so that nobody reads what stands in the head. */
function endsTooLate({ plan, awakeMs }: World, { fault, awakeAtMs }: Sent): boolean {
  return fault?.type === 'lateHalf' && awakeMs + fault.ms >= awakeAtMs + plan.requestTimeoutMs;
}

/** Whether an answer is of no use because of this. One whose end alone is missing is of use, where its bytes can be had. */
function isHarmful({ plan }: World, fault: PlannedFault | undefined): boolean {
  if (fault === undefined || isSpoiled(fault, plan.responses)) return fault !== undefined;
  return !['lostEnd', 'stalledEnd', 'lateEnd', 'lateHalf'].includes(fault.type);
}

function retryAfterMsOf({ headers, status }: PlexAnswer): number {
  const value = headers.get('retry-after');
  if (value === undefined || value === 'soon') return status === 429 ? throttleMs : 0;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  return Date.parse(value) - Date.parse(headers.get('date') ?? '');
}

function findToken(world: World, request: Sent, text: string): IssuedToken | undefined {
  const pin = world.pins.find(({ token }) => token !== undefined && text.includes(token));
  if (!pin?.token) return undefined;
  const token: IssuedToken = {
    token: pin.token,
    sent: request,
    isRead: false,
    lostBy: undefined,
    givenUpBy: undefined,
    isHeld: false,
  };
  const onAbort = () => {
    // A fetch that ignores the abort still brings it, and the engine listens, unless it gave up a read in the background.
    const isStillComing = world.plan.ignoresAborts && !isInBackground(world, request);
    if (!token.isRead && !isStillComing) token.lostBy ??= 'abort';
  };
  // Nobody listens to a read in the background that was given up for newer ones, or for its age.
  const wasGivenUp =
    request.endedAwakeMs - request.awakeAtMs >= world.plan.requestTimeoutMs && !request.life.isDisposed;
  if (request.isCutOff && (wasGivenUp || !world.plan.ignoresAborts)) token.lostBy = 'abort';
  request.signal?.addEventListener('abort', onAbort);
  if (request.life.isDisposed && !keepsTokens(world.plan)) token.givenUpBy = 'dispose';
  // Where Plex gives it only once, the other engines that read this PIN learn that it is gone.
  for (const life of world.lives) if (life !== request.life) life.flow.lastTroubleMs = world.nowMs;
  world.tokens.push(token);
  world.tally.count('token handed out');
  return token;
}
