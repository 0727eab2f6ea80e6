import { isPlexAuthError } from '../errors.ts';
import { parseJSON } from '../json.ts';
import type { PlexPin } from '../plex/plex-client.ts';
import { answerJSON, httpStatusOf, refuse, toErrorAnswer } from './answers.ts';
import type { Attempt } from './attempt-cookie.ts';
import type { AttemptOutcome } from './attempt-outcome.ts';
import { parseHandedPin } from './handed-pin.ts';
import { type AttemptAnswer, type HandedPin, hintHeader, pinHeader } from './protocol.ts';
import { readReturnTo } from './return-to.ts';
import { type AskedAttempts, askAttempts, type ServerContext } from './server-context.ts';

/** A PIN lives half an hour at most; a page cannot make an attempt that lives longer. */
const longestLifeMs = 1_800_000;
/** How long a question is worth waiting for a turn, in milliseconds. */
const hintedWaitMs = 5000;
const silentWaitMs = 2000;
/** How often one attempt is asked about while a request waits for news, in milliseconds. */
const paceMs = 1000;
/** The longest `wait`, in seconds: many proxies end a request after a minute. */
const longestWaitSeconds = 50;

/** What makes a PIN where the user's page cannot. */
export interface BeginContext extends ServerContext {
  makePin(): Promise<PlexPin>;
  authURLOf(code: string): Promise<string>;
  linkURLOf(code: string): string;
}

export const badReturnTo = 'returnTo must be a path of this application';

/** Begins an attempt with the PIN that the page has made. */
export async function beginWithPin(context: ServerContext, request: Request, url: URL): Promise<Response> {
  const pin = parseHandedPin(parseJSON(decode(request.headers.get(pinHeader) ?? '')));
  const returnTo = readReturnTo(url, context.settings.mountURL.origin);
  if (!pin)
    return refuse(400, 'BAD_REQUEST', `${pinHeader} holds no PIN: send its pinID, code and expiresInMs`);
  if (returnTo === undefined) return refuse(400, 'BAD_REQUEST', badReturnTo);
  const { cookies, answer } = await keepAttempt(context, request, pin, returnTo);
  return answerJSON(answer, 201, { cookies });
}

/** Begins an attempt for a caller that cannot ask Plex itself. Plex then shows the user this server's address. */
export async function beginHere(context: BeginContext, request: Request, url: URL): Promise<Response> {
  const returnTo = readReturnTo(url, context.settings.mountURL.origin);
  if (returnTo === undefined) return refuse(400, 'BAD_REQUEST', badReturnTo);
  try {
    const pin = await context.makePin();
    const { cookies, answer } = await keepAttempt(context, request, pin, returnTo);
    const { code } = pin;
    const shown = { code, authURL: await context.authURLOf(code), linkURL: context.linkURLOf(code) };
    return answerJSON({ ...answer, ...shown }, 201, { cookies });
  } catch (error) {
    if (!isPlexAuthError(error)) throw error;
    const answer: AttemptAnswer = { status: 'failed', error: toErrorAnswer(error) };
    return answerJSON(answer, httpStatusOf(answer));
  }
}

/** Puts a new attempt into the browser's cookie, before those that it has. */
export async function keepAttempt(
  { settings, cookie }: ServerContext,
  request: Request,
  pin: HandedPin,
  returnTo: string,
): Promise<{ attempt: Attempt; cookies: string[]; answer: AttemptAnswer }> {
  const expiresInMs = Math.min(pin.expiresInMs, longestLifeMs);
  const { pinID, code } = pin;
  const expiresAtMs = settings.clock.now() + expiresInMs;
  const attempt = { id: crypto.randomUUID(), pinID, code, expiresAtMs, returnTo };
  const others = (await cookie.read(request)).filter((other) => other.pinID !== pinID && !other.endedAs);
  const cookies = [await cookie.write([attempt, ...others])];
  return { attempt, cookies, answer: { status: 'pending', expiresInMs } };
}

/** Answers how the browser's attempt stands: at once, or once there is news within `wait` seconds. */
export async function answerAttempt(context: ServerContext, request: Request, url: URL): Promise<Response> {
  const wait = url.searchParams.get('wait') ?? '0';
  if (!/^\d{1,4}$/.test(wait)) return refuse(400, 'BAD_REQUEST', 'wait must be a number of seconds');
  const waitMs = Math.min(Number(wait), longestWaitSeconds) * 1000;
  const isHinted = request.headers.get(hintHeader) !== null;
  const first = isHinted ? await askUntil(context, request, { isHinted, waitMs: 0 }) : undefined;
  const isOver = first && (first.outcome.status !== 'pending' || waitMs === 0);
  const asked = isOver ? first : await askUntil(context, request, { isHinted: false, waitMs });
  const answer = toAttemptAnswer(asked);
  return answerJSON(answer, httpStatusOf(answer), asked.headers);
}

/** Ends all attempts of the browser, and what is being asked about them. @returns The `Set-Cookie` without them. */
export async function endAttempts({ cookie, asker }: ServerContext, request: Request): Promise<string> {
  for (const attempt of await cookie.read(request)) await asker.cancel(attempt);
  return cookie.write([]);
}

/** Asks again and again, at Plex's own pace, until there is news or the time is over. */
export async function askUntil(
  context: ServerContext,
  request: Request,
  { isHinted, waitMs }: { isHinted: boolean; waitMs: number },
): Promise<AskedAttempts> {
  const { clock } = context.settings;
  const { signal } = request;
  const leastWaitMs = isHinted ? hintedWaitMs : silentWaitMs;
  // Each round counts as its pace at least, so that a clock that is set back ends no later.
  for (let leftMs = waitMs; ; ) {
    const beganMs = clock.now();
    const ownWaitMs = Math.max(leastWaitMs, leftMs);
    const asked = await askAttempts(context, request, { isHinted, waitMs: ownWaitMs, signal });
    const tookMs = Math.max(0, clock.now() - beganMs);
    leftMs -= Math.max(paceMs, tookMs);
    if (asked.outcome.status !== 'pending' || leftMs <= 0 || signal.aborted) return asked;
    const pauseMs = Math.max(0, paceMs - tookMs);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, pauseMs));
  }
}

/** What the page learns: nothing of the session, and no token. */
export function toAttemptAnswer({ outcome, next }: AskedAttempts): AttemptAnswer {
  if (outcome.status === 'none') return { status: 'failed', error: noAttempt };
  if (outcome.status === 'failed') return { status: 'failed', error: toErrorAnswer(outcome.error) };
  return toPublic(outcome, next);
}

function toPublic(outcome: Exclude<AttemptOutcome, { status: 'failed' }>, next: string): AttemptAnswer {
  if (outcome.status === 'pending')
    return { status: 'pending', expiresInMs: Math.min(outcome.expiresInMs, longestLifeMs) };
  if (outcome.status === 'gone') return { status: 'gone' };
  return { status: 'authenticated', user: outcome.user, redirectTo: next };
}

const noAttempt = {
  code: 'PLEX_NO_ATTEMPT',
  message: 'This browser has no sign-in attempt that is still open: begin again',
  retryable: false,
} as const;

/** Decodes base64url of ASCII. */
function decode(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
