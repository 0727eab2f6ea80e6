/** Uses what needs neither a page nor Node. */
import {
  type Clock,
  createPlexAuth,
  type Fetch,
  type KeyValueStore,
  type PlexAuth,
  PlexAuthError,
  type PlexAuthOptions,
  type PlexAuthView,
  type PlexUser,
  Secret,
  signIn,
  type Wire,
} from 'plex-auth-flow';
import { toAsyncIterable, toEventTarget, toObservable, toPromise, toReadable } from 'plex-auth-flow/adapters';
import { createAuthURL, createPlexClient, type PlexPin, type PlexServer } from 'plex-auth-flow/client';
import { createPlexFleet, type PlexFleetEvent } from 'plex-auth-flow/fleet';
import { type PinAuthContext, type PinAuthEvent, pinAuthMachine } from 'plex-auth-flow/machine';
import { createPlexEmulator, createVirtualTime, drivePlexAuth } from 'plex-auth-flow/testing';
import { createActor, fromPromise } from 'xstate';

const items = new Map<string, string>();
const store: KeyValueStore = {
  getItem: (key) => items.get(key) ?? null,
  setItem: (key, value) => items.set(key, value),
  removeItem: (key) => items.delete(key),
};
const { clock, advance } = createVirtualTime();
const plex = createPlexEmulator({ clock });
const ports: { clock: Clock; fetch: Fetch } = { clock, fetch: plex.fetch };
const options: PlexAuthOptions = { product: 'My App', clientIdentifier: 'my-app', store, ...ports };
const auth: PlexAuth = createPlexAuth(options);

export function describeView(view: PlexAuthView): string {
  switch (view.status) {
    case 'awaitingLink':
    case 'fetchingToken':
      return `${view.code} ${view.authURL} ${view.expiresAtMs - clock.now()} ${view.lastError?.code ?? ''}`;
    case 'authenticated':
      return view.token.reveal();
    case 'expired':
      return view.reason;
    case 'failed':
      return view.error instanceof PlexAuthError ? view.error.message : '';
    default:
      return view.status;
  }
}

export const wire: Wire = {
  issuer: 'https://example.com',
  getPin: async () => client.getPin({}),
  getToken: async ({ pin, signal }) => client.getToken({ pinID: pin.pinID, signal }),
  getUser: async () => ({ status: 'rejected' }),
  signOut: async ({ token }) => String(token),
  linksOf: ({ code }) => ({ authURL: code, linkURL: code, qrURL: code }),
};

/** Such as React Native's, undici's and node-fetch's, each with classes of its own. */
declare const foreignFetch: (
  input: string | { url: string },
  init?: {
    method?: string;
    headers?: Record<string, string> | [string, string][];
    body?: string | null;
    signal?: AbortSignal | null;
  },
) => Promise<{ status: number; headers: { get(name: string): string | null }; text(): Promise<string> }>;
export const anyFetch = [fetch, globalThis.fetch, foreignFetch, plex.fetch].map((fetch) =>
  createPlexClient({ clientIdentifier: 'my-app', fetch }),
);

const client = createPlexClient({ product: 'My App', clientIdentifier: 'my-app', ...ports });
export const pinOf = (): Promise<PlexPin> => client.getPin({ strong: true });
export const serversOf = (token: Secret): Promise<readonly PlexServer[]> => client.getServers({ token });
export const linkOf = ({ code }: PlexPin): string =>
  createAuthURL({ product: 'My App', clientIdentifier: 'my-app', code });

/** The chart with the caller's own effects: what an actor is given needs no `!` and no cast. */
const machine = pinAuthMachine.provide({
  actors: {
    getPin: fromPromise(({ signal }) => client.getPin({ signal })),
    getToken: fromPromise(({ input, signal }) => client.getToken({ pinID: input.pin.pinID, signal })),
    signOut: fromPromise(({ input, signal }) => client.signOut({ token: input.credentials.token, signal })),
  },
  actions: {
    keepPin: (_, { pin }) => store.setItem('pin', pin.code),
    forgetPin: () => store.removeItem('pin'),
    keepCredentials: (_, { credentials }) => store.setItem('token', credentials.token.reveal()),
    forgetCredentials: (_, { credentials: { clientIdentifier } }) => store.removeItem(clientIdentifier),
  },
  delays: { pollDelay: ({ context }) => context.waitMs * 2 },
});
export const actor = createActor(machine, { input: { renewals: 1 } });
export const cancel: PinAuthEvent = { type: 'CANCEL' };
export const reasonOf = ({ reason }: PinAuthContext) => reason;
actor.subscribe(
  (snapshot) => snapshot.matches('authenticated') && snapshot.context.credentials?.token.reveal(),
);
auth.actor.subscribe((snapshot) => snapshot.value);

export async function useAdapters(): Promise<void> {
  for await (const view of toAsyncIterable(auth)) if (view.status === 'failed') throw view.error;
  const unsubscribe = toReadable(auth).subscribe(({ status }) => status);
  unsubscribe();
  toObservable(auth)
    .subscribe({ next: ({ status }) => status, complete: () => undefined })
    .unsubscribe();
  toEventTarget(auth).addEventListener('authenticated', (event) => event);
  const outcome = await toPromise(auth);
  if (outcome.status === 'authenticated') Secret.prototype.reveal.call(outcome.token);
}

export async function useFleet(): Promise<void> {
  const fleet = createPlexFleet({ product: 'My App', clientIdentifier: 'my-app', ...ports });
  const { id, authURL } = await fleet.start({ giveUpAfterMs: 60_000 });
  const describe = ({ view, changed }: PlexFleetEvent) => `${id} ${authURL} ${view.status} ${changed.join()}`;
  for await (const event of fleet.events) describe(event);
}

export async function test(): Promise<PlexUser | undefined> {
  const drive = await drivePlexAuth({ script: [{ atMs: 20_000, user: 'approve' }] });
  drive.askedAtMs('getToken').map((atMs) => atMs / 1000);
  await advance(1000);
  const { token, clientIdentifier } = await signIn({ ...options, onView: describeView });
  const answer = await client.getUser({ token });
  return answer.status === 'valid' && clientIdentifier ? answer.user : undefined;
}
