/** What an engine over an application's server is to TypeScript, and to the adapters. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  toAsyncIterable,
  toEventTarget,
  toObservable,
  toPromise,
  toReadable,
} from '../../src/adapters/index.ts';
import {
  type BackendAuthView,
  type BackendPlexAuth,
  type BrowserPlexAuth,
  createBrowserPlexAuth,
} from '../../src/browser/index.ts';
import type { PlexSignIn } from '../../src/element/index.ts';
import type { PlexAuthView } from '../../src/index.ts';
import type { PlexUser } from '../../src/user.ts';
import { openBackendTab, signInAt } from './backend-tab.ts';

type Authenticated<View extends { status: string }> = Extract<View, { status: 'authenticated' }>;

describe('createBrowserPlexAuth, by its types', () => {
  it('brings a user with backendURL, and a token without', () => {
    const makeOwn = () => createBrowserPlexAuth({ product: 'My App' });
    const makeBackend = () => createBrowserPlexAuth({ backendURL: '/auth/plex' });
    expectTypeOf(makeOwn).returns.toEqualTypeOf<BrowserPlexAuth>();
    expectTypeOf(makeBackend).returns.toEqualTypeOf<BackendPlexAuth>();
    expectTypeOf<ReturnType<BrowserPlexAuth['getSnapshot']>>().toEqualTypeOf<PlexAuthView>();
    expectTypeOf<ReturnType<BackendPlexAuth['getSnapshot']>>().toEqualTypeOf<BackendAuthView>();
    expectTypeOf<Authenticated<BackendAuthView>['user']>().toEqualTypeOf<PlexUser>();
    expectTypeOf<Authenticated<BackendAuthView>>().not.toHaveProperty('token');
    expectTypeOf<Authenticated<PlexAuthView>>().not.toHaveProperty('user');
    const show = (tag: PlexSignIn, auth: BackendPlexAuth) => {
      tag.auth = auth;
    };
    expectTypeOf(show).returns.toBeVoid();
    expectTypeOf<PlexSignIn['backendURL']>().toBeString();
    const isRefused = [
      // @ts-expect-error Without a server, a product is required.
      () => createBrowserPlexAuth({}),
      // @ts-expect-error The server decides whether a token is kept.
      () => createBrowserPlexAuth({ backendURL: '/auth', credentials: localStorage }),
    ];
    for (const make of isRefused) expect(make).toThrow();
  });
});

describe('the adapters', () => {
  it('take an engine over an application’s server', async () => {
    const tab = openBackendTab();
    const { auth } = tab;
    const outcome = toPromise(auth);
    const titles: string[] = [];
    const titleOf = (view: BackendAuthView) =>
      view.status === 'authenticated' ? view.user.username : view.status;
    toReadable(auth).subscribe((view) => titles.push(`readable ${titleOf(view)}`));
    toObservable(auth).subscribe((view) => void titles.push(`observable ${titleOf(view)}`));
    toEventTarget(auth).addEventListener('authenticated', ({ detail }) =>
      titles.push(`event ${detail.user.username}`),
    );
    const iterated = (async () => {
      for await (const view of toAsyncIterable(auth))
        if (view.status === 'authenticated') return titleOf(view);
      return 'never';
    })();
    await signInAt(tab);
    const view = await outcome;
    expect(view.status === 'authenticated' && view.user.id).toBe(1_234_567);
    expect(await iterated).toBe('emulated');
    expect(titles).toEqual(
      expect.arrayContaining(['readable emulated', 'observable emulated', 'event emulated']),
    );
  });
});
