import type { RegisteredPin } from './pin-registry.ts';
import type { PlexValue } from './plex-xml.ts';

/** What a pin object depends on besides the PIN itself. */
interface PinObjectOptions {
  nowMs: number;
  /** How far the clock that plex.tv shows is ahead of the true one. `expiresIn` is right all the same. */
  clockOffsetMs: number;
  /** The origin that serves the QR picture. */
  origin: string;
  /** `null` while there is none to show. */
  token: string | null;
}

/** Makes plex.tv's pin object (read 2026-08). The location is the example of Plex's documentation, nobody's home. */
export function toPinObject(
  pin: RegisteredPin,
  { nowMs, clockOffsetMs, origin, token }: PinObjectOptions,
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
    createdAt: toPlexTime(pin.createdAtMs + clockOffsetMs),
    expiresAt: toPlexTime(pin.expiresAtMs + clockOffsetMs),
    authToken: token,
    newRegistration: token === null ? null : false,
  };
}

/** Writes a moment as plex.tv does in its own example: ISO 8601, in whole seconds. */
export function toPlexTime(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}
