import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine } from '../../engine/create-engine.ts';
import type { EngineInternals } from '../../engine/engine-internals.ts';
import type { PlexAuth } from '../../engine/plex-auth.ts';
import type { PlexAuthOptions } from '../../engine/plex-auth-options.ts';
import type { PlexInspector } from '../../inspect/index.ts';
import type { PlexAuthView } from '../../view.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { toShownText } from '../host/printable-text.ts';
import { programCall } from '../host/program-call.ts';
import { type ServerAddress, toServerAddress } from '../host/server-address.ts';
import { createLoginScreen } from '../screens/create-login-screen.ts';
import type { LoginScreen } from '../screens/login-screen.ts';
import { exitCode } from './exit-code.ts';
import { keepTokenAnyway } from './keep-token-anyway.ts';
import type { KeptSignIn } from './kept-sign-in.ts';
import { toUserName } from './user-name.ts';

/** What surrounds the engine in one run of `login`. */
export interface SignInRun {
  readonly host: CommandHost;
  readonly strong: boolean;
  /** Whether Enter may open the page in a browser. */
  readonly canOpen: boolean;
  readonly giveUpAfterMs: number | undefined;
  readonly isInspected: boolean;
  readonly isJSON: boolean;
  /** Where the engine keeps the sign-in; nowhere at an emulator. */
  readonly kept?: KeptSignIn;
  /** A line about what is special in this run. */
  readonly notice?: string;
}

type FinalView = Extract<PlexAuthView, { status: 'authenticated' | 'expired' | 'failed' }>;

/** How long `login` waits for the user's name once the sign-in has succeeded. */
const namePatienceMs = 3000;

/** Runs the engine behind a screen to its end, and reports the result. */
export async function runSignIn(authOptions: PlexAuthOptions, run: SignInRun): Promise<number> {
  const {
    host,
    strong,
    canOpen,
    isJSON,
    isInspected,
    giveUpAfterMs = Number.POSITIVE_INFINITY,
    notice,
  } = run;
  const inspector = isInspected ? await startInspector(authOptions) : undefined;
  const inspection = inspector && { inspect: inspector.inspect, fetch: inspector.fetch };
  const { auth, internals } = createEngine({ ...authOptions, ...inspection });
  const giveUpAtMs = Date.now() + giveUpAfterMs;
  const server = toServerAddress(authOptions.serverURL, host.env);
  const browser = canOpen ? host.browser : undefined;
  const screen = createLoginScreen({ host, isShort: !strong, giveUpAtMs, isJSON, browser, server });
  try {
    if (!isJSON) screen.writeLine(host.palette.bold('Sign in to Plex'));
    if (notice) screen.writeLine(isJSON ? notice : host.palette.yellow(notice));
    if (inspector) writeLiveViewURL(await inspector.url, screen, run);
    const end = await showUntilEnd(auth, run, screen);
    if (end.status !== 'authenticated') {
      await internals.store.flushed();
      screen.close();
      return reportEnd(end, run, { server });
    }
    if (run.kept && !(await isTokenKept(end, internals, screen, run))) {
      host.signal.throwIfAborted();
      return exitCode.failed;
    }
    if (isJSON) screen.showView(end);
    const name = isJSON ? '' : await findName(auth, host);
    await internals.store.flushed();
    screen.close();
    return reportEnd(auth.getSnapshot(), run, { server, name });
  } finally {
    screen.close();
    auth.dispose();
    await inspector?.stop();
  }
}

/** Waits until the token is stored. Where it is not, says how to get it nevertheless. */
async function isTokenKept(
  view: Extract<FinalView, { status: 'authenticated' }>,
  internals: EngineInternals,
  screen: LoginScreen,
  { host, isJSON }: SignInRun,
): Promise<boolean> {
  const error = await internals.store.credentialsKept();
  if (!error) return true;
  screen.close();
  if (await keepTokenAnyway(view, error, internals, host)) return true;
  if (isJSON) screen.showView({ ...view, lastError: error });
  return false;
}

