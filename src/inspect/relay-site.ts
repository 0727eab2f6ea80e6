import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { Hono } from 'hono/quick';
import type { OneTimeKey } from './one-time-key.ts';
import { keyRefused, messagesPath } from './relay-protocol.ts';

/** What {@link createRelaySite} takes. */
export interface RelaySiteOptions {
  /** The values of the Host header that lead here. Read at each request. */
  readonly hosts: ReadonlySet<string | undefined>;
  readonly key: OneTimeKey;
  /** The page that the relay's own page shows in a frame. Default: the live view. */
  readonly pageURL: string | undefined;
  /** The script of the relay's page. */
  readonly script: string;
  /** Answers a page that has shown the key. */
  openStream(bindings: HttpBindings): void;
}

type RelayEnv = { Bindings: HttpBindings };
/** `hono/quick` declares its class for any environment. */
type RelaySite = Hono<RelayEnv>;

/** Serves the relay's page and its script to anybody at a host of ours, and the messages to clients with the key. */
export function createRelaySite({ hosts, key, pageURL, script, openStream }: RelaySiteOptions): RelaySite {
  const site = new Hono<RelayEnv>();
  const headers = securityHeaders(pageURL);
  const page = toPage(pageURL);

  site.use(async (context, next) => {
    const { outgoing } = context.env;
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    // A foreign name that resolves to 127.0.0.1 is an attack by DNS rebinding.
    return hosts.has(context.req.header('host')) ? next() : context.body(null, 403);
  });
  site.get('/', (context) => context.body(page, 200, { 'Content-Type': 'text/html; charset=utf-8' }));
  site.get('/relay-page.js', (context) =>
    context.body(script, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  site.post(messagesPath, (context) => {
    if (!isSameOrigin(context)) return context.body(null, 403);
    if (!key.use(bearerOf(context))) return context.body(null, keyRefused);
    openStream(context.env);
    return RESPONSE_ALREADY_SENT;
  });
  site.get('*', (context) => context.body(null, 404));
  site.all('*', (context) => context.body(null, 405));
  return site;
}

function isSameOrigin({ req }: Context): boolean {
  return req.header('origin') === `http://${req.header('host')}`;
}

function bearerOf({ req }: Context): string {
  const [, key = ''] = /^Bearer (.+)$/.exec(req.header('authorization') ?? '') ?? [];
  return key;
}

function securityHeaders(pageURL: string | undefined): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    ...(pageURL === undefined ? [] : [`frame-src ${new URL(pageURL).origin}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function toPage(pageURL: string | undefined): string {
  const href = pageURL === undefined ? '' : new URL(pageURL).href;
  const url = href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Live view</title><body data-url="${url}"><script type="module" src="/relay-page.js"></script></body></html>\n`;
}
