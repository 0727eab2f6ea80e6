import { requireFault, requireFaultScope } from '../emulator/index.ts';
import { longestDelayMs } from '../ports.ts';
import {
  requireKnownFields,
  requireMs,
  requireOneOf,
  requireOption,
  requireType,
} from '../require-option.ts';
import { toFault } from './drive-script.ts';
import type { AppMove, DriveMove } from './plex-auth-drive.ts';

/** What a script can do depends on the rest of the drive. */
interface ScriptLimits {
  /** Whether the drive makes the engine, and with it the device and the next engine. */
  readonly isEngineOwn: boolean;
  /** When the drive ends, in milliseconds since the start. */
  readonly untilMs: number;
}

/** @throws {TypeError} For a move that nobody can make, naming it. */
export function requireScript(script: readonly DriveMove[], limits: ScriptLimits): void {
  for (const [index, move] of script.entries()) requireMove(`script[${index}]`, move, limits);
}

/** Who can act, and which fields such a move has beside `atMs`. */
const actorFields = {
  user: ['user'],
  plex: ['plex', 'inMs'],
  app: ['app'],
  network: ['network', 'untilMs', 'operation', 'times'],
  device: ['device', 'untilMs'],
  test: ['test'],
} as const;

const actors = Object.keys(actorFields) as (keyof typeof actorFields)[];

function requireMove(name: string, move: DriveMove, { isEngineOwn, untilMs }: ScriptLimits): void {
  const isObject = typeof move === 'object' && move !== null;
  requireOption(isObject, name, 'a move such as { atMs: 30_000, user: "approve" }');
  const [actor, ...others] = actors.filter((one) => one in move);
  const rule = `a move with one of ${actors.join(', ')}, which says who acts`;
  requireOption(actor !== undefined && others.length === 0, name, rule);
  requireKnownFields(`${name}.`, move, ['atMs', ...(actor ? actorFields[actor] : [])]);
  requireOption(isMs(move.atMs) && move.atMs <= untilMs, `${name}.atMs`, `from 0 to ${untilMs} ms`);
  if ('untilMs' in move && move.untilMs !== undefined) {
    const isLater = isMs(move.untilMs) && move.untilMs > move.atMs;
    requireOption(isLater, `${name}.untilMs`, `above atMs, up to ${longestDelayMs} ms`);
  }
  requireAction(name, move);
  const needsOwnEngine = 'device' in move || ('app' in move && move.app === 'reload');
  const ownEngineRule = 'left out where auth is given: it needs an engine that the drive makes';
  requireOption(isEngineOwn || !needsOwnEngine, `${name}.${actor}`, ownEngineRule);
}

const appMoves: Record<AppMove, true> = {
  start: true,
  check: true,
  cancel: true,
  signOut: true,
  verify: true,
  reload: true,
  dispose: true,
};

function requireAction(name: string, move: DriveMove): void {
  if ('user' in move) requireOneOf(`${name}.user`, move.user, ['approve', 'deny']);
  if ('app' in move) requireOneOf(`${name}.app`, move.app, Object.keys(appMoves));
  if ('test' in move) requireType(`${name}.test`, move.test ?? null, 'function');
  if ('device' in move) requireDeviceMove(name, move);
  if ('network' in move) requireNetworkMove(name, move);
  if ('plex' in move) {
    requireOneOf(`${name}.plex`, move.plex, ['expirePin']);
    requireMs(`${name}.inMs`, move.inMs, 0);
  }
}

function requireDeviceMove(name: string, move: Extract<DriveMove, { device: unknown }>): void {
  if (move.device === 'asleep') {
    requireOption(move.untilMs !== undefined, `${name}.untilMs`, 'given where the device is asleep');
    return;
  }
  const { clockByMs } = Object(move.device) as { clockByMs?: number };
  requireOption(Number.isFinite(clockByMs), `${name}.device`, 'asleep or { clockByMs }');
  requireOption(!('untilMs' in move), `${name}.untilMs`, 'left out where a clock is set');
}

function requireNetworkMove(name: string, move: Extract<DriveMove, { network: unknown }>): void {
  const isFault = typeof move.network === 'object' && move.network !== null;
  requireOption(move.network === 'down' || isFault, `${name}.network`, 'down or a fault');
  const [fault, scope] = toFault(move);
  requireFault(`${name}.network`, fault);
  requireFaultScope(name, scope ?? {});
}

function isMs(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= longestDelayMs;
}