/** Loads the inspector only when it is asked for. */
async function startInspector({ fetch }: PlexAuthOptions): Promise<PlexInspector> {
  const { createPlexInspector } = await import('../../inspect/index.ts');
  return createPlexInspector({ fetch });
}

/** Writes the live view's address: to standard error if standard output is for programs. */
function writeLiveViewURL(url: string | undefined, screen: LoginScreen, { isJSON, host }: SignInRun): void {
  if (url === undefined) host.warn('no live view: nothing can be served on 127.0.0.1');
  else if (isJSON) host.stderr.write(`Live view: ${url}\n`);
  else screen.writeLine(`Live view: ${url}`);
}

/**
 * Starts the engine and shows each of its views, until the sign-in has ended.
 *
 * @throws {Interruption} After it has cancelled the engine because of one.
 */
function showUntilEnd(
  auth: PlexAuth,
  { isJSON, host: { signal } }: SignInRun,
  screen: LoginScreen,
): Promise<FinalView> {
  return new Promise((resolve, reject) => {
    let isResumed: boolean | undefined;
    auth.subscribe((view) => {
      // A program that reads this may ask for the token at once, so it is told once the token is stored.
      if (!isJSON || view.status !== 'authenticated') screen.showView(view);
      isResumed ??= view.status !== 'requestingPin';
      if (!isFinal(view)) return;
      if (isResumed && isStale(view)) {
        isResumed = false;
        auth.start();
      } else resolve(view);
    });
    const onAbort = () => {
      auth.cancel();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    auth.start();
  });
}

function isFinal(view: PlexAuthView): view is FinalView {
  const { status } = view;
  return status === 'authenticated' || status === 'expired' || status === 'failed';
}

/** Whether a PIN from an earlier run can no longer be used. The sign-in then starts again with a new one. */
function isStale(view: FinalView): boolean {
  if (view.status === 'failed') return view.error.code === 'PLEX_CLIENT_MISMATCH';
  return view.status === 'expired' && view.reason === 'pin';
}

/** Asks Plex for the user's name, but not for long: the sign-in has succeeded with or without it. */
async function findName(auth: PlexAuth, host: CommandHost): Promise<string> {
  const patience = new AbortController();
  const limit = sleep(namePatienceMs, undefined, { signal: AbortSignal.any([patience.signal, host.signal]) });
  const answer = await Promise.race([auth.verify(), limit.catch(() => undefined)]);
  patience.abort();
  return answer?.status === 'valid' ? toShownText(toUserName(answer.user), host) : '';
}

/** Reports success where people read, and anything else on standard error. */
function reportEnd(
  view: PlexAuthView,
  { isJSON, host, kept }: SignInRun,
  { server, name = '' }: { server: ServerAddress; name?: string },
): number {
  const { stdout, palette, warn } = host;
  switch (view.status) {
    case 'authenticated': {
      const who = name ? ` as ${name}` : '';
      const next = kept ? toNextText(kept) : trialText;
      if (!isJSON) stdout.write(`${palette.green('Signed in')}${who}\n${next}`);
      return exitCode.done;
    }
    case 'expired':
      if (view.lastError) warn(toErrorText(view.lastError, server));
      warn(`${expiryTexts[view.reason]}: run ${programCall} login again`);
      return exitCode.expired;
    case 'failed':
      warn(toErrorText(view.error, server));
      return exitCode.failed;
    default:
      throw new Error(`The sign-in ended in the state ${view.status}`);
  }
}

/** Says where the sign-in is stored, and what a user may want next. */
function toNextText({ credentialsFile }: KeptSignIn): string {
  return `Kept in ${credentialsFile}\nNext: ${programCall} whoami, token or logout\n`;
}

/** What follows a trial at an emulator. */
const trialText = `Next: ${programCall} login signs in at Plex itself
In your own code: signIn() from 'plex-auth-flow', as shown in README.md
`;

const expiryTexts = {
  pin: 'the code expired before anybody approved',
  limit: 'the sign-in did not end within --timeout',
  token: 'Plex refused the token that it had just given',
};
