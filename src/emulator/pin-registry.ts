import type { EmulatorSettings } from './emulator-options.ts';
import type { Person } from './people/person.ts';
import {
  createTokenRegistry,
  type SignedInDevice,
  type TokenClient,
  type TokenRegistry,
} from './token-registry.ts';
import { createUniqueText } from './unique-text.ts';

/** How a PIN stands. A denied PIN looks like a waiting one to its client. */
export type PinState = 'waiting' | 'denied' | 'linked' | 'expired';

/** What the emulator knows of a client that asks for a PIN. */
interface PinRequest extends TokenClient {
  strong: boolean;
  /** The `Origin` header; plex.tv compares the forward URL with it. */
  origin: string | undefined;
}

/** A PIN as the emulator stores it. Whether it has expired, {@link PinRegistry.stateOf} says. */
export interface RegisteredPin extends PinRequest {
  readonly id: number;
  readonly code: string;
  readonly createdAtMs: number;
  expiresAtMs: number;
  /** What the user decided; `waiting` for nothing yet. */
  decision: Exclude<PinState, 'expired'>;
  /** When the user approved, in milliseconds since the epoch; `NaN` if that has not happened. */
  linkedAtMs: number;
  token: string | null;
  /** Who approved; undefined for nobody yet. */
  person: Person | undefined;
  /** Whether the token was read and cannot be read again. */
  isSpent: boolean;
}

/** All PINs, and the tokens that come of them. */
export interface PinRegistry {
  readonly pins: readonly RegisteredPin[];
  create(request: PinRequest): RegisteredPin;
  /** Finds the client's own PIN, if it is neither expired nor spent. */
  find(pinID: number, clientIdentifier: string): RegisteredPin | undefined;
  /** Finds the PIN with this code, if it has not expired. A short code may be in lower case. */
  findByCode(code: string): RegisteredPin | undefined;
  stateOf(pin: RegisteredPin): PinState;
  /**
   * Gives the PIN a token and revokes the earlier token of the same account and client.
   *
   * @param person Who approves. Default: the first of the people.
   */
  link(pin: RegisteredPin, person?: Person): string;
  deny(pin: RegisteredPin): void;
  /** @returns `null` until `tokenLagMs` after the approval. */
  readToken(pin: RegisteredPin): string | null;
  /** Whose token it is; undefined if it is not valid. */
  personOf(token: string): Person | undefined;
  isValidToken(token: string): boolean;
  revokeToken(token: string): void;
  readonly tokens: TokenRegistry;
  /** The devices that are signed in to a person's account, oldest first. */
  devicesOf(person: Person): SignedInDevice[];
  /** Makes a token that no one has. */
  makeToken(): string;
}

/** Letters and digits that nobody mistakes for one another. */
const shortAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const strongAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const tokenAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Makes the registry of an emulated plex.tv.
 *
 * It sets no timer: expiry, lag and automatic approvals follow from the time of each call.
 */
export function createPinRegistry(settings: EmulatorSettings): PinRegistry {
  const { clock, random, tokenLagMs, people } = settings;
  const makeText = createUniqueText(random);
  const makeToken = () => makeText(tokenAlphabet, 20);
  const tokens = createTokenRegistry(people, makeToken);
  const index = createPinIndex();
  let lastID = settings.idBase;

  function linkAt(pin: RegisteredPin, atMs: number, person = people[0]): string {
    const token = tokens.issue(person, pin, atMs);
    Object.assign(pin, { decision: 'linked', linkedAtMs: atMs, token, person });
    return token;
  }
  const isAlive = (pin: RegisteredPin) => clock.now() < pin.expiresAtMs;
  const approveDuePins = createAutomaticApproval(settings, index.pins, linkAt);

  function personOf(token: string): Person | undefined {
    approveDuePins();
    return tokens.personOf(token);
  }

  return {
    tokens,
    get pins() {
      approveDuePins();
      return index.pins;
    },
    create(request) {
      approveDuePins();
      lastID += 1 + Math.floor(random() * 90);
      const code = request.strong ? makeText(strongAlphabet, 25) : makeText(shortAlphabet, 4);
      const pin = toRegisteredPin(request, lastID, code, settings);
      index.add(pin);
      return pin;
    },
    find(pinID, clientIdentifier) {
      approveDuePins();
      const pin = index.findByID(pinID);
      if (pin?.clientIdentifier !== clientIdentifier) return undefined;
      return isAlive(pin) && !pin.isSpent ? pin : undefined;
    },
    findByCode(code) {
      approveDuePins();
      const pin = index.findByCode(code.trim()) ?? index.findByCode(code.trim().toUpperCase());
      return pin && isAlive(pin) ? pin : undefined;
    },
    stateOf: (pin) => (isAlive(pin) ? pin.decision : 'expired'),
    link: (pin, person) => linkAt(pin, clock.now(), person),
    deny(pin) {
      pin.decision = 'denied';
    },
    readToken: (pin) => (clock.now() >= pin.linkedAtMs + tokenLagMs ? pin.token : null),
    personOf,
    isValidToken: (token) => personOf(token) !== undefined,
    revokeToken: tokens.revoke,
    devicesOf(person) {
      approveDuePins();
      return tokens.devicesOf(person);
    },
    makeToken,
  };
}

/** Stores PINs in the order in which they were made. */
function createPinIndex() {
  const pins: RegisteredPin[] = [];
  const pinsByID = new Map<number, RegisteredPin>();
  const pinsByCode = new Map<string, RegisteredPin>();
  return {
    pins,
    add(pin: RegisteredPin): void {
      pins.push(pin);
      pinsByID.set(pin.id, pin);
      pinsByCode.set(pin.code, pin);
    },
    findByID: (pinID: number) => pinsByID.get(pinID),
    findByCode: (code: string) => pinsByCode.get(code),
  };
}

function toRegisteredPin(
  request: PinRequest,
  id: number,
  code: string,
  { clock, lifetimeMs }: EmulatorSettings,
): RegisteredPin {
  const createdAtMs = clock.now();
  return {
    ...request,
    id,
    code,
    createdAtMs,
    expiresAtMs: createdAtMs + (request.strong ? lifetimeMs.strong : lifetimeMs.short),
    decision: 'waiting',
    linkedAtMs: Number.NaN,
    token: null,
    person: undefined,
    isSpent: false,
  };
}

/**
 * Approves PINs `approveAfterMs` after they were made.
 *
 * @returns A function that catches up: it links the PINs that were due by now, in order and as of the time they were due.
 */
function createAutomaticApproval(
  { clock, approveAfterMs }: EmulatorSettings,
  pins: readonly RegisteredPin[],
  linkAt: (pin: RegisteredPin, atMs: number) => void,
): () => void {
  if (approveAfterMs === undefined) return () => {};
  let done = 0;
  return () => {
    for (let pin = pins[done]; pin; pin = pins[++done]) {
      const dueMs = pin.createdAtMs + approveAfterMs;
      if (dueMs > clock.now()) return;
      if (pin.decision === 'waiting' && dueMs < pin.expiresAtMs) linkAt(pin, dueMs);
    }
  };
}
