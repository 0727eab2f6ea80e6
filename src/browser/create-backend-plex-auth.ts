import { toContainedClock } from '../contained-clock.ts';
import { internalsOf, registerInternals } from '../engine/engine-internals.ts';
import { createViewPublisher } from '../engine/view-publisher.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { systemClock, systemFetch } from '../ports.ts';
import { readPageURL } from '../read-page-url.ts';
import { copyOptions, requireOption } from '../require-option.ts';
import { type BackendAuthView, isRunning, type PlexAuthView } from '../view.ts';
import { backendClient, createBackendLink, type LoadBackendWire } from './backend-link.ts';
import { type BackendPlexAuth, type BackendPlexAuthOptions, serverOptions } from './backend-plex-auth.ts';
import { findPage } from './browser-options.ts';
import { createPageAuth } from './create-page-auth.ts';

/**
 * Makes an engine for a page whose token stays on the application's server.
 *
 * @param own A copy of the caller's options, without a prototype.
 * @param loadWire Gives the code that asks the server, which pages without a server do not load.
 * @throws {TypeError} For a bad option, naming it.
 */
export function createBackendPlexAuth(
  own: BackendPlexAuthOptions,
  loadWire: LoadBackendWire,
): BackendPlexAuth {
  for (const name of serverOptions)
    requireOption(
      Reflect.get(own, name) === undefined,
      name,
      'left out with backendURL: the server decides it',
    );
  const page = findPage(own);
  const backendURL = readBackendURL(own.backendURL, page);
  const { fetch = systemFetch, clock = systemClock, requestTimeoutMs = defaultRequestTimeoutMs } = own;
  const { name = backendURL, product = page?.location?.host || name, strong } = own;
  const link = createBackendLink({
    loadWire,
    backendURL,
    name,
    fetch,
    clock: toContainedClock(clock),
    requestTimeoutMs,
    strong,
    onUser: () => publish(auth.getSnapshot()),
    onError: (error) => internals?.reportStoreError(error),
  });
  const auth = createPageAuth(
    copyOptions({
      ...own,
      backendURL: undefined,
      name,
      product,
      wire: link.wire,
      clientIdentifier: backendClient,
    }),
    // On a server nobody is asked who is signed in.
    { session: page && link.session },
  );
  const internals = internalsOf(auth);
  const toOwnView = (view: PlexAuthView): BackendAuthView => {
    if (view.status !== 'authenticated') return view;
    const { token, clientIdentifier: _, ...others } = view;
    return { ...others, user: link.userOf(token) };
  };
  const views = createViewPublisher(toOwnView(auth.getSnapshot()));
  const publish = (view: PlexAuthView) => views.publish(toOwnView(view));
  auth.subscribe(publish, views.end);
  const backendAuth: BackendPlexAuth = {
    ...auth,
    getSnapshot: views.getSnapshot,
    subscribe: views.subscribe,
    cancel() {
      const { status } = auth.getSnapshot();
      auth.cancel();
      if (isRunning(status)) link.cancelAttempt();
    },
  };
  return internals ? registerInternals(backendAuth, internals) : backendAuth;
}

/** @returns The absolute address, without a slash at its end. @throws {TypeError} Unless it is of the page's own origin. */
function readBackendURL(backendURL: unknown, page: Window | undefined): string {
  // A page that is none is named by the next check.
  const here: Location | undefined = page?.location;
  const rule = "a path or an address of the page's own origin, without query and fragment";
  requireOption(typeof backendURL === 'string', 'backendURL', rule);
  const url = readPageURL(toAbsolute(backendURL, here?.href));
  const isRight = url && !/[?#]/.test(url.href) && (!here || url.origin === here.origin);
  requireOption(isRight === true, 'backendURL', rule);
  return (url as URL).href.replace(/\/+$/, '');
}

/** On a server, where there is no page, nobody is asked. */
function toAbsolute(path: string, base = 'http://localhost'): string | undefined {
  try {
    return new URL(path, base).href;
  } catch {
    return undefined;
  }
}
