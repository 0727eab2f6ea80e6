/** Which worlds are the same: those that no later move and no rule can tell apart. */
import type { PlexAuthError } from '../../src/errors.ts';
import { type ChartSnapshot, nowMs, type TokenName, tokens, type World } from './world.ts';

/** Everything that decides a world's future. Equal texts are equal worlds. */
export function keyOf(world: World): string {
  const { snapshot, timers, requests, lateRead, plexPin, stored, budget, past } = world;
  const { lastError, ...numbers } = past;
  return [
    chartKeyOf(snapshot),
    timers.map(({ eventType, leftMs }) => `${eventType} ${leftMs}`),
    requests.map((request) => Object.values(request).join()),
    lateRead?.hasToken,
    plexPin && Object.values({ ...plexPin, approval: Object.values(plexPin.approval ?? {}) }).join(),
    Object.values(stored),
    Object.values(budget),
    Object.values(numbers),
    errorKeyOf(lastError),
  ].join('|');
}

/** Everything that decides the chart's future. Times count from now, since the clock always shows the same. */
export function chartKeyOf(snapshot: ChartSnapshot): string {
  let key = chartKeys.get(snapshot);
  if (key === undefined) {
    key = toChartKey(snapshot);
    chartKeys.set(snapshot, key);
  }
  return key;
}

const chartKeys = new WeakMap<ChartSnapshot, string>();

function toChartKey({ value, context }: ChartSnapshot): string {
  const { host, renewals, nextDelayMs, pin, pinAtSpentMs, spentMs, giveUpAfterMs, ...rest } = context;
  const { credentials, lastError, error, reason, atMs, expiresAtMs, ...numbers } = rest;
  const name = typeof value === 'string' ? value : value.requestingPin;
  const ends = `${name} ${reason} ${errorKeyOf(error)} ${errorKeyOf(lastError)} ${tokenNameOf(credentials?.token)}`;
  // A sign-in that is over remembers nothing else that the next one uses.
  if (overNames.includes(name)) return ends;
  const limitLeftMs = giveUpAfterMs === undefined ? '' : giveUpAfterMs - spentMs;
  const pinKey = pin && [pin.pinID, pin.atMs - nowMs, pin.expiresInMs, spentMs - pinAtSpentMs].join();
  const times = `${atMs && atMs - nowMs} ${expiresAtMs && expiresAtMs - nowMs} ${limitLeftMs}`;
  return `${ends} ${pinKey} ${times} ${Object.values(numbers).join()}`;
}

const overNames = ['idle', 'authenticated', 'expired', 'failed', 'signingOut'];

function errorKeyOf(error: PlexAuthError | undefined): string {
  return error ? error.message : '';
}

function tokenNameOf(token: unknown): TokenName | undefined {
  return (Object.keys(tokens) as TokenName[]).find((name) => tokens[name] === token);
}

/** Two hashes of 32 bits each (cyrb53's two lanes): 64 bits in all. */
export function hashOf(key: string): readonly [number, number] {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2_654_435_761);
    h2 = Math.imul(h2 ^ code, 1_597_334_677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return [h1 >>> 0, h2 >>> 0];
}
