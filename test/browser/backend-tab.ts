import type { BackendPlexAuth, BackendPlexAuthOptions } from '../../src/browser/backend-plex-auth.ts';
import { createBrowserPlexAuth } from '../../src/browser/create-browser-plex-auth.ts';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import type { BackendAuthView } from '../../src/view.ts';
import { createFakeBackend, type FakeBackend, type FakeBackendOptions } from '../fixture/fake-backend.ts';
import { createFakePage, createFakePopup, type FakePage, type FakePopup } from './fake-page.ts';
import { type BrowserWorld, createBrowserWorld } from './open-tab.ts';

// It is loaded at the first question. A test that counts milliseconds does not wait for that.
await import('../../src/server/backend-wire.ts');

/** An application with a server, and one browser with its tabs, in virtual time. */
export interface BackendWorld extends BrowserWorld {
  readonly backend: FakeBackend;
  /** The network of the browser. */
  readonly network: ReturnType<FakeBackend['openNetwork']>;
}

export interface BackendTab extends BackendWorld {
  readonly page: FakePage;
  readonly auth: BackendPlexAuth;
  readonly popups: FakePopup[];
  readonly views: BackendAuthView[];
}

export function createBackendWorld(
  backendOptions: Partial<FakeBackendOptions> = {},
  emulatorOptions: PlexEmulatorOptions = {},
): BackendWorld {
  const world = createBrowserWorld(emulatorOptions);
  const { emulator, time } = world;
  const backend = createFakeBackend({ emulator, clock: time.clock, ...backendOptions });
  return { ...world, backend, network: backend.openNetwork() };
}

export function openBackendTab(
  world = createBackendWorld(),
  options: Partial<BackendPlexAuthOptions> = {},
  page = createFakePage(world.browser),
): BackendTab {
  const popups: FakePopup[] = [];
  const auth = createBrowserPlexAuth({
    backendURL: '/auth/plex',
    clock: world.time.clock,
    fetch: world.network.fetch,
    random: () => 0,
    window: page.window,
    opener() {
      const popup = createFakePopup();
      popups.push(popup);
      return popup;
    },
    ...options,
  });
  const views: BackendAuthView[] = [];
  auth.subscribe((view) => views.push(view));
  return { ...world, page, auth, popups, views };
}

export const statusOf = ({ auth }: Pick<BackendTab, 'auth'>) => auth.getSnapshot().status;

export function codeOf({ auth }: Pick<BackendTab, 'auth'>): string {
  const view = auth.getSnapshot();
  return view.code ?? '';
}

/** The requests that came to the server, such as `GET /attempt`; with `*` those with a hint. */
export const askedOf = ({ backend }: BackendWorld) =>
  backend.requests.map(({ method, path, isHinted }) => `${method} ${path}${isHinted ? ' *' : ''}`);

/** The user signs in, and comes back to the page. */
export async function signInAt(tab: BackendTab): Promise<string> {
  tab.auth.start();
  await tab.time.advance(100);
  const token = tab.emulator.link(codeOf(tab));
  tab.auth.check();
  await tab.time.advance(100);
  return token;
}
