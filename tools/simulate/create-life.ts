import type { PlexAuthView } from '../../src/index.ts';
import { errorIn } from './invariants.ts';
import { createNetwork } from './network.ts';

import type { IssuedToken, Life, WorldPin } from './observed-world.ts';
import { keepsTokens } from './plan.ts';
import { createPortThrower } from './throwing-ports.ts';
import { watchTraffic } from './traffic.ts';
import { viewInvariants } from './view-invariants.ts';
import { clientIdentifier, createFlow, type World } from './world-state.ts';

/** Makes an engine on the world's stores, as a page that loads does. */
export function createLife(world: World): void {
  const { plan, time, plex, lives } = world;
  const previous = lives.at(-1);
  // The engine may ask its stores before there is a record of it.
  const record: { life?: Life } = {};
  const throwOnce = createPortThrower(plan);
  const auth = world.createEngine({
    product: 'Simulation',
    ...(plan.isIdentified && { clientIdentifier }),
    ...(plan.hasServerURL && { serverURL: 'https://plex.test' }),
    strong: plan.strong,
    store: world.store.portOf(() => record.life),
    credentials: world.credentials.portOf(() => record.life),
    fetch: createNetwork(
      plan,
      time,
      plex,
      watchTraffic(world, () => record.life as Life),
    ),
    clock: time.machineClock,
    random: () => {
      throwOnce('random');
      return plan.random;
    },
    polling: {
      intervalMs: plan.intervalMs,
      maxIntervalMs: Math.max(plan.maxIntervalMs, plan.intervalMs),
      ...(plan.maxBackoffMs >= plan.intervalMs && { maxBackoffMs: plan.maxBackoffMs }),
      ...(plan.throwingPort?.port === 'adjustDelayMs' && {
        adjustDelayMs: (delayMs: number) => {
          throwOnce('adjustDelayMs');
          return delayMs;
        },
      }),
    },
    ...(plan.throwingPort?.port === 'inspect' && { inspect: () => throwOnce('inspect') }),
    requestTimeoutMs: plan.requestTimeoutMs,
    giveUpAfterMs: plan.giveUpAfterMs ?? undefined,
    renewals: plan.renewals,
  });
  const life: Life = {
    number: lives.length,
    auth,
    view: auth.getSnapshot(),
    published: [],
    flow: createFlow(world),
    isDisposed: false,
    hasDisposed: false,
    disposals: 0,
    lateWrites: 0,
    ends: 0,
    unsubscribe() {},
  };
  if (previous) life.flow.lastTroubleMs = world.nowMs;
  record.life = life;
  lives.push(life);
  world.current = life.number;
  world.tally.count('engines');
  subscribe(world, life);
}

/** Subscribes to an engine, in place of the subscription before. */
export function subscribe(world: World, life: Life): void {
  life.unsubscribe();
  life.unsubscribe = life.auth.subscribe(
    (view) => recordView(world, life, view),
    () => {
      life.ends += 1;
    },
  );
}

/** Disposes of an engine. A token that it holds and cannot store is given up. */
export async function disposeOf(world: World, life: Life): Promise<void> {
  life.isDisposed = true;
  const abandon = () => {
    if (keepsTokens(world.plan)) return;
    giveUp(
      world.tokens.filter(({ sent }) => sent.life === life),
      'dispose',
    );
  };
  abandon();
  life.disposals += 1;
  await life.auth.dispose();
  life.disposals -= 1;
  life.hasDisposed = true;
  abandon();
}

/** Notes which tokens are held right now, and which of them have lost their place. */
export function updateHeldTokens(world: World): void {
  const { tokens, tally } = world;
  const before = tokens.map(({ isHeld }) => isHeld);
  for (const token of tokens) token.isHeld = isHeldNow(world, token);
  for (const [index, token] of tokens.entries()) {
    const wasHeld = before[index];
    // A newer one has taken its place in the store, or keeps it from being taken.
    const isDisplaced = tokens.some((other) => other.isHeld && isNewer(other, token));
    if ((wasHeld || token.isRead) && !token.isHeld && isDisplaced) giveUp([token], 'other');
    const { view } = token.sent.life;
    const isTooLate = view.status === 'signingOut' || view.status === 'authenticated';
    // An engine that has ended can no longer ask which token lives: what others have stored stays.
    const isOthers = token.sent.life.isDisposed && tokens.some((other) => other.isHeld);
    if (token.isRead && !token.isHeld && (isTooLate || isOthers)) giveUp([token], 'other');
    if (token.isHeld && !wasHeld && token.sent.signal?.aborted) tally.count('token kept despite an abort');
  }
}

function isHeldNow({ lives, kept }: World, { token }: IssuedToken): boolean {
  if (kept.includes(token)) return true;
  return lives.some(
    ({ view, isDisposed }) => !isDisposed && view.status === 'authenticated' && view.token.reveal() === token,
  );
}

function isNewer(one: IssuedToken, other: IssuedToken): boolean {
  return one.token !== other.token && one.sent.number > other.sent.number;
}

function recordView(world: World, life: Life, view: PlexAuthView): void {
  const { view: before } = life;
  world.note(() => `  ${describeView(view)}`);
  if (view.status === 'expired') giveUpShownToken(world, before, 'rejected');
  if (view.status === 'signingOut') giveUpShownToken(world, before, 'signOut');
  const isBegun = view.status === 'requestingPin' && ['idle', 'expired', 'failed'].includes(before.status);
  if (isBegun) life.flow = createFlow(world);
  life.view = view;
  life.published.push(view);
  if (view.code && view.code !== life.flow.pin?.code) life.flow.pin = showCode(world, view.code);
  tallyView(world, before, view);
  world.check(viewInvariants, life);
}

function showCode(world: World, code: string): WorldPin {
  const { made, pins, plan } = world;
  const known = pins.find((pin) => pin.code === code);
  if (known) return known;
  const madeMs = made.get(code) ?? 0;
  const endMs = madeMs + plan.lifetimeMs;
  const pin: WorldPin = {
    code,
    madeMs,
    announcedEndMs: endMs,
    endMs,
    linkedMs: Number.NaN,
    token: undefined,
  };
  pins.push(pin);
  if (pins.length === 1) world.trigger({ at: 'code' });
  return pin;
}

function tallyView({ tally }: World, { status: before }: PlexAuthView, view: PlexAuthView): void {
  const error = errorIn(view) as { code?: string } | undefined;
  if (error) tally.count(`error ${error.code}`);
  if (before === view.status) return;
  if (['idle', 'authenticated', 'expired', 'failed'].includes(view.status))
    tally.count(`end ${describeView(view)}`);
  const way = `${before} to ${view.status}`;
  tally.count(`way ${way}`);
  if (/^(idle|expired|failed) to (requestingPin|fetchingToken)$/.test(way)) tally.count('flows');
}

function describeView(view: PlexAuthView): string {
  const error = view.status === 'failed' || view.status !== 'authenticated' ? errorIn(view) : undefined;
  const code = error ? ` ${(error as { code?: string }).code}` : '';
  return `${view.status}${'reason' in view ? ` ${view.reason}` : ''}${code}`;
}

function giveUpShownToken({ tokens }: World, view: PlexAuthView, by: 'signOut' | 'rejected'): void {
  if (view.status !== 'authenticated') return;
  const shown = view.token.reveal();
  giveUp(
    tokens.filter(({ token }) => token === shown),
    by,
  );
}

function giveUp(tokens: readonly IssuedToken[], by: NonNullable<IssuedToken['givenUpBy']>): void {
  for (const token of tokens) token.givenUpBy ??= by;
}
