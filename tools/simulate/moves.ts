import { createLife, disposeOf, subscribe } from './create-life.ts';
import type { Life } from './observed-world.ts';
import type { Act, Move } from './plan.ts';
import { startMs } from './simulated-time.ts';
import type { Trigger, World } from './world-state.ts';

/** Schedules the moves that wait only for their time. */
export function scheduleMoves(world: World): void {
  for (const move of world.moves) {
    if (move.moment.at === 'time') schedule(world, move, startMs + move.moment.ms);
  }
}

/** Schedules the moves that waited for this. */
export function triggerMoves(world: World, trigger: Trigger): void {
  for (const move of world.moves) {
    const { moment } = move;
    if ('request' in trigger && 'request' in moment && moment.request !== trigger.request) continue;
    if (moment.at === 'end' && trigger.at === 'code')
      schedule(world, move, (world.pins[0]?.endMs ?? 0) - moment.ms);
    if (moment.at !== trigger.at) continue;
    if ('ticks' in moment) void performMoveAfterTicks(world, move, moment.ticks);
    else schedule(world, move, world.nowMs + moment.ms);
  }
}

async function performMoveAfterTicks(world: World, move: Move, ticks: number): Promise<void> {
  world.moves.delete(move);
  for (let tick = 0; tick < ticks; tick++) await undefined;
  performMove(world, move);
}

function schedule(world: World, move: Move, dueMs: number): void {
  world.moves.delete(move);
  // The user acts elsewhere, and does so while the machine sleeps.
  const isUsers = move.acts.every(({ do: act }) => act === 'approve' || act === 'deny' || act === 'expire');
  world.time.at(dueMs, isUsers ? 'world' : 'app', () => performMove(world, move), move.isFirst ? 0 : 2);
}

function performMove(world: World, { acts, moment }: Move): void {
  if (world.violation) return;
  if (acts.length > 1) world.tally.count('move burst');
  for (const [index, act] of acts.entries()) {
    const life = world.lives[world.current];
    if (!life) return;
    world.note(() => `* ${Object.values(act).join(' ')} (${moment.at})`);
    tallyAct(world, life, act, moment.at);
    perform(world, life, act);
    if (act.do === 'sleep') {
      const rest: Move = { moment, isFirst: true, acts: acts.slice(index + 1) };
      if (rest.acts.length > 0) world.time.at(world.nowMs, 'app', () => performMove(world, rest), 0);
      return;
    }
  }
}

function tallyAct({ tally }: World, { auth }: Life, act: Act, moment: string): void {
  const { status } = auth.getSnapshot();
  tally.count(`move ${act.do}${act.do === 'sleep' ? ` ${act.timers}` : ''}`);
  if (act.do === 'cancel' || act.do === 'signOut') tally.count(`move ${act.do} while ${status}`);
  if (moment === 'token') tally.count(`move ${act.do} as a token comes`);
}

function perform(world: World, life: Life, act: Act): void {
  switch (act.do) {
    case 'approve':
    case 'deny':
      decide(world, life, act.do);
      break;
    case 'expire':
      expire(world, life);
      break;
    case 'checks':
      for (let check = 0; check < act.count; check++)
        world.time.at(world.nowMs + 10 * check, 'app', () => callEngine(world, life, 'check'));
      break;
    case 'jump':
      world.time.jump(act.ms);
      world.clockChanges += 1;
      world.clockChangedMs = Math.max(world.clockChangedMs, world.nowMs);
      break;
    case 'sleep':
      world.time.sleep(act.ms, act.timers);
      world.clockChanges += 1;
      world.wokeMs = Math.max(world.wokeMs, world.nowMs + act.ms);
      world.clockChangedMs = Math.max(world.clockChangedMs, world.wokeMs);
      break;
    default:
      callEngine(world, life, act.do);
  }
}

type AppAct = Exclude<Act['do'], 'approve' | 'deny' | 'expire' | 'checks' | 'jump' | 'sleep'>;

function callEngine(world: World, life: Life, what: AppAct): void {
  const { auth, flow } = life;
  switch (what) {
    case 'check':
      // While the stores are read, a hint takes effect after the request that a stored PIN begins with.
      flow.hints = auth.getSnapshot().status === 'idle' ? 2 : 1;
      auth.check();
      break;
    case 'verify':
      void verify(world, life);
      break;
    case 'resubscribe':
      if (!life.isDisposed) subscribe(world, life);
      break;
    case 'dispose':
      void disposeOf(world, life);
      break;
    case 'reload':
      // One page at a time: the emulator's faults strike by operation, and would meet the other page's request.
      void disposeOf(world, life).then(() => {
        if (world.lives[world.current] === life) createLife(world);
      });
      break;
    case 'open':
      createLife(world);
      break;
    case 'switch':
      switchLife(world);
      break;
    case 'reloadAtOnce':
      void disposeOf(world, life);
      createLife(world);
      break;
    default:
      auth[what]();
  }
}

function switchLife(world: World): void {
  const open = world.lives.filter(({ isDisposed }) => !isDisposed).map(({ number }) => number);
  world.current = open.find((number) => number > world.current) ?? open[0] ?? world.current;
}

async function verify({ tally, unhandled }: World, { auth }: Life): Promise<void> {
  try {
    const { status } = await auth.verify();
    tally.count(`verification ${status}`);
  } catch (error) {
    unhandled.push(error);
  }
}

/** The user decides on the code that was shown last. */
function decide({ pins, nowMs, plex, tally }: World, { auth }: Life, what: 'approve' | 'deny'): void {
  const pin = pins.at(-1);
  if (!pin) return;
  try {
    if (what === 'deny') {
      plex.deny(pin.code);
    } else {
      pin.token = plex.link(pin.code);
      pin.linkedMs = nowMs;
    }
  } catch {
    tally.count(`user ${what} too late`);
    return;
  }
  const { status } = auth.getSnapshot();
  if (pin.endMs - nowMs <= 1000) tally.count(`user ${what} in the last second`);
  tally.count(`user ${what} while ${status}`);
}

/** Plex forgets the PIN before its time. */
function expire(world: World, { auth, flow }: Life): void {
  const { pin } = auth.actor.getSnapshot().context;
  if (!pin) return;
  world.plex.expire(Number(pin.pinID));
  const known = world.pins.find(({ code }) => code === pin.code);
  if (known) known.endMs = Math.min(known.endMs, world.nowMs);
  flow.lastTroubleMs = world.nowMs;
}
