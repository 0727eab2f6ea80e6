import { type AnswerHeaders, answerPage } from './answers.ts';

/** What the page without JavaScript shows of an attempt. */
export interface ShownAttempt {
  code: string;
  /** The consent page. */
  authURL: string;
  /** The page on which a person types the code. */
  linkURL: string;
  /** Whether the code is short enough to be typed. */
  isTyped: boolean;
  /** What the user waits for, if it is not the approval. */
  delay?: string | undefined;
}

/** What a page is made of. */
export interface PageContext {
  product: string;
  /** Where the handler is mounted, from the root of the host, without a slash at its end. */
  path: string;
  /** Where the user goes afterwards. */
  returnTo: string;
  /** The origin of the consent page: browsers hold a form to its policy after the redirect, too. */
  consentOrigin: string;
}

/** How often a page without JavaScript asks again, in seconds. */
const refreshSeconds = 3;

/** The page that begins a sign-in: one button. */
export function showBeginPage(
  context: PageContext,
  headers: AnswerHeaders,
  problem?: string,
  status = 200,
): Response {
  const { path, product, returnTo } = context;
  const action = `${path}/begin?returnTo=${encodeURIComponent(returnTo)}`;
  const body = `${problem ? `<p role="alert">${escapeHTML(problem)}</p>` : ''}
<form method="post" action="${escapeHTML(action)}"><button>Sign in with Plex</button></form>`;
  return show(context, `Sign in to ${product}`, body, { headers, status });
}

/** The page that waits for the approval: it loads itself again. */
export function showWaitingPage(
  context: PageContext,
  attempt: ShownAttempt,
  headers: AnswerHeaders = {},
): Response {
  const { path, product, returnTo } = context;
  const typed = `<p>Type this code at <a href="${escapeHTML(attempt.linkURL)}">${escapeHTML(attempt.linkURL)}</a>:</p>
<p><strong>${escapeHTML(attempt.code)}</strong></p>`;
  const status = attempt.delay ?? 'Waiting for your approval at Plex.';
  const body = `<p role="status">${escapeHTML(status)} This page tries again by itself.</p>
${attempt.isTyped ? typed : ''}
<p><a href="${escapeHTML(attempt.authURL)}">Open the page of Plex</a></p>
<form method="post" action="${escapeHTML(`${path}/cancel?returnTo=${encodeURIComponent(returnTo)}`)}"><button>Cancel</button></form>`;
  const more = { Refresh: `${refreshSeconds}; url=${path}/callback?again` };
  return show(context, `Signing in to ${product}`, body, { headers: { ...headers, more } });
}

/** The page on which the popup ends: it tells the page that opened it, and closes itself. */
export function showPopupPage(context: PageContext, headers: AnswerHeaders): Response {
  const nonce = crypto.randomUUID();
  const script = `<script nonce="${nonce}">
try { const channel = new BroadcastChannel('plex-auth-flow'); channel.postMessage({ type: 'returned' }); channel.close(); } catch {}
window.close();
</script>`;
  const body = `<p role="status">You may close this window.</p>${script}`;
  return show(context, context.product, body, { headers, scripts: `script-src 'nonce-${nonce}'` });
}

function show(
  context: PageContext,
  title: string,
  body: string,
  { headers, status, scripts = '' }: { headers: AnswerHeaders; status?: number; scripts?: string },
): Response {
  const nonce = crypto.randomUUID();
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHTML(title)}</title>
<style nonce="${nonce}">:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}body{max-width:30rem;margin:15vh auto;padding:0 1rem;text-align:center}
button{font:inherit;padding:.6rem 1.2rem;cursor:pointer}strong{font-size:2rem;letter-spacing:.2em}</style></head>
<body><main><h1>${escapeHTML(title)}</h1>
${body}</main></body></html>
`;
  const policy = `style-src 'nonce-${nonce}'; form-action 'self' ${context.consentOrigin}; ${scripts}`;
  return answerPage(html, policy, headers, status);
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
