import type { BetterAuthPlugin } from 'better-auth';
import { APIError, addOAuthServerContext, createAuthMiddleware, getOAuthState } from 'better-auth/api';
import { parseHandedPin } from '../server/handed-pin.ts';
import type { HandedPin } from '../server/protocol.ts';
import { isSameOrigin } from '../server/same-origin.ts';
import { errorCodes } from './error-codes.ts';
import { pinField } from './protocol.ts';

type BeforeHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['before']>[number];

/** Only these begin with a `POST`, so that no link of another site can have a browser begin with a PIN that is not its own. */
const beginPaths = ['/sign-in/social', '/link-social'];

/** Makes the hook that takes over the PIN which the page has made. */
export function createHandedPinHook(): BeforeHook {
  return {
    matcher: ({ path, body }) =>
      beginPaths.includes(path ?? '') && body?.additionalData?.[pinField] !== undefined,
    handler: createAuthMiddleware(async ({ body, request, context }) => {
      const handed: unknown = body.additionalData[pinField];
      const pin = parseHandedPin(handed);
      const isOwnPage = !request || isSameOrigin(request, new URL(context.baseURL).origin);
      if (!pin || !isOwnPage) throw new APIError('BAD_REQUEST', errorCodes.PLEX_BAD_PIN);
      await addOAuthServerContext({ [pinField]: pin });
    }),
  };
}

/** The PIN that the page of this request has made, if it has. */
export async function findHandedPin(): Promise<HandedPin | undefined> {
  // What is not in the server's own part of the state may come from anywhere.
  return (await getOAuthState())?.serverContext?.[pinField] as HandedPin | undefined;
}
