import type { Clock } from '../ports.ts';
import { answerJSON, toHeaders } from './answers.ts';
import { askUntil, toAttemptAnswer } from './attempt-endpoints.ts';
import type { AttemptAnswer, TicketAnswer } from './protocol.ts';
import { createRecentIDs } from './recent-ids.ts';
import type { AskedAttempts, ServerContext } from './server-context.ts';

/** How long one round of questions lasts, in milliseconds. An event follows each, so that no proxy ends a quiet stream. */
const roundMs = 15_000;
/** How long a stream waits after an error that may pass, in milliseconds, unless Plex asked for more. */
const pauseAfterErrorMs = 3000;
const longestPauseMs = 60_000;
/** How long a ticket is good for, in milliseconds. */
const ticketLifeMs = 60_000;

/**
 * Answers with a stream of events: how the attempt stands, until it has ended.
 *
 * An answer that has begun can set no cookie. So the last event brings a ticket, which holds the application's session sealed,
 * and which only the browser with the same attempt can exchange.
 */
export function streamAttempt(context: ServerContext, request: Request): Response {
  const encoder = new TextEncoder();
  const leaving = new AbortController();
  request.signal.addEventListener('abort', () => leaving.abort());
  const asking = new Request(request, { signal: leaving.signal });
  let pauseMs = 0;
  // The first event comes at once: Node, Next.js and SvelteKit send an answer's headers with its first bytes.
  let waitMs = 0;
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      await pause(context.settings.clock, pauseMs, leaving.signal);
      const asked = await askUntil(context, asking, { isHinted: false, waitMs });
      waitMs = roundMs;
      if (leaving.signal.aborted) return closeStream(controller);
      const event = await toEvent(context, asked);
      pauseMs = event.status === 'failed' ? Math.max(pauseAfterErrorMs, event.error.retryAfterMs ?? 0) : 0;
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
      if (event.status !== 'pending' && !(event.status === 'failed' && event.error.retryable))
        controller.close();
    },
    cancel: () => leaving.abort(),
  };
  // Nobody is asked before somebody reads: an answer to `HEAD` is not read.
  const body = new ReadableStream(source, { highWaterMark: 0 });
  const more = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' };
  return new Response(body, { headers: toHeaders({ more }) });
}

/** Ends the wait of whoever reads. A stream that its reader has cancelled is closed already. */
function closeStream(controller: ReadableStreamDefaultController): void {
  try {
    controller.close();
  } catch {}
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ms === 0 || signal.aborted) return resolve();
    const end = () => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimeout(end, Math.min(ms, longestPauseMs));
    signal.addEventListener('abort', end);
  });
}

async function toEvent(
  { tickets, settings }: ServerContext,
  asked: AskedAttempts,
): Promise<AttemptAnswer | TicketAnswer> {
  const answer = toAttemptAnswer(asked);
  if (answer.status !== 'authenticated' || !asked.attempt) return answer;
  const cookies = (asked.headers.cookies ?? []).map((cookie) => ['Set-Cookie', cookie]);
  const session = [...new Headers(asked.headers.session), ...cookies];
  const record = { id: asked.attempt.id, answer, session };
  return { status: 'ready', ticket: await tickets.seal(record, settings.clock.now() + ticketLifeMs) };
}

/** Makes what exchanges a ticket for the session in it, once. @returns Undefined for a ticket that is not this browser's. */
export function createTicketExchange({ tickets, cookie, settings }: ServerContext) {
  // A ticket opens until a minute after its end, since clocks differ.
  const used = createRecentIDs(settings.clock, 3 * ticketLifeMs);
  return async (request: Request, ticket: string): Promise<Response | undefined> => {
    const record = await tickets.open(ticket);
    const { id, answer, session } = Object(record) as {
      id?: string;
      answer: object;
      session: [string, string][];
    };
    const attempts = await cookie.read(request);
    if (id === undefined || used.has(id) || !attempts.some((attempt) => attempt.id === id)) return undefined;
    used.add(id);
    return answerJSON(answer, 200, { session });
  };
}
