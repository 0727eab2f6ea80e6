import { PlexAuthError, type PlexAuthView, signIn } from '../../src/index.ts';
import { createNetwork, type NetworkWatch } from './network.ts';
import type { Operation, Sent } from './observed-world.ts';
import type { Plan } from './plan.ts';
import { settle, startMs } from './simulated-time.ts';
import type { Tally } from './tally.ts';
import { clientIdentifier, createWorldState, type Violation, type World } from './world-state.ts';

/** No sign-in takes more steps: what does is a busy loop. */
const mostSteps = 20_000;

/** How a sign-in ended, as its caller sees it. */
type End = { token: string } | { error: unknown };

/** Runs `signIn` on a plan's network and stores: it always settles, with a token that Plex gave or a named error. */
export async function runSignInPlan(plan: Plan, tally: Tally): Promise<Violation | undefined> {
  const world = createWorldState(plan, { tally });
  const abort = new AbortController();
  const tokens = new Set<string>();
  let end: End | undefined;
  scheduleUser(world, abort, tokens);
  signIn({
    product: 'Simulation',
    ...(plan.isIdentified && { clientIdentifier }),
    strong: plan.strong,
    store: world.store.portOf(() => undefined),
    credentials: world.credentials.portOf(() => undefined),
    fetch: createNetwork(plan, world.time, world.plex, createSignInWatch()),
    clock: world.time.machineClock,
    random: () => plan.random,
    requestTimeoutMs: plan.requestTimeoutMs,
    giveUpAfterMs: plan.giveUpAfterMs ?? undefined,
    signal: abort.signal,
    onView: (view) => noteCode(world, view),
  }).then(
    ({ token }) => {
      end = { token: token.reveal() };
    },
    (error) => {
      end = { error };
    },
  );
  let steps = 0;
  do await settle(plan);
  while (++steps < mostSteps && world.time.step());
  if (steps >= mostSteps)
    return { invariant: 'signInSettles', atMs: world.nowMs - startMs, saw: 'it never rests' };
  const saw = judge(end, tokens, world, abort.signal);
  return saw === undefined ? undefined : { invariant: 'signInSettles', atMs: world.nowMs - startMs, saw };
}

function judge(
  end: End | undefined,
  tokens: ReadonlySet<string>,
  { tally, timers }: World,
  { aborted, reason }: AbortSignal,
): string | undefined {
  if (!end) return 'signIn never settled';
  if (timers > 0) return `${timers} timers are left`;
  if ('token' in end) {
    tally.count('signIn token');
    return tokens.has(end.token) ? undefined : 'the token is none of Plex’s';
  }
  const { error } = end;
  if (aborted && error === reason) tally.count('signIn aborted');
  else if (error instanceof PlexAuthError) tally.count(`signIn ${error.code}`);
  else return `signIn rejected with ${String(error)}`;
  return undefined;
}

function noteCode(world: World, view: PlexAuthView): void {
  if (!view.code || world.pins.some(({ code }) => code === view.code)) return;
  const { nowMs: madeMs } = world;
  const endMs = madeMs + world.plan.lifetimeMs;
  const pin = {
    code: view.code,
    madeMs,
    announcedEndMs: endMs,
    endMs,
    linkedMs: Number.NaN,
    token: undefined,
  };
  world.pins.push(pin);
}

/** The user approves at the moments of the plan, and the application gives up at its cancels. */
function scheduleUser(world: World, abort: AbortController, tokens: Set<string>): void {
  const { plan, time, plex, pins } = world;
  const acts = {
    approve() {
      const code = pins.at(-1)?.code;
      try {
        if (code !== undefined) tokens.add(plex.link(code));
      } catch {}
    },
    cancel: () => abort.abort(),
    dispose: () => abort.abort(),
  };
  for (const { moment, acts: planned } of plan.moves) {
    const ms = 'ms' in moment ? Math.max(0, moment.ms) : 1500;
    for (const act of planned) {
      if (act.do === 'jump') time.at(startMs + ms, 'app', () => time.jump(act.ms));
      else if (act.do in acts) time.at(startMs + ms + 500, 'world', acts[act.do as keyof typeof acts]);
    }
  }
}

/** Counts the requests, which is all that the network needs here. */
export function createSignInWatch(): NetworkWatch {
  let requests = 0;
  return {
    onSent: (operation: Operation) => ({ number: requests++, operation }) as unknown as Sent,
    onArrived() {},
    onHead() {},
    onWhole() {},
    onEnd() {},
    onSlow() {},
    onError() {},
    tokenIn: () => undefined,
    onTokenRead() {},
  };
}
