import { isPlexAuthError, type PlexAuthError } from '../errors.ts';
import type { AccountIDs } from '../plex/sharing-calls.ts';
import { requireOption } from '../require-option.ts';
import type { Secret } from '../secret.ts';
import type { UserAnswer } from '../user.ts';

/** What {@link PlexAuthServer.reconcile} is asked. */
export interface ReconcileOptions {
  /** The token of the server's owner: only to the owner does Plex say with whom the server is shared. */
  ownerToken: Secret | string;
  /** The ids of the users who have an account in the application. Default: none. */
  userIDs?: Iterable<number> | undefined;
}

/**
 * Who may use the server now.
 *
 * `known`: `members` are the ids of all who may, the owner first; `revoked` are those of `userIDs` who may no longer. `rejected`:
 * the owner's token is no longer valid, or is not the owner's. `unknown`: Plex could not be asked, or an answer could not be
 * read; end nobody's session then.
 */
export type Reconciliation =
  | { status: 'known'; members: readonly number[]; revoked: readonly number[] }
  | { status: 'rejected' }
  | { status: 'unknown'; error: PlexAuthError };

/** What is asked of Plex, with the owner's token. */
export interface OwnerCalls {
  getUser(): Promise<UserAnswer>;
  hasAccess(): Promise<{ status: string }>;
  getSharedWith(): Promise<AccountIDs>;
  getHomeMembers(): Promise<AccountIDs>;
}

/** Compares an application's users with those who may use the server. */
export async function reconcile(calls: OwnerCalls, userIDs: Iterable<number>): Promise<Reconciliation> {
  const known = [...userIDs];
  requireOption(known.every(Number.isSafeInteger), 'userIDs', 'integers');
  try {
    const access = await calls.hasAccess();
    const owner = await calls.getUser();
    if (access.status !== 'owner' || owner.status === 'rejected') return { status: 'rejected' };
    const shared = await calls.getSharedWith();
    const home = await calls.getHomeMembers();
    if (shared.status === 'rejected' || home.status === 'rejected') return { status: 'rejected' };
    const members = new Set([owner.user.id, ...shared.ids, ...home.ids]);
    return { status: 'known', members: [...members], revoked: known.filter((id) => !members.has(id)) };
  } catch (error) {
    if (!isPlexAuthError(error)) throw error;
    return { status: 'unknown', error };
  }
}
