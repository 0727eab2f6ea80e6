/**
 * What can go wrong, as better-auth's `$ERROR_CODES`. The page at `errorURL` or `errorCallbackURL` gets the code in lower
 * case: `?error=plex_no_access`.
 */
export const errorCodes = {
  PLEX_NO_ACCESS: toError('PLEX_NO_ACCESS', 'This Plex account may not use the server'),
  PLEX_NOT_APPROVED: toError('PLEX_NOT_APPROVED', 'The sign-in was not approved at Plex'),
  PLEX_EXPIRED: toError('PLEX_EXPIRED', 'The sign-in has expired or was used up: begin again'),
  PLEX_WRONG_CODE: toError('PLEX_WRONG_CODE', 'The code belongs to no sign-in of this browser: begin again'),
  PLEX_UNAVAILABLE: toError('PLEX_UNAVAILABLE', 'Plex cannot be reached at the moment: try again'),
  PLEX_FAILED: toError('PLEX_FAILED', 'Plex gave an answer that is of no use for this sign-in'),
  PLEX_BAD_PIN: toError('PLEX_BAD_PIN', 'The page handed over something that is no PIN'),
} as const;

/** Only from the page's own end, `plexAuthClient`. */
export const pageErrorCodes = {
  PLEX_POPUP_BLOCKED: toError('PLEX_POPUP_BLOCKED', 'The browser opened no window: sign in without a popup'),
  PLEX_POPUP_TIMEOUT: toError('PLEX_POPUP_TIMEOUT', 'The popup did not finish in time'),
  PLEX_ABORTED: toError('PLEX_ABORTED', 'The page has stopped waiting'),
} as const;

/** All of them: better-auth's client takes the names of the codes from the plugin of the server. */
export const allErrorCodes = { ...errorCodes, ...pageErrorCodes } as const;

/** A code of {@link errorCodes}. */
export type PlexSignInCode = keyof typeof errorCodes;

function toError<Code extends string>(
  code: Code,
  message: string,
): { readonly code: Code; readonly message: string } {
  return { code, message };
}
