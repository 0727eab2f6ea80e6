/** Where the consent page sends the user after the approval, or why it does not. */
export type Forward = { forwardTo?: string; forwardRefused?: string };

/**
 * Checks a forward URL as plex.tv does: http or https, and on the host that made the PIN, if that is known.
 *
 * Where a server made the PIN no `Origin` was sent. Five living apps report that they are forwarded then, two that they are
 * not (read 2026-11).
 *
 * @param forwardURL What the link to the consent page asks for.
 * @param origin The `Origin` header of the request that made the PIN.
 * @param isStrict Whether nobody is forwarded where there was none.
 */
export function checkForwardURL(
  forwardURL: string | undefined,
  origin: string | undefined,
  isStrict: boolean,
): Forward {
  if (!forwardURL) return {};
  if (!URL.canParse(forwardURL)) return { forwardRefused: 'The forward URL is not a complete URL.' };
  const { protocol, host, href } = new URL(forwardURL);
  if (!['http:', 'https:'].includes(protocol)) {
    return { forwardRefused: `The forward URL must be http or https, not ${protocol}` };
  }
  if (origin === undefined && !isStrict) return { forwardTo: href };
  if (!origin || !URL.canParse(origin)) {
    return { forwardRefused: 'No Origin was sent when the code was made, so no forward URL is trusted.' };
  }
  const { host: trustedHost } = new URL(origin);
  if (host === trustedHost) return { forwardTo: href };
  return { forwardRefused: `The forward URL leads to ${host}, but the code was made by ${trustedHost}.` };
}
