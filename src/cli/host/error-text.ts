import { PlexAuthError } from '../../errors.ts';

/**
 * Describes an error in one line for a person, with the code to search for.
 *
 * No message of this library holds a token or a code. Of a cause, only the store's is shown: it names the file.
 */
export function toErrorText(error: unknown): string {
  if (!(error instanceof Error)) return 'Something unexpected was thrown (PLEX_UNEXPECTED)';
  const { code, cause } = error as { code?: string; cause?: { code?: string; message?: string } };
  const reason = code === 'PLEX_STORE' && cause?.message ? `: ${cause.message}` : '';
  const codes = [error instanceof PlexAuthError ? code : undefined, cause?.code].filter(Boolean);
  const codeList = codes.length > 0 ? ` (${codes.join(', ')})` : '';
  return `${error.message}${reason}${codeList}`.replace(/\s*\n\s*/g, ' ');
}
