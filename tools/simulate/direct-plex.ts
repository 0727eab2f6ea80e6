import { toUserObject } from '../../src/emulator/account-objects.ts';
import { type EmulatorSettings, readEmulatorOptions } from '../../src/emulator/emulator-options.ts';
import { notFoundPage, outagePage } from '../../src/emulator/pages/bare-pages.ts';
import { toPinObject } from '../../src/emulator/pin-object.ts';
import { createPinRegistry, type PinRegistry, type RegisteredPin } from '../../src/emulator/pin-registry.ts';
import { type PlexValue, toXML } from '../../src/emulator/plex-xml.ts';
import { createRateLimiter } from '../../src/emulator/rate-limiter.ts';
import { type Refusal, refusals, toErrors } from '../../src/emulator/refusals.ts';
import type { Clock } from '../../src/index.ts';
import type { Operation } from './observed-world.ts';
import type { Plan } from './plan.ts';
import {
  createDraws,
  isCut,
  isOfNetwork,
  type PlexAnswer,
  type PlexRequest,
  rateLimit,
  retryAfterOf,
  type SimulatedPlex,
  waitForAbort,
} from './plex.ts';

/** What an operation answers. */
type Result = { status: number; name?: string; value?: PlexValue };

/**
 * Makes a plex.tv of the emulator's own parts, without its HTTP: no `Request`, no router, no streams, which cost as much
 * as all the rest of a flow. One world in 64 runs on the whole emulator; a test compares the two.
 */
export function createDirectPlex(plan: Plan, clock: Clock): SimulatedPlex {
  const settings = toSettings(plan, clock);
  const registry = createPinRegistry(settings);
  const retryDelayMs = createRateLimiter(settings.rateLimit, clock);
  const operate = createOperations(registry, settings, plan.offsetMs);

  async function answer(request: PlexRequest): Promise<PlexAnswer> {
    const { fault, signal } = request;
    const plexNowMs = clock.now() + plan.offsetMs;
    const write = (type: string, text: string | null, status: number, retryAfter?: string): PlexAnswer => {
      const headers = new Map([['date', toDate(plexNowMs)]]);
      if (text !== null) headers.set('content-type', `${type}; charset=utf-8`);
      if (retryAfter !== undefined) headers.set('retry-after', retryAfter);
      return { status, headers, text };
    };
    const writeValue = ({ status, name = '', value }: Result, retryAfter?: string): PlexAnswer => {
      if (value === undefined) return write('', null, status, retryAfter);
      const isXML = fault?.type === 'xml' || headerOf(request, 'accept') !== 'application/json';
      return isXML
        ? write(
            'application/xml',
            toXML(name, name === 'errors' ? errorsIn(value) : value),
            status,
            retryAfter,
          )
        : write('application/json', JSON.stringify(value), status, retryAfter);
    };
    if (!request.url.includes('/api/v2/')) return write('text/html', notFoundPage, 404);
    switch (fault?.type) {
      case 'reset':
        throw new TypeError('fetch failed');
      case 'hang':
        return waitForAbort(signal);
      case 'html':
        return write('text/html', outagePage, 200);
      case 'status': {
        const refusal = { message: `Emulated status ${fault.status}`, ...fault };
        return writeValue(toResult(refusal), retryAfterOf(fault, plexNowMs));
      }
      case 'rateLimited':
        return writeValue(toResult(refusals.tooMany), retryAfterOf(fault, plexNowMs));
    }
    const clientIdentifier = headerOf(request, 'x-plex-client-identifier');
    const delayMs = !fault || isOfNetwork(fault) ? retryDelayMs(clientIdentifier) : undefined;
    if (delayMs !== undefined) return writeValue(toResult(refusals.tooMany), `${Math.ceil(delayMs / 1000)}`);
    const whole = writeValue(operate(request, clientIdentifier));
    return isCut(fault) ? { ...whole, text: whole.text?.slice(0, whole.text.length >> 1) ?? null } : whole;
  }

  const findWaiting = (code: string): RegisteredPin => {
    const pin = registry.findByCode(code);
    if (pin?.decision !== 'waiting') throw new Error('no waiting PIN has this code');
    return pin;
  };
  return {
    answer,
    link: (code) => registry.link(findWaiting(code)),
    deny: (code) => registry.deny(findWaiting(code)),
    expire(pinID) {
      const pin = registry.pins.find(({ id }) => id === pinID);
      if (pin) pin.expiresAtMs = Math.min(pin.expiresAtMs, clock.now());
    },
  };
}

