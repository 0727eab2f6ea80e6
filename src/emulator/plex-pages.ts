import type { Context, Hono, MiddlewareHandler } from 'hono';
import { NONCE, type SecureHeadersVariables, secureHeaders } from 'hono/secure-headers';
import { toConsentDocument } from './consent-document.ts';
import type { PlexEnv } from './emulator-request.ts';
import type { Pin } from './pin-registry.ts';
import type { PlexBackstage } from './plex-routes.ts';
import { readParameters } from './request-parameters.ts';

/** What plex.tv answers on an unknown path: a page, not the error envelope. */
export const notFoundPage = toBarePage('404 Not Found', 'The plex.tv emulator has nothing here.');

/** What comes in place of an answer when a proxy, a login wall or an outage gets in between. */
export const outagePage = toBarePage('Please stand by', 'An emulated page in place of an answer.');

/**
 * Adds what people see: the consent page `/auth`, the code page `/link`, and what the two call.
 *
 * The calls under `/emulator/` stand in for the user's own decision, so no other origin may make them.
 */
export function addPlexPages(
  app: Hono<PlexEnv>,
  { settings, registry }: Pick<PlexBackstage, 'settings' | 'registry'>,
): void {
  const guard = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: [NONCE],
      styleSrc: [NONCE],
      imgSrc: ['data:'],
      connectSrc: ["'self'"],
      formAction: ["'none'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    crossOriginOpenerPolicy: settings.openerPolicy,
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
  });

  const showPage = (c: Context<PlexEnv & { Variables: SecureHeadersVariables }>) =>
    c.html(toConsentDocument(c.get('secureHeadersNonce') ?? '', settings.user.username));

  /** Finds the PIN that the page names; says why where there is none to decide on. */
  async function findPin(c: Context<PlexEnv>): Promise<{ pin: Pin; forward: Forward } | { problem: string }> {
    const named = await readParameters(c.req.raw);
    const pin = registry.findByCode(named.get('code') ?? '');
    if (!pin) return { problem: 'This code is unknown or has expired. Start again on your device.' };
    const clientID = named.get('clientid');
    if (clientID && clientID !== pin.clientIdentifier) {
      return { problem: 'This link names another client than the one that asked for the code.' };
    }
    return { pin, forward: judgeForwardURL(named.get('forwardurl'), pin.origin) };
  }

  /** Answers with how the PIN stands once `decide` has had its say. */
  const answer = (decide: (pin: Pin) => void) => async (c: Context<PlexEnv>) => {
    const found = await findPin(c);
    if ('problem' in found) return c.json(found, 404);
    const { pin, forward } = found;
    if (pin.verdict === 'waiting') decide(pin);
    const { product, device, code, verdict } = pin;
    return c.json({ state: verdict, product, device, code, ...forward });
  };

  app.get('/auth', guard, showPage);
  app.get('/link', guard, showPage);
  app.use('/emulator/*', sameOriginOnly);
  app.post(
    '/emulator/pin',
    answer(() => {}),
  );
  app.post(
    '/emulator/approve',
    answer((pin) => registry.link(pin)),
  );
  app.post(
    '/emulator/deny',
    answer((pin) => {
      pin.verdict = 'denied';
    }),
  );
}

/** Where the page sends the user after the approval, or why it does not. */
type Forward = { forwardTo?: string; forwardRefused?: string };

/** Checks a forward URL as plex.tv does (as read 2026-08): http or https, and on the host that made the PIN. */
function judgeForwardURL(forwardURL: string | undefined, origin: string | undefined): Forward {
  if (!forwardURL) return {};
  if (!URL.canParse(forwardURL)) return { forwardRefused: 'The forward URL is not a complete URL.' };
  const { protocol, host, href } = new URL(forwardURL);
  if (!['http:', 'https:'].includes(protocol)) {
    return { forwardRefused: `The forward URL must be http or https, not ${protocol}` };
  }
  if (!origin || !URL.canParse(origin)) {
    return { forwardRefused: 'No Origin was sent when the code was made, so no forward URL is trusted.' };
  }
  const askedBy = new URL(origin).host;
  if (host === askedBy) return { forwardTo: href };
  return { forwardRefused: `The forward URL leads to ${host}, but the code was made by ${askedBy}.` };
}

/** Turns away what another site's page, or no page at all, sends. */
const sameOriginOnly: MiddlewareHandler = async (c, next) => {
  const site = c.req.header('Sec-Fetch-Site');
  const isOurs = site ? site === 'same-origin' : c.req.header('Origin') === new URL(c.req.url).origin;
  return isOurs ? next() : c.json({ problem: 'Only the emulator’s own pages may do this.' }, 403);
};

function toBarePage(title: string, text: string): string {
  const style = 'font:1rem/1.5 system-ui;max-width:40ch;margin:20vh auto;padding:0 1rem';
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>
<body style="${style}"><h1>${title}</h1><p>${text}</p></body></html>
`;
}
