import type { Fetch } from '../ports.ts';
import { requireNumber } from '../require-option.ts';
import { createEmulatedFetch } from './emulated-fetch.ts';
import { type PlexEmulatorOptions, readEmulatorOptions } from './emulator-options.ts';
import type { EmulatorRequest } from './emulator-request.ts';
import { createEmulatorState } from './emulator-state.ts';
import type { Fault, FaultScope } from './fault.ts';
import { readMethodOptions } from './method-options.ts';
import { type ListedPerson, toListedPerson } from './people/home-objects.ts';
import { findPerson } from './people/person.ts';
import type { PinRegistry, PinState, RegisteredPin } from './pin-registry.ts';
import { fulfillRoute, type PlaywrightRoute } from './playwright-route.ts';
import { createRequestHandler } from './request-handler.ts';
import { type ListedServer, toListedServer } from './servers/server-objects.ts';
import { requireNotOwner } from './servers/server-options.ts';
import { findServer } from './servers/server-registry.ts';

/** A PIN as a test or a playground may show it: without its token. */
export interface EmulatedPin {
  readonly id: number;
  readonly code: string;
  readonly clientIdentifier: string;
  readonly strong: boolean;
  readonly state: PinState;
  /** By the emulator's clock, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** An emulated plex.tv: its PINs, people and servers. */
export interface PlexEmulator {
  /**
   * Replaces `globalThis.fetch`: answers in memory, without a socket.
   *
   * An abort rejects it with the signal's reason at once, and breaks a body that is still being read.
   */
  readonly fetch: Fetch;
  /**
   * Answers a request that came in through a server. A body of more than 100,000 bytes is answered with 413.
   *
   * It rejects where plex.tv would drop the connection: with `fetch failed` for a `reset`, with the reason of
   * `request.signal` once that is aborted.
   */
  handle: (request: Request) => Promise<Response>;
  /**
   * Answers a request that Playwright has intercepted: `context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute)`.
   *
   * Plex's pages are at its own addresses then. A fault that never answers ends with the page.
   */
  handleRoute: (route: PlaywrightRoute) => Promise<void>;
  /**
   * The user approves: the PIN gets a token, and the client's earlier token is revoked.
   *
   * @returns The token that the client is going to read.
   * @throws {Error} If no waiting PIN has the code.
   */
  link: (code: string) => string;
  /**
   * One of the people approves: the PIN gets a token of their account, and the client's earlier token of that account is
   * revoked. Without `as` the first of the people approves, as with {@link PlexEmulator.link}.
   *
   * @param options.as The person's name, user name, e-mail address or uuid.
   * @returns The token that the client is going to read.
   * @throws {TypeError} If there is no such person, or an option is not known.
   * @throws {Error} If no waiting PIN has the code.
   */
  approve: (code: string, options?: { as?: string }) => string;
  /**
   * The user declines, which looks like waiting: no token comes until the PIN expires.
   *
   * @throws {Error} If no waiting PIN has the code.
   */
  deny: (code: string) => void;
  /**
   * Expires a PIN before its time: reads answer 404 with code 1020.
   *
   * With `inMs` it expires that much later, and `expiresIn` counts down to it. No PIN lives longer than it would.
   *
   * @param options.inMs In milliseconds, 0 or more. Default: 0.
   * @throws {TypeError} For an `inMs` out of its range.
   * @throws {Error} If there is no such PIN.
   */
  expire: (pinID: number, options?: { inMs?: number }) => void;
  /**
   * Makes requests go wrong. Faults apply in the order in which they were added, one per request.
   *
   * @param scope Which requests; a `clockOffset` ignores it and applies to all until it is removed.
   * @returns A function that removes the fault.
   * @throws {TypeError} For a fault or scope out of its range.
   */
  fault: (fault: Fault, scope?: FaultScope) => () => void;
  /** Every request so far, oldest first. */
  readonly requests: readonly EmulatorRequest[];
  /** How many requests are not answered yet. */
  readonly pending: number;
  /** All PINs ever made, oldest first. */
  readonly pins: readonly EmulatedPin[];
  /** Everybody with an account, without tokens. */
  readonly people: readonly ListedPerson[];
  /** All servers, as they are shared now, without tokens. */
  readonly servers: readonly ListedServer[];
  /** The default person's own token, which `PUT /api/v2/pins/link` takes. */
  readonly accountToken: string;
  /** A person's own token. @throws {TypeError} If there is no such person. */
  accountTokenOf: (person: string) => string;
  /**
   * The owner shares a server with somebody, which `GET /api/v2/resources` shows at once.
   *
   * @param server Its name or machine identifier.
   * @throws {TypeError} If there is no such server or person, or it is the owner.
   */
  share: (server: string, options: { with: string }) => void;
  /**
   * The owner takes a share away. Members of the owner's Plex Home still reach the server, and nobody's token is revoked.
   *
   * @throws {TypeError} If there is no such server or person.
   */
  unshare: (server: string, options: { with: string }) => void;
  /**
   * Revokes the tokens that a person's clients have, as when the person signs out all devices: each is answered with 401.
   * The person's own token of {@link PlexEmulator.accountTokenOf} stays.
   *
   * @param options.as Default: the default person.
   * @param options.clientIdentifier Only this client's. Default: those of all.
   * @returns How many were revoked.
   * @throws {TypeError} If there is no such person.
   */
  revoke: (options?: { as?: string; clientIdentifier?: string }) => number;
}

/**
 * Makes a plex.tv that behaves as the real one does, quirks included (plex.tv, as read 2026-08).
 *
 * It runs wherever Web-standard `Request` and `Response` do, and only by the clock it is given. To listen on a socket,
 * pass it to `servePlexEmulator`.
 *
 * @throws {TypeError} For an option out of its range, naming it.
 */
export function createPlexEmulator(options: PlexEmulatorOptions = {}): PlexEmulator {
  const settings = readEmulatorOptions(options);
  const state = createEmulatorState(settings);
  const { registry, faults } = state;
  const { people } = settings;
  const { tokens } = registry;
  const { servers } = state.servers;
  const handler = createRequestHandler(state);
  const handle: PlexEmulator['handle'] = async (request) =>
    (await handler.answer(request, request.signal)).response;

  function findShare(server: string, options: { with: string }) {
    const { with: reference } = readMethodOptions(options, ['with']);
    const found = findServer(servers, 'server', server);
    return { found, person: findPerson(people, 'with', reference) };
  }

  const emulator: Omit<PlexEmulator, 'accountToken'> = {
    fetch: createEmulatedFetch(handler, settings.onUnhandledRequest),
    handle,
    handleRoute: (route) => fulfillRoute(route, handle),
    link: (code) => registry.link(findWaitingPin(registry, 'link', code)),
    approve(code, options = {}) {
      const { as = people[0].name } = readMethodOptions(options, ['as']);
      const person = findPerson(people, 'as', as);
      return registry.link(findWaitingPin(registry, 'approve', code), person);
    },
    deny: (code) => registry.deny(findWaitingPin(registry, 'deny', code)),
    expire(pinID, options = {}) {
      const { inMs = 0 } = readMethodOptions(options, ['inMs']);
      requireNumber('inMs', inMs, 0);
      const pin = registry.pins.find(({ id }) => id === pinID);
      if (!pin) throw new Error(`expire: there is no PIN with the id ${pinID}`);
      pin.expiresAtMs = Math.min(pin.expiresAtMs, settings.clock.now() + inMs);
    },
    fault: faults.add,
    requests: handler.requests,
    get pending() {
      return handler.pending;
    },
    get pins() {
      return registry.pins.map((pin) => toEmulatedPin(pin, registry.stateOf(pin)));
    },
    get people() {
      return people.map(toListedPerson);
    },
    get servers() {
      return servers.map(toListedServer);
    },
    accountTokenOf: (person) => tokens.accountTokenOf(findPerson(people, 'person', person)),
    share(server, options) {
      const { found, person } = findShare(server, options);
      requireNotOwner('with', found.owner, person);
      found.sharedWith.add(person);
    },
    unshare(server, options) {
      const { found, person } = findShare(server, options);
      found.sharedWith.delete(person);
    },
    revoke(options = {}) {
      const { as = people[0].name, clientIdentifier } = readMethodOptions(options, [
        'as',
        'clientIdentifier',
      ]);
      const devices = registry
        .devicesOf(findPerson(people, 'as', as))
        .filter((device) => clientIdentifier === undefined || device.clientIdentifier === clientIdentifier);
      for (const { token } of devices) tokens.revoke(token);
      return devices.length;
    },
  };
  // Not enumerable, so that a dump of the emulator shows no token.
  const accountToken = tokens.accountTokenOf(people[0]);
  return Object.defineProperty(emulator as PlexEmulator, 'accountToken', { value: accountToken });
}

/** @throws {Error} Naming the emulator's method that needs the PIN. */
function findWaitingPin(registry: PinRegistry, method: string, code: string): RegisteredPin {
  const pin = typeof code === 'string' ? registry.findByCode(code) : undefined;
  if (!pin) throw new Error(`${method}: no live PIN has the code ${code}`);
  if (pin.decision !== 'waiting')
    throw new Error(`${method}: the PIN with the code ${code} is ${pin.decision} already`);
  return pin;
}

function toEmulatedPin(pin: RegisteredPin, state: PinState): EmulatedPin {
  const { id, code, clientIdentifier, strong, expiresAtMs } = pin;
  return { id, code, clientIdentifier, strong, state, expiresAtMs };
}