/** Every world begins at the same moment: most dates are those of worlds before. */
const dates = new Map<number, string>();

function toDate(atMs: number): string {
  const second = Math.floor(atMs / 1000);
  let date = dates.get(second);
  if (date === undefined) {
    if (dates.size >= 10_000) dates.clear();
    date = new Date(atMs).toUTCString();
    dates.set(second, date);
  }
  return date;
}

function toSettings(
  { lifetimeMs, readOnce, tokenLagMs, isRateLimited }: Plan,
  clock: Clock,
): EmulatorSettings {
  return {
    ...defaultSettings,
    clock,
    random: createDraws(),
    lifetimeMs: { strong: lifetimeMs, short: lifetimeMs },
    readOnce,
    tokenLagMs,
    rateLimit: isRateLimited ? rateLimit : undefined,
  };
}

const defaultSettings = readEmulatorOptions({});

/** Makes what the four operations of a sign-in do, as the emulator's routes do it. */
function createOperations(registry: PinRegistry, settings: EmulatorSettings, clockOffsetMs: number) {
  const toPin = (request: PlexRequest, pin: RegisteredPin, status: 200 | 201): Result => {
    const token = registry.readToken(pin);
    if (token !== null && settings.readOnce && !isCut(request.fault)) pin.isSpent = true;
    const nowMs = status === 201 ? pin.createdAtMs : settings.clock.now();
    return {
      status,
      name: 'pin',
      value: toPinObject(pin, { nowMs, clockOffsetMs, origin: 'https://plex.tv', token }),
    };
  };
  const operations: Record<Operation, (request: PlexRequest, clientIdentifier: string) => Result> = {
    getPin(request, clientIdentifier) {
      if (!clientIdentifier) return toResult(refusals.clientMissing);
      const strong = request.url.includes('strong=true');
      const pin = registry.create({ clientIdentifier, strong, product: '', device: '', origin: undefined });
      return toPin(request, pin, 201);
    },
    getToken(request, clientIdentifier) {
      if (!clientIdentifier) return toResult(refusals.clientMissing);
      const id = /\/pins\/(\d+)/.exec(request.url)?.[1];
      const pin = registry.find(Number(id), clientIdentifier);
      return pin ? toPin(request, pin, 200) : toResult(refusals.pinGone);
    },
    getUser(request, clientIdentifier) {
      if (!clientIdentifier) return toResult(refusals.clientMissing);
      const token = headerOf(request, 'x-plex-token');
      if (!registry.isValidToken(token)) return toResult(refusals.badToken);
      return { status: 200, name: 'user', value: toUserObject(settings.user, token) };
    },
    signOut(request) {
      const token = headerOf(request, 'x-plex-token');
      if (!registry.isValidToken(token)) return toResult(refusals.badToken);
      registry.revokeToken(token);
      return { status: 204 };
    },
  };
  return (request: PlexRequest, clientIdentifier: string) =>
    operations[request.operation](request, clientIdentifier);
}

function toResult(refusal: Refusal): Result {
  if ([204, 205, 304].includes(refusal.status)) return { status: refusal.status };
  return { status: refusal.status, name: 'errors', value: { errors: toErrors(refusal) } };
}

function errorsIn(value: PlexValue): PlexValue {
  return (value as { errors: PlexValue }).errors;
}

function headerOf({ init: { headers } }: PlexRequest, name: string): string {
  return new Headers(headers).get(name) ?? '';
}
