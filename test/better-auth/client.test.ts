import { createAuthClient } from 'better-auth/client';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type PlexSignInAnswer, plexAuthClient } from '../../src/better-auth/client.ts';
import type { PlexProfile, plexAuth, Secret } from '../../src/better-auth/index.ts';
import { popupChannel } from '../../src/better-auth/protocol.ts';
import { waitForPopup } from '../../src/better-auth/wait-for-popup.ts';
import { type App, createApp, origin } from './better-auth-app.ts';

/** A client outside a browser, as better-auth's own tests have it. */
function createClient(app: App) {
  const browser = app.openBrowser();
  return createAuthClient({
    baseURL: origin,
    plugins: [plexAuthClient()],
    fetchOptions: {
      customFetchImpl: async (input, init) =>
        browser.visit(String(input), {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), Origin: origin },
        }),
    },
  });
}

describe("better-auth's client", () => {
  it('begins a sign-in, with a PIN of the server where there is no page', async () => {
    const app = await createApp();
    const { data, error } = await createClient(app).signIn.plex({ callbackURL: '/films' });
    expect(error).toBeNull();
    expect(data?.url).toMatch(/^https:\/\/app\.plex\.tv\/auth#/);
    expect(app.emulator.pins).toHaveLength(1);
  });

  it('says what is wrong: Plex is down, nobody is signed in, there is no window', async () => {
    const app = await createApp();
    app.emulator.fault({ type: 'status', status: 503 }, { operation: 'getPin', times: 99 });
    const client = createClient(app);
    expect(await client.signIn.plex()).toMatchObject({
      data: null,
      error: { code: 'PLEX_UNAVAILABLE', status: 503 },
    });
    expect(await client.linkPlex()).toMatchObject({ data: null, error: { status: 401 } });
    expect(await client.signIn.plex({ popup: true })).toMatchObject({
      error: { code: 'PLEX_POPUP_BLOCKED' },
    });
  });

  it('rejects without a network, and in no other case, whatever the application wants of its own calls', async () => {
    const options = { baseURL: origin, plugins: [plexAuthClient()] };
    const offline = async () => Promise.reject(new TypeError('offline'));
    const client = createAuthClient({ ...options, fetchOptions: { customFetchImpl: offline } });
    await expect(client.signIn.plex()).rejects.toThrow('offline');
    const refusing = async () => Response.json({ code: 'NO' }, { status: 403 });
    const throwing = createAuthClient({
      ...options,
      fetchOptions: { customFetchImpl: refusing, throw: true },
    });
    expect(await throwing.signIn.plex()).toMatchObject({ error: { code: 'NO', status: 403 } });
  });

  it('knows the errors by name, and the server what only it can ask', async () => {
    const app = await createApp();
    const client = createClient(app);
    expect(app.auth.$ERROR_CODES.PLEX_NO_ACCESS.code).toBe('PLEX_NO_ACCESS');
    expectTypeOf<
      (typeof client.$ERROR_CODES)['PLEX_POPUP_BLOCKED']['code']
    >().toEqualTypeOf<'PLEX_POPUP_BLOCKED'>();
    expectTypeOf(client.signIn.plex).returns.resolves.toEqualTypeOf<PlexSignInAnswer>();
    expectTypeOf<NonNullable<Parameters<typeof client.linkPlex>[0]>>().toHaveProperty('popup');
    expectTypeOf<typeof client>().not.toHaveProperty('getPlexCredentials');
    expectTypeOf<typeof client>().not.toHaveProperty('verifyPlexUser');
    expectTypeOf<Awaited<ReturnType<typeof app.auth.api.getPlexCredentials>>>().toEqualTypeOf<{
      readonly token: Secret;
      readonly clientIdentifier: string;
    } | null>();
    const session = () => app.auth.api.getSession({ headers: new Headers() });
    expectTypeOf<NonNullable<Awaited<ReturnType<typeof session>>>['user']['email']>().toEqualTypeOf<string>();
    const verify = () => app.auth.api.verifyPlexUser({ body: { userId: 'x' } });
    expectTypeOf<
      Extract<Awaited<ReturnType<typeof verify>>, { status: 'valid' }>['profile']
    >().toEqualTypeOf<PlexProfile>();
    // @ts-expect-error It needs to be told which user.
    await expect(app.auth.api.verifyPlexUser({ body: {} })).rejects.toThrow('userId');
    expectTypeOf<NonNullable<Parameters<typeof plexAuth>[0]>>().toHaveProperty('access');
  });
});

describe('the wait for a popup', () => {
  const report = (message: unknown) => {
    const channel = new BroadcastChannel(popupChannel);
    channel.postMessage(message);
    channel.close();
  };

  it('ends with its own report, and no other', async () => {
    const waiting = waitForPopup('1', undefined);
    for (const other of [undefined, { id: '2', error: 'plex_failed' }, { id: null, error: null }])
      report(other);
    report({ id: '1', error: null });
    expect(await waiting).toBeUndefined();
  });

  it.each([
    ['plex_no_access', { code: 'PLEX_NO_ACCESS', message: 'This Plex account may not use the server' }],
    ['account_not_linked', { code: 'ACCOUNT_NOT_LINKED' }],
    ['to_string', { code: 'TO_STRING' }],
  ])('says what went wrong: %s', async (error, expected) => {
    const waiting = waitForPopup('1', undefined);
    report({ id: '1', error });
    expect(await waiting).toEqual(expected);
  });

  it('ends once nobody wants to wait', async () => {
    const stop = new AbortController();
    const waiting = waitForPopup('1', stop.signal);
    stop.abort();
    expect(await waiting).toMatchObject({ code: 'PLEX_ABORTED' });
    expect(await waitForPopup('1', stop.signal)).toMatchObject({ code: 'PLEX_ABORTED' });
  });
});
