import { setTimeout as sleep } from 'node:timers/promises';
import { createPlexAuth, type PlexAuth, type PlexAuthOptions } from '../../engine/create-plex-auth.ts';
import type { PlexInspector } from '../../inspect/index.ts';
import type { PlexUser } from '../../plex/client.ts';
import { isLoopback } from '../../require-option.ts';
import type { PlexAuthView } from '../../view.ts';
import type { CommandHost } from '../command-host.ts';
import { toErrorText } from '../error-text.ts';
import { exitCode } from '../exit-code.ts';
import { type KeptSignIn, openKeptSignIn } from '../kept-sign-in.ts';
import { createLoginScreen, type LoginScreen } from '../screens/login-screen.ts';
import { nameOf, toPrintable } from './whoami.ts';

/** How a sign-in is to go, as the command line says it. */
export interface LoginOptions {
  readonly strong: boolean;
  readonly isEmulated: boolean;
  readonly approveAfterMs: number | undefined;
  readonly serverURL: string | undefined;
  readonly product: string;
  readonly clientIdentifier: string | undefined;
  readonly giveUpAfterMs: number | undefined;
  readonly isInspected: boolean;
  readonly isJSON: boolean;
}

/** How long a user who is signed in already waits for the name. */
const namePatienceMs = 3000;

/** Signs in, unless somebody is signed in already, and keeps the token. */
export async function login(options: LoginOptions, host: CommandHost): Promise<number> {
  if (options.isEmulated) return loginAtEmulator(options, host);
  const kept = openKeptSignIn(host);
  if (await isSignedIn(kept, options, host)) return exitCode.done;
  const { strong, serverURL } = options;
  await kept.begin({ strong, serverURL });
  const { store, credentials } = kept;
  return drive(
    { ...toAuthOptions(options), ...pagesOf(serverURL), store, credentials },
    { options, host, kept },
  );
}

/** Signs in at an emulator that lives as long as the command. Nothing is read from the disk, and nothing written. */
async function loginAtEmulator(options: LoginOptions, host: CommandHost): Promise<number> {
  const { createPlexEmulator, servePlexEmulator } = await import('../../emulator/index.ts');
  const { approveAfterMs, clientIdentifier = 'plex-auth-emulated' } = options;
  const emulator = createPlexEmulator({ ...(approveAfterMs !== undefined && { approveAfterMs }) });
  const served = await servePlexEmulator({ emulator });
  try {
    const { url } = served;
    const auth = { ...toAuthOptions({ ...options, clientIdentifier }), serverURL: url, ...pagesOf(url) };
    const notice = `This is an emulator at ${url}, not plex.tv. Nothing leaves this machine and nothing is kept.`;
    return await drive(auth, { options, host, notice });
  } finally {
    await served.close();
  }
}

function toAuthOptions(options: LoginOptions): PlexAuthOptions {
  const { product, strong, serverURL, clientIdentifier, giveUpAfterMs } = options;
  // A server in --server-url has been checked.
  return { product, strong, serverURL, allowInsecureRequests: true, clientIdentifier, giveUpAfterMs };
}

/** A server on this machine is an emulator, which has the pages too; those of any other server are Plex's. */
function pagesOf(serverURL: string | undefined): Pick<PlexAuthOptions, 'authAppURL' | 'linkURL'> {
  if (serverURL === undefined) return {};
  const { hostname, origin } = new URL(serverURL);
  return isLoopback(hostname) ? { authAppURL: `${origin}/auth`, linkURL: `${origin}/link` } : {};
}

/** Whether a kept token holds, and says so. A refused one is forgotten; one that cannot be checked counts. */
async function isSignedIn(kept: KeptSignIn, options: LoginOptions, host: CommandHost): Promise<boolean> {
  const signedIn = await kept.findSignedIn(options.serverURL);
  if (!signedIn) return false;
  const { client, credentials } = signedIn;
  const answer = await client.getUser({ ...credentials, signal: host.signal }).catch((error: Error) => error);
  host.signal.throwIfAborted();
  if ('status' in answer && answer.status === 'rejected') {
    kept.flowStore.forgetCredentials();
    host.warn('Plex no longer accepts the kept token; signing in anew');
    return false;
  }
  const screen = createLoginScreen({ ...options, host, isShort: false, giveUpAtMs: 0 });
  screen.show({ status: 'authenticated', ...credentials });
  screen.close();
  if (answer instanceof Error) host.warn(`the kept token could not be checked: ${toErrorText(answer)}`);
  if (!options.isJSON) host.stdout.write(toAlreadyText('user' in answer ? answer.user : undefined));
  return true;
}

