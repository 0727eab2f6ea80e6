import type { PlexValue } from './plex-xml.ts';

/** An error as plex.tv answers it. */
export interface Refusal {
  status: number;
  code?: number;
  message: string;
}

/** The errors that plex.tv itself answers (read 2026-08). */
export const refusals = {
  clientMissing: { status: 400, code: 1000, message: 'X-Plex-Client-Identifier is missing' },
  malformed: { status: 400, code: 1004, message: 'Malformed request' },
  badToken: { status: 401, code: 1001, message: 'User could not be authenticated' },
  pinGone: { status: 404, code: 1020, message: 'Code not found or expired' },
  wrongMemberPin: { status: 403, message: 'Invalid PIN' },
  notFound: { status: 404, message: 'Not found' },
  gone: { status: 410, message: 'This endpoint is no longer available' },
  tooLarge: { status: 413, message: 'Request body is too large' },
  tooMany: { status: 429, code: 1003, message: 'API rate limit exceeded' },
} satisfies Record<string, Refusal>;

/** Makes the list that plex.tv's error envelope holds. */
export function toErrors({ status, code, message }: Refusal): PlexValue {
  return [{ ...(code === undefined ? {} : { code }), message, status }];
}
