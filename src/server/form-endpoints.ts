import { type AnswerHeaders, redirectTo, refuse } from './answers.ts';
import type { Attempt } from './attempt-cookie.ts';
import { askUntil, type BeginContext, badReturnTo, endAttempts, keepAttempt } from './attempt-endpoints.ts';
import { type PageContext, showBeginPage, showPopupPage, showWaitingPage } from './pages.ts';
import { readReturnTo } from './return-to.ts';
import type { AskedAttempts } from './server-context.ts';

/** What the endpoints without JavaScript need besides. */
export interface FormContext extends BeginContext {
  readonly consentOrigin: string;
}

/** When the user is back, the token can lag: the callback waits this long for it, in milliseconds, before it shows a page. */
const lagMs = 4000;

/** Begins an attempt, and sends the browser to Plex; a short code is shown to be typed instead. */
export async function beginByForm(context: FormContext, request: Request, url: URL): Promise<Response> {
  const returnTo = readReturnTo(url, context.settings.mountURL.origin);
  if (returnTo === undefined) return refuse(400, 'BAD_REQUEST', badReturnTo);
  try {
    const pin = await context.makePin();
    const { attempt, cookies } = await keepAttempt(context, request, pin, returnTo);
    if (isTyped(context)) return showWaiting(context, attempt, { cookies });
    return redirectTo(await context.authURLOf(pin.code), { cookies });
  } catch (error) {
    context.onError(error);
    return showBeginPage(
      toPage(context, returnTo),
      {},
      'Plex cannot be reached at the moment. Try again.',
      503,
    );
  }
}

/** Where Plex sends the user back to, and what the waiting page loads again: ends in the session, or waits on. */
export async function answerCallback(context: FormContext, request: Request, url: URL): Promise<Response> {
  // The page that loads itself again knows nothing new.
  const isHinted = !url.searchParams.has('again');
  const asked = await askUntil(context, request, { isHinted, waitMs: isHinted ? lagMs : 0 });
  const { outcome, attempt, headers, next } = asked;
  if (outcome.status === 'authenticated') return redirectTo(next, headers);
  if (attempt && (outcome.status === 'pending' || isPassing(asked)))
    return showWaiting(context, attempt, headers, delayOf(context, asked));
  return showBeginPage(toPage(context, attempt?.returnTo ?? '/'), headers, problemOf(asked));
}

/**
 * The same in a window of its own, which closes itself. The page that opened it asks for itself: so an attempt that has failed
 * stays in the cookie, or the page would not learn why.
 */
export async function answerPopup(context: FormContext, request: Request): Promise<Response> {
  const { outcome, attempt, headers } = await askUntil(context, request, { isHinted: true, waitMs: lagMs });
  return showPopupPage(toPage(context, attempt?.returnTo ?? '/'), outcome.status === 'failed' ? {} : headers);
}

/** The page that begins a sign-in without JavaScript, or that waits for one. */
export async function answerPage(context: FormContext, request: Request, url: URL): Promise<Response> {
  const [attempt] = await context.cookie.read(request);
  if (attempt) return showWaiting(context, attempt, {});
  const returnTo = readReturnTo(url, context.settings.mountURL.origin);
  return showBeginPage(toPage(context, returnTo ?? '/'), {});
}

/** Ends the attempts of the browser, and sends it to where they began. */
export async function cancelByForm(context: FormContext, request: Request, url: URL): Promise<Response> {
  const { origin } = context.settings.mountURL;
  const returnTo = readReturnTo(url, origin) ?? '/';
  return redirectTo(`${origin}${returnTo}`, { cookies: [await endAttempts(context, request)] });
}

async function showWaiting(
  context: FormContext,
  attempt: Attempt,
  headers: AnswerHeaders,
  delay?: string,
): Promise<Response> {
  const { code, returnTo } = attempt;
  const authURL = await context.authURLOf(code);
  const shown = { code, authURL, linkURL: context.linkURLOf(code), isTyped: isTyped(context), delay };
  return showWaitingPage(toPage(context, returnTo), shown, headers);
}

const isTyped = ({ settings }: FormContext) => settings.strong === false;

const isPassing = ({ outcome }: AskedAttempts) => outcome.status === 'failed' && outcome.error.retryable;

/** What the user waits for, if it is not the approval. */
function delayOf({ settings }: FormContext, { outcome }: AskedAttempts): string | undefined {
  if (outcome.status !== 'failed') return;
  return outcome.error.code === 'PLEX_UNEXPECTED'
    ? `${settings.product} cannot sign you in at the moment.`
    : 'Plex cannot be reached at the moment.';
}

function problemOf({ outcome }: AskedAttempts): string {
  if (outcome.status === 'failed' && outcome.error.code === 'PLEX_NO_ACCESS')
    return 'This Plex account may not use the server. Sign in with another one.';
  return outcome.status === 'none'
    ? 'This browser has no sign-in that is still open. Begin again.'
    : 'The sign-in is over. Begin again.';
}

function toPage({ settings, consentOrigin }: FormContext, returnTo: string): PageContext {
  return { product: settings.product, path: settings.mountURL.pathname, returnTo, consentOrigin };
}
