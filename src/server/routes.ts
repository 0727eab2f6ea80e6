import { answerJSON, answerNothing, redirectTo, refuse } from './answers.ts';
import { askApplication } from './ask-application.ts';
import { answerAttempt, beginHere, beginWithPin, endAttempts } from './attempt-endpoints.ts';
import { createTicketExchange, streamAttempt } from './event-stream.ts';
import {
  answerCallback,
  answerPage,
  answerPopup,
  beginByForm,
  cancelByForm,
  type FormContext,
} from './form-endpoints.ts';
import { toPlexUser } from './plex-user.ts';
import { type ClientDescription, paths, pinHeader, ticketHeader } from './protocol.ts';
import { readReturnTo } from './return-to.ts';
import { isSameOrigin } from './same-origin.ts';

/** Answers one request for one path and method. */
type Endpoint = (request: Request, url: URL) => Response | Promise<Response>;

/** What the routes need besides. */
export interface RoutesContext extends FormContext {
  describeClient(): Promise<ClientDescription>;
}

/** Makes what answers every request below the address where the handler is mounted. */
export function createRoutes(context: RoutesContext): (request: Request) => Promise<Response> {
  const { mountURL } = context.settings;
  const endpoints = createEndpoints(context);
  // Plex sends the user there, and people open it by its address.
  const openToAll = new Set<string>([paths.callback, paths.popup, paths.page]);

  return async (request) => {
    const url = new URL(request.url);
    const path = toPath(url.pathname, mountURL.pathname);
    const methods = endpoints[path];
    if (!methods) return refuse(404, 'NOT_FOUND', 'There is nothing at this address');
    const isHead = request.method === 'HEAD';
    const method = isHead ? 'GET' : request.method;
    const endpoint = methods[method];
    if (!endpoint) {
      const more = { Allow: Object.keys(methods).join(', ') };
      return refuse(405, 'METHOD_NOT_ALLOWED', `Ask with ${more.Allow}`, more);
    }
    if (!(openToAll.has(path) && method === 'GET') && !isSameOrigin(request, mountURL.origin))
      return refuse(403, 'CROSS_SITE', `Only a page of ${mountURL.origin} may ask this`);
    return endpoint(request, url);
  };
}

/** The path below the address where the handler is mounted; some frameworks cut the part in front off. */
function toPath(pathname: string, mountPath: string): string {
  const isWhole = pathname === mountPath || pathname.startsWith(`${mountPath}/`);
  const path = isWhole ? pathname.slice(mountPath.length) : pathname;
  // Not `/+$` alone: it would try each slash of a long row anew.
  return path.replace(/(?<!\/)\/+$/, '') || paths.page;
}

function createEndpoints(context: RoutesContext): Record<string, Record<string, Endpoint> | undefined> {
  const endpoints: Record<string, Record<string, Endpoint>> = {
    [paths.page]: { GET: (request, url) => answerPage(context, request, url) },
    [paths.client]: { GET: async () => answerJSON(await context.describeClient()) },
    [paths.attempt]: {
      GET: (request, url) =>
        accepts(request, 'text/event-stream')
          ? streamAttempt(context, request)
          : answerAttempt(context, request, url),
      POST: (request, url) =>
        request.headers.has(pinHeader)
          ? beginWithPin(context, request, url)
          : beginHere(context, request, url),
      DELETE: async (request) => answerNothing({ cookies: [await endAttempts(context, request)] }),
    },
    [paths.session]: { GET: createSessionEndpoint(context) },
    [paths.callback]: { GET: (request, url) => answerCallback(context, request, url) },
    [paths.popup]: { GET: (request) => answerPopup(context, request) },
    [paths.begin]: { POST: (request, url) => beginByForm(context, request, url) },
    [paths.cancel]: { POST: (request, url) => cancelByForm(context, request, url) },
    [paths.signOut]: { POST: createSignOutEndpoint(context) },
  };
  // A path and a method are names that a stranger chooses.
  for (const methods of Object.values(endpoints)) Object.setPrototypeOf(methods, null);
  return Object.setPrototypeOf(endpoints, null);
}

function accepts(request: Request, type: string): boolean {
  return (request.headers.get('Accept') ?? '').includes(type);
}

/**
 * Says whose session it is, if the application does, or exchanges a ticket for one.
 *
 * Every page asks this when it opens. So "the application does not say" is no error, which a browser would write into its console.
 */
function createSessionEndpoint(context: RoutesContext): Endpoint {
  const exchange = createTicketExchange(context);
  const { getUser, clock } = context.settings;
  return async (request) => {
    const ticket = request.headers.get(ticketHeader);
    if (ticket !== null)
      return (await exchange(request, ticket)) ?? refuse(403, 'BAD_TICKET', 'This ticket is no longer good');
    if (!getUser) return answerNothing({});
    const user = await askApplication(clock, 'getUser', () => getUser(request));
    return answerJSON({ user: user ? toPlexUser(user) : null });
  };
}

/** Ends the application's session. A form goes on to `returnTo`. */
function createSignOutEndpoint({ settings, cookie }: RoutesContext): Endpoint {
  const { onSignOut, mountURL, clock } = settings;
  return async (request, url) => {
    if (!onSignOut) return refuse(404, 'NOT_FOUND', 'This application has no sign-out here');
    const returnTo = readReturnTo(url, mountURL.origin) ?? '/';
    const { headers: session } = (await askApplication(clock, 'onSignOut', () => onSignOut(request))) ?? {};
    const attempts = await cookie.read(request);
    const open = attempts.filter(({ endedAs }) => !endedAs);
    // What has signed the user in would still say so for a moment.
    const cookies = open.length < attempts.length ? [await cookie.write(open)] : [];
    return accepts(request, 'text/html')
      ? redirectTo(`${mountURL.origin}${returnTo}`, { session, cookies })
      : answerNothing({ session, cookies });
  };
}
