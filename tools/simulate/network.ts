import type { Fetch } from '../../src/index.ts';
import {
  type BodyScript,
  toLightResponse,
  toScript,
  toTextResponse,
  toWebResponse,
  travel,
} from './bodies.ts';
import { createDistortion, isSpoiled } from './distort.ts';
import type { IssuedToken, Operation, Sent } from './observed-world.ts';
import type { Journey, Plan, PlannedFault } from './plan.ts';
import type { PlexAnswer, SimulatedPlex } from './plex.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What the network reports to the world, as it happens. */
export interface NetworkWatch {
  /** A request has gone out. */
  onSent(operation: Operation, base: string, signal: AbortSignal | undefined): Sent;
  /** It has come to Plex and is being answered. */
  onArrived(sent: Sent, answer: PlexAnswer): void;
  /** The head of its answer is now the client's, or will never come. */
  onHead(sent: Sent, answer: PlexAnswer | undefined): void;
  /** The client has every byte of its body. */
  onWhole(sent: Sent): void;
  /** Nothing more comes of it. */
  onEnd(sent: Sent): void;
  /** It takes longer than the client waits. */
  onSlow(sent: Sent): void;
  onError(sent: Sent, fault: PlannedFault): void;
  /** The token in this answer, if it carries one. */
  tokenIn(sent: Sent, text: string): IssuedToken | undefined;
  onTokenRead(token: IssuedToken): void;
}

/** An answer on its way to the client. */
interface Delivery {
  readonly answer: PlexAnswer;
  readonly token: IssuedToken | undefined;
  /** Undefined where there is no body. */
  readonly script: BodyScript | undefined;
}

/** Makes the way from one engine to Plex, which takes the time and the turns that the plan says. */
export function createNetwork(
  plan: Plan,
  time: SimulatedTime,
  plex: SimulatedPlex,
  watch: NetworkWatch,
): Fetch {
  const journeys = new Map(plan.journeys.map((journey) => [journey.request, journey]));
  const ordinary: Omit<Journey, 'request'> = { upMs: plan.latencyMs / 2, downMs: plan.latencyMs / 2 };
  const toResponse = { light: toLightResponse, web: toWebResponse, text: toTextResponse }[plan.responses];
  const distort = createDistortion(plan);
  let tokenFaultsLeft = plan.tokenFaults;

  function faultOnWay(sent: Sent, fault: PlannedFault | undefined, token: IssuedToken | undefined) {
    if (fault || !token || !plan.tokenFault || tokenFaultsLeft === 0) return fault;
    tokenFaultsLeft -= 1;
    watch.onError(sent, plan.tokenFault);
    return plan.tokenFault;
  }

  /** Brings a request to Plex, and the head of its answer back. */
  async function carry(
    url: string,
    init: RequestInit,
    sent: Sent,
    signal: AbortSignal | undefined,
  ): Promise<Delivery> {
    const { upMs, downMs, fault: planned } = journeys.get(sent.number) ?? ordinary;
    if (upMs + downMs >= plan.requestTimeoutMs) watch.onSlow(sent);
    if (upMs > 0) await travel(time, upMs, 'world', signal);
    if (signal?.aborted) throw signal.reason;
    if (planned) watch.onError(sent, planned);
    let answer: PlexAnswer;
    try {
      answer = await plex.answer({ operation: sent.operation, url, init, fault: planned, signal });
    } catch (error) {
      // A machine that sleeps learns of it when it wakes.
      if (time.isAsleep) await travel(time, 0, 'delivery', signal);
      throw error;
    }
    watch.onArrived(sent, answer);
    const { text, status } = answer;
    const isReading = sent.operation === 'getToken' && status === 200;
    const token = isReading && text !== null ? watch.tokenIn(sent, text) : undefined;
    const fault = faultOnWay(sent, planned, token);
    if (token && isSpoiled(fault, plan.responses)) token.lostBy = 'fault';
    if (downMs > 0 || time.isAsleep) await travel(time, downMs, 'delivery', signal);
    if (fault?.type === 'lost') throw new TypeError('fetch failed');
    const script = text === null ? undefined : toScript(distort(text, fault, isReading && !token), fault);
    return { answer, token, script };
  }

  return async (input, init = {}) => {
    const asked = init.signal ?? undefined;
    // As the platform's: what is aborted already is never sent.
    if (asked?.aborted) throw asked.reason;
    const url = String(input);
    const sent = watch.onSent(
      operationOf(url, init.method),
      url.slice(0, url.search(/\/(pins|user)/)),
      asked,
    );
    const signal = plan.ignoresAborts ? undefined : asked;
    let delivery: Delivery | undefined;
    let response: Response | undefined;
    try {
      delivery = await carry(url, init, sent, signal);
      const { answer, script, token } = delivery;
      const onWhole = () => {
        watch.onWhole(sent);
        if (token) watch.onTokenRead(token);
      };
      response = await toResponse(answer, script, { time, signal, onWhole, onEnd: () => watch.onEnd(sent) });
      return response;
    } finally {
      watch.onHead(sent, response && delivery?.answer);
      if (!response || !delivery?.script) watch.onEnd(sent);
    }
  };
}

function operationOf(url: string, method: string | undefined): Operation {
  if (method === 'POST') return 'getPin';
  if (method === 'DELETE') return 'signOut';
  return url.includes('/pins/') ? 'getToken' : 'getUser';
}
