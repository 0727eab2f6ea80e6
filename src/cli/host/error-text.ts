import { PlexAuthError } from '../../errors.ts';
import type { ServerAddress } from './server-address.ts';

/**
 * Describes an error in one line for a person, with the code to search for.
 *
 * No message of this library holds a token or a code. Of a cause, only the store's is shown, in place of the message: it names
 * the file and not a key that the user has never seen.
 *
 * @param server Whom the program asked. With it a failure to reach that server names its address.
 */
export function toErrorText(error: unknown, server?: ServerAddress): string {
  if (!(error instanceof Error)) return 'Something unexpected was thrown (PLEX_UNEXPECTED)';
  if (server && isUnreached(error)) return toUnreachedText(error, server);
  const { code, cause } = error as { code?: string; cause?: { code?: string; message?: string } };
  const text = (code === 'PLEX_STORE' && cause?.message) || error.message;
  const codes = [error instanceof PlexAuthError ? code : undefined, cause?.code];
  const unsaid = codes.filter((one) => one && !text.startsWith(`${one}:`));
  return `${text}${unsaid.length > 0 ? ` (${unsaid.join(', ')})` : ''}`.replace(/\s*\n\s*/g, ' ');
}

/** Whether no answer came at all. */
function isUnreached(error: Error): error is PlexAuthError {
  return error instanceof PlexAuthError && error.code === 'PLEX_NETWORK' && error.status === undefined;
}

/** Says which address could not be reached, with the system's code: `Cannot reach https://plex.tv (ENOTFOUND)`. */
export function toUnreachedText({ code, cause }: PlexAuthError, { origin, proxy }: ServerAddress): string {
  const systemCode = (cause as { code?: string } | undefined)?.code ?? code;
  const via = proxy ? ` through the proxy ${proxy}` : '';
  if (!certificateCodes.test(systemCode)) return `Cannot reach ${origin}${via} (${systemCode})`;
  return `Cannot trust the certificate of ${origin}${via} (${systemCode})`;
}

/** Node's codes for a certificate that is refused: `CERT_HAS_EXPIRED`, `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID`. */
const certificateCodes = /CERT|UNABLE_TO_(GET|VERIFY)/;
