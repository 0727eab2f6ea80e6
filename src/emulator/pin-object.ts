import type { Pin } from './pin-registry.ts';
import type { PlexValue } from './plex-xml.ts';

/** An answer in plex.tv's error envelope. */
export interface Refusal {
  status: number;
  code?: number;
  message: string;
}

/** The errors that plex.tv itself answers (shared facts, read 2026-08). */
export const refusals = {
  clientMissing: { status: 400, code: 1000, message: 'X-Plex-Client-Identifier is missing' },
  malformed: { status: 400, code: 1004, message: 'Malformed request' },
  badToken: { status: 401, code: 1001, message: 'User could not be authenticated' },
  pinGone: { status: 404, code: 1020, message: 'Code not found or expired' },
  tooMany: { status: 429, code: 1003, message: 'Too many requests' },
} satisfies Record<string, Refusal>;

export function toErrors({ status, code, message }: Refusal): PlexValue {
  return [{ ...(code === undefined ? {} : { code }), message, status }];
}

/** What the pin object says besides the PIN itself. */
export interface PinMoment {
  nowMs: number;
  /** How far the emulator's clock is ahead of the client's; the seconds left are right all the same. */
  offsetMs: number;
  /** Where the QR picture is served. */
  origin: string;
  token: string | null;
}

/** Writes the pin object (plex.tv, read 2026-08). The place is the documentation's own example, nobody's home. */
export function toPinObject(
  pin: Pin,
  { nowMs, offsetMs, origin, token }: PinMoment,
): Record<string, PlexValue> {
  return {
    id: pin.id,
    code: pin.code,
    product: pin.product,
    trusted: false,
    qr: `${origin}/api/v2/pins/qr/${pin.code}`,
    clientIdentifier: pin.clientIdentifier,
    location: {
      code: 'NL',
      european_union_member: true,
      continent_code: 'EU',
      country: 'The Netherlands',
      city: 'Breda',
      time_zone: 'Europe/Amsterdam',
      postal_code: '4814',
      in_privacy_restricted_country: true,
      in_privacy_restricted_region: true,
      subdivisions: 'North Brabant',
      coordinates: '51.5869, 4.7471',
    },
    expiresIn: Math.max(0, Math.floor((pin.expiresAtMs - nowMs) / 1000)),
    createdAt: toPlexTime(pin.createdAtMs + offsetMs),
    expiresAt: toPlexTime(pin.expiresAtMs + offsetMs),
    authToken: token,
    newRegistration: null,
  };
}

/** Whole seconds, as in plex.tv's own example. */
export function toPlexTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
