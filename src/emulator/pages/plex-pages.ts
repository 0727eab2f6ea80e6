import type { Context, Hono, MiddlewareHandler } from 'hono';
import { NONCE, type SecureHeadersVariables, secureHeaders } from 'hono/secure-headers';
import type { EmulatorSettings } from '../emulator-options.ts';
import type { EmulatorState } from '../emulator-state.ts';
import type { Person } from '../people/person.ts';
import type { RegisteredPin } from '../pin-registry.ts';
import type { PlexContext, PlexEnv } from '../plex-context.ts';
import { readParameters } from '../request-parameters.ts';
import { toConsentDocument } from './consent-document.ts';
import { checkForwardURL, type Forward } from './forward-url.ts';
import { toIndexDocument } from './index-document.ts';

/** What the user decides on a PIN, and who that is. */
type Decide = (pin: RegisteredPin, person: Person) => void;

/**
 * Adds what people see: the index `/`, the consent page `/auth`, the code page `/link`, and the requests that these two make.
 *
 * The requests under `/emulator/` carry the user's decision, so only the emulator's own pages may make them.
 */
export function addPlexPages(app: Hono<PlexEnv>, state: EmulatorState): void {
  const { settings, registry } = state;
  const headers = createPageHeaders(settings);
  const showPage = (c: Context<PlexEnv & { Variables: SecureHeadersVariables }>) =>
    c.html(toConsentDocument(c.get('secureHeadersNonce') ?? '', settings.people));
  const answerAfter = (decide: Decide) => (c: PlexContext) => answerWithDecision(c, state, decide);

  app.get('/', headers, (c) => c.html(toIndexDocument(c.get('secureHeadersNonce') ?? '', c.req.url, state)));
  app.get('/auth', headers, showPage);
  app.get('/link', headers, showPage);
  app.use('/emulator/*', requireSameOrigin);
  app.post(
    '/emulator/pin',
    answerAfter(() => {}),
  );
  app.post(
    '/emulator/approve',
    answerAfter((pin, person) => registry.link(pin, person)),
  );
  app.post(
    '/emulator/deny',
    answerAfter((pin) => registry.deny(pin)),
  );
}

/** Makes the headers of a page: it runs its own script and style, loads nothing, and no other page can frame it. */
function createPageHeaders({ openerPolicy }: EmulatorSettings): MiddlewareHandler {
  return secureHeaders({
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
    crossOriginOpenerPolicy: openerPolicy,
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
  });
}

/** Lets the user decide on a PIN that is still waiting, and answers how the PIN stands then. */
async function answerWithDecision(c: PlexContext, state: EmulatorState, decide: Decide): Promise<Response> {
  const found = await findPin(c, state);
  if ('problem' in found) return c.json(found, 404);
  const { pin, person, forward } = found;
  if (pin.decision === 'waiting') decide(pin, person);
  const { product, device, code, decision } = pin;
  return c.json({ state: decision, product, device, code, person: pin.person?.user.title, ...forward });
}

/** Finds the PIN that the page names, or says why the user cannot decide on it. */
async function findPin(
  c: PlexContext,
  { registry, settings }: EmulatorState,
): Promise<{ pin: RegisteredPin; person: Person; forward: Forward } | { problem: string }> {
  const parameters = await readParameters(c.req.raw, c.env.url);
  const pin = registry.findByCode(parameters?.get('code') ?? '');
  const isTyped = parameters?.get('page') === 'link';
  if (!pin) {
    const advice = isTyped
      ? 'Check what you typed, or start again on your device.'
      : 'Start again on your device.';
    return { problem: `This code is unknown or has expired. ${advice}` };
  }
  const clientID = parameters?.get('clientid');
  if (clientID && clientID !== pin.clientIdentifier) {
    return { problem: 'This link names another client than the one that asked for the code.' };
  }
  if (pin.strong && isTyped) {
    return {
      problem: 'This page takes codes of four characters only. Open the link that your device shows.',
    };
  }
  const name = parameters?.get('as') || settings.people[0].name;
  const person = settings.people.find((one) => one.name === name);
  if (!person) return { problem: 'There is no such person at this emulator.' };
  const forward = checkForwardURL(parameters?.get('forwardurl'), pin.origin, settings.strictForwardURL);
  return { pin, person, forward };
}

/** Refuses what another site's page, or no page at all, sends. */
const requireSameOrigin: MiddlewareHandler = async (c, next) => {
  const site = c.req.header('Sec-Fetch-Site');
  const isSameOrigin = site ? site === 'same-origin' : c.req.header('Origin') === new URL(c.req.url).origin;
  return isSameOrigin ? next() : c.json({ problem: 'Only the emulator’s own pages may do this.' }, 403);
};
