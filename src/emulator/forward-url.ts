/** Where the consent page sends the user after the approval, or why it does not. */
export type Forward = { forwardTo?: string; forwardRefused?: string };

/**
 * Checks a forward URL as plex.tv does (read 2026-08): http or https, and on the host that made the PIN.
 *
 * @param forwardURL What the link to the consent page asks for.
 * @param origin The `Origin` header of the request that made the PIN.
 */
export function checkForwardURL(forwardURL: string | undefined, origin: string | undefined): Forward {
  if (!forwardURL) return {};
  if (!URL.canParse(forwardURL)) return { forwardRefused: 'The forward URL is not a complete URL.' };
  const { protocol, host, href } = new URL(forwardURL);
  if (!['http:', 'https:'].includes(protocol)) {
    return { forwardRefused: `The forward URL must be http or https, not ${protocol}` };
  }
  if (!origin || !URL.canParse(origin)) {
    return { forwardRefused: 'No Origin was sent when the code was made, so no forward URL is trusted.' };
  }
  const { host: trustedHost } = new URL(origin);
  if (host === trustedHost) return { forwardTo: href };
  return { forwardRefused: `The forward URL leads to ${host}, but the code was made by ${trustedHost}.` };
}
