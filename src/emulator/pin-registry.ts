import type { EmulatorSettings } from './emulator-options.ts';

/** What the user made of a PIN. */
export type PinState = 'waiting' | 'denied' | 'linked' | 'expired';

/** Who asks for a PIN, as far as the emulator keeps it. */
interface PinApplicant {
  clientIdentifier: string;
  strong: boolean;
  product: string;
  device: string;
  /** The `Origin` header sent when the PIN was made; plex.tv compares the forward URL with it. */
  origin: string | undefined;
}

/** A PIN as the emulator keeps it. Whether it is still alive is for {@link PinRegistry} to tell. */
export interface Pin extends PinApplicant {
  readonly id: number;
  readonly code: string;
  readonly createdAtMs: number;
  expiresAtMs: number;
  verdict: Exclude<PinState, 'expired'>;
  linkedAtMs: number;
  token: string | null;
  /** Whether its token was read and may not be read again. */
  taken: boolean;
}

/** All PINs and tokens of the one emulated account. */
export interface PinRegistry {
  /** The signed-in user's own token. */
  readonly accountToken: string;
  readonly pins: readonly Pin[];
  create(applicant: PinApplicant): Pin;
  /** The live PIN with this id that belongs to this client. */
  find(pinID: number, clientIdentifier: string): Pin | undefined;
  /** The live PIN with this code; a short code may be typed in lower case. */
  findByCode(code: string): Pin | undefined;
  stateOf(pin: Pin): PinState;
  /** Gives the PIN a token, which kills the earlier one of the same client. */
  link(pin: Pin): string;
  /** The token, where it shows already. */
  readToken(pin: Pin): string | null;
  isToken(token: string): boolean;
  revoke(token: string): void;
}

/** Letters and digits that nobody mistakes for one another. */
const shortAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const strongAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const tokenAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Makes the books of an emulated plex.tv.
 *
 * It sets no timer: expiry, lag and the virtual user's approvals follow from the time at which somebody asks.
 */
export function createPinRegistry(settings: EmulatorSettings): PinRegistry {
  const { clock, random, lifetimeMs, approveAfterMs, tokenLagMs } = settings;
  const draw = createDraw(random);
  const accountToken = draw(tokenAlphabet, 20);
  const pins: Pin[] = [];
  const pinsByID = new Map<number, Pin>();
  const pinsByCode = new Map<string, Pin>();
  const tokens = new Set([accountToken]);
  const tokensByClient = new Map<string, string>();
  let lastID = settings.idBase;
  let approved = 0;

  /** Lets the virtual user catch up: PINs are approved in the order, and at the times, at which they were due. */
  function settle(): void {
    if (approveAfterMs === undefined) return;
    for (let pin = pins[approved]; pin; pin = pins[++approved]) {
      const dueMs = pin.createdAtMs + approveAfterMs;
      if (dueMs > clock.now()) return;
      if (pin.verdict === 'waiting' && dueMs < pin.expiresAtMs) grant(pin, dueMs);
    }
  }

  function grant(pin: Pin, atMs: number): string {
    const token = draw(tokenAlphabet, 20);
    tokens.delete(tokensByClient.get(pin.clientIdentifier) ?? '');
    tokens.add(token);
    tokensByClient.set(pin.clientIdentifier, token);
    Object.assign(pin, { verdict: 'linked', linkedAtMs: atMs, token });
    return token;
  }

  const isLive = (pin: Pin) => clock.now() < pin.expiresAtMs;

  return {
    accountToken,
    get pins() {
      settle();
      return pins;
    },
    create(applicant) {
      settle();
      lastID += 1 + Math.floor(random() * 90);
      const createdAtMs = clock.now();
      const pin: Pin = {
        ...applicant,
        id: lastID,
        code: applicant.strong ? draw(strongAlphabet, 25) : draw(shortAlphabet, 4),
        createdAtMs,
        expiresAtMs: createdAtMs + (applicant.strong ? lifetimeMs.strong : lifetimeMs.short),
        verdict: 'waiting',
        linkedAtMs: Number.NaN,
        token: null,
        taken: false,
      };
      pins.push(pin);
      pinsByID.set(pin.id, pin);
      pinsByCode.set(pin.code, pin);
      return pin;
    },
    find(pinID, clientIdentifier) {
      settle();
      const pin = pinsByID.get(pinID);
      return pin && pin.clientIdentifier === clientIdentifier && isLive(pin) && !pin.taken ? pin : undefined;
    },
    findByCode(code) {
      settle();
      const pin = pinsByCode.get(code.trim()) ?? pinsByCode.get(code.trim().toUpperCase());
      return pin && isLive(pin) ? pin : undefined;
    },
    stateOf: (pin) => (isLive(pin) ? pin.verdict : 'expired'),
    link: (pin) => grant(pin, clock.now()),
    readToken: (pin) => (clock.now() >= pin.linkedAtMs + tokenLagMs ? pin.token : null),
    isToken(token) {
      settle();
      return tokens.has(token);
    },
    revoke(token) {
      tokens.delete(token);
    },
  };
}

/** Draws texts and never one twice: from a repeated one it counts on, so that a constant `random` serves as well. */
function createDraw(random: () => number): (alphabet: string, length: number) => string {
  const drawn = new Set<string>();
  return (alphabet, length) => {
    const digits = Array.from({ length }, () => Math.floor(random() * alphabet.length));
    let text = spell(digits, alphabet);
    while (drawn.has(text)) {
      countOn(digits, alphabet.length);
      text = spell(digits, alphabet);
    }
    drawn.add(text);
    return text;
  };
}

function spell(digits: readonly number[], alphabet: string): string {
  return digits.map((digit) => alphabet[digit]).join('');
}

function countOn(digits: number[], base: number): void {
  for (let place = digits.length - 1; place >= 0; place--) {
    digits[place] = ((digits[place] ?? 0) + 1) % base;
    if (digits[place] !== 0) return;
  }
}