function toAlreadyText(user: PlexUser | undefined): string {
  const name = user ? ` as ${toPrintable(nameOf(user))}` : '';
  return `Already signed in${name}; plex-auth logout first to change\n`;
}

/** What one run of `login` consists of. */
interface LoginRun {
  readonly options: LoginOptions;
  readonly host: CommandHost;
  readonly kept?: KeptSignIn;
  /** What is special about this run. */
  readonly notice?: string;
}

/** Runs the engine behind a screen to its end, and says how it ended. */
async function drive(authOptions: PlexAuthOptions, run: LoginRun): Promise<number> {
  const { options, host, kept, notice } = run;
  const { strong, isJSON, giveUpAfterMs = Number.POSITIVE_INFINITY } = options;
  const inspector = options.isInspected ? await startInspector() : undefined;
  const watched = inspector && { inspect: inspector.inspect, fetch: inspector.fetch };
  const auth = createPlexAuth({ ...authOptions, ...watched });
  const giveUpAtMs = Date.now() + giveUpAfterMs;
  const screen = createLoginScreen({ host, isShort: !strong, giveUpAtMs, isJSON });
  try {
    if (!isJSON) screen.say(host.palette.bold('Sign in to Plex'));
    if (notice) screen.say(isJSON ? notice : host.palette.yellow(notice));
    if (inspector) tellWhere(await inspector.url, screen, run);
    const end = await watch(auth, screen, host.signal);
    const name = end.status === 'authenticated' && !isJSON ? await findName(auth, host.signal) : '';
    await kept?.settle();
    screen.close();
    return conclude(auth.getSnapshot(), name, run);
  } finally {
    screen.close();
    auth.dispose();
    await inspector?.stop();
  }
}

/** Loaded only where it is asked for. */
async function startInspector(): Promise<PlexInspector> {
  const { createPlexInspector } = await import('../../inspect/index.ts');
  return createPlexInspector();
}

/** Says where to look: on standard error, where standard output is for programs. */
function tellWhere(url: string | undefined, screen: LoginScreen, { options, host }: LoginRun): void {
  if (url === undefined) host.warn('no live view: nothing can be served on 127.0.0.1');
  else if (options.isJSON) host.stderr.write(`Live view: ${url}\n`);
  else screen.say(`Live view: ${url}`);
}

/**
 * Starts the engine and shows each of its views, until it is over.
 *
 * @throws {Interruption} Once the engine has been cancelled because of one.
 */
function watch(auth: PlexAuth, screen: LoginScreen, signal: AbortSignal): Promise<PlexAuthView> {
  return new Promise((resolve, reject) => {
    let isResumed: boolean | undefined;
    auth.subscribe((view) => {
      screen.show(view);
      isResumed ??= view.status !== 'requestingPin';
      if (!['authenticated', 'expired', 'failed'].includes(view.status)) return;
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

/** Whether a PIN that an earlier run left behind is of no use any more, which is no reason to fail this run. */
function isStale(view: PlexAuthView): boolean {
  if (view.status === 'failed') return view.error.code === 'PLEX_CLIENT_MISMATCH';
  return view.status === 'expired' && view.reason === 'pin';
}

/** Asks whose token it is, without making success wait for it. */
async function findName(auth: PlexAuth, signal: AbortSignal): Promise<string> {
  const patience = new AbortController();
  const limit = sleep(namePatienceMs, undefined, { signal: AbortSignal.any([patience.signal, signal]) });
  const answer = await Promise.race([auth.verify(), limit.catch(() => undefined)]);
  patience.abort();
  return answer?.status === 'valid' ? toPrintable(nameOf(answer.user)) : '';
}

/** Says how it ended: success where people read, the rest on standard error. */
function conclude(view: PlexAuthView, name: string, { options, host, kept }: LoginRun): number {
  const { stdout, palette, warn } = host;
  switch (view.status) {
    case 'authenticated': {
      const who = name ? ` as ${name}` : '';
      if (!options.isJSON) stdout.write(`${palette.green('Signed in')}${who}\n`);
      if (!kept || view.lastError?.code !== 'PLEX_STORE') return exitCode.done;
      warn(`the token could not be kept: ${toErrorText(view.lastError)}`);
      return exitCode.failed;
    }
    case 'expired':
      if (view.lastError) warn(toErrorText(view.lastError));
      warn(`${expiryTexts[view.reason]}: run plex-auth login again`);
      return exitCode.expired;
    case 'failed':
      warn(toErrorText(view.error));
      return exitCode.failed;
    default:
      throw new Error(`The sign-in ended in the state ${view.status}`);
  }
}

const expiryTexts = {
  pin: 'the code expired before anybody approved',
  limit: 'the sign-in was not over within --timeout',
  token: 'Plex refused the token that it had just given',
};
