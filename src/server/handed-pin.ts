import { isPinID } from '../plex/pin-calls.ts';
import { isCode } from '../plex/replies.ts';
import type { HandedPin } from './protocol.ts';

/** Reads a PIN as a page hands it over. @returns Undefined for what Plex could not have given. */
export function parseHandedPin(handed: unknown): HandedPin | undefined {
  const { pinID, code, expiresInMs } = Object(handed) as Partial<HandedPin>;
  const isLife = typeof expiresInMs === 'number' && expiresInMs > 0;
  return isPinID(pinID) && isCode(code) && isLife ? ({ pinID, code, expiresInMs } as HandedPin) : undefined;
}
