/** The script of a test's page: puts elements into any state, in virtual time, against a plex.tv in memory. */

import type { PlexSignInOptions } from '../../src/element/create-from-element.ts';
import { PlexSignIn } from '../../src/element/plex-sign-in.ts';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { createPlexAuth } from '../../src/engine/create-plex-auth.ts';
import type { OpenedWindow } from '../../src/ports.ts';
import { createVirtualTime, type VirtualTime } from '../../src/testing/virtual-time.ts';
import type { PlexAuthView } from '../../src/view.ts';

/** Everything about one tag. */
export interface Scene {
  readonly tag: PlexSignIn;
  readonly plex: PlexEmulator;
  readonly time: VirtualTime;
  /** The events that came, and what they carry. */
  readonly events: string[];
  /** The window that opens. */
  readonly opened: { closed: boolean } & OpenedWindow;
}

/** How a tag is put up. */
interface SceneOptions {
  readonly attributes?: Record<string, string>;
  readonly options?: PlexSignInOptions;
  /** Whether the browser opens windows. Default true; they are empty. */
  readonly opensWindows?: boolean;
  readonly strings?: PlexSignIn['strings'];
  readonly parent?: HTMLElement;
  /** What the application puts into the tag. */
  readonly content?: string;
}

// The class by itself: a bundler drops an import of sources that are there for their effect alone.
if (typeof customElements !== 'undefined') customElements.define('plex-sign-in', PlexSignIn);

let scenes = 0;

/** Puts a tag up, on a network, a clock and a store of its own. */
async function putUp(options: SceneOptions = {}): Promise<Scene> {
  const time = createVirtualTime();
  const plex = createPlexEmulator({ clock: time.clock, random: sequence(), people: ['ada'] });
  const kept = new Map<string, string>();
  const tag = document.createElement('plex-sign-in');
  const attributes = { product: 'Moviebox', lang: 'en', ...options.attributes };
  for (const [name, value] of Object.entries(attributes)) tag.setAttribute(name, value);
  const opened = { closed: false, navigate() {}, close() {} };
  tag.options = {
    fetch: plex.fetch,
    clock: time.clock,
    random: () => 0,
    name: `scene ${++scenes}`,
    store: {
      getItem: (key) => kept.get(key),
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    },
    opener: () => (options.opensWindows === false ? null : opened),
    linkURL: 'https://plex.tv/link',
    ...options.options,
  };
  if (options.strings) tag.strings = options.strings;
  const events: string[] = [];
  for (const name of ['authenticated', 'expired', 'failed'] as const) {
    tag.addEventListener(name, (event) =>
      events.push(`${name} ${JSON.stringify((event as CustomEvent).detail)}`),
    );
  }
  if (options.content) tag.innerHTML = options.content;
  (options.parent ?? document.body).append(tag);
  await until(() => partOf(tag, 'heading').textContent !== '');
  await time.advance(0);
  return { tag, plex, time, events, opened };
}

/** A store that keeps nothing. */
const fullStore = {
  getItem: () => null,
  setItem: () => Promise.reject(new Error('full')),
  removeItem: () => {},
};

/** The same codes and ids at each run. */
function sequence(): () => number {
  let last = 1;
  return () => {
    last = (last * 48271) % 2147483647;
    return last / 2147483647;
  };
}

/** Waits for what comes without a timer of ours: locks, microtasks, a module. */
async function until(isDone: () => boolean): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!isDone()) {
    if (performance.now() > endMs) throw new Error(`Never came: ${isDone}`);
    await new Promise((next) => requestAnimationFrame(next));
  }
}

/** An element in the shadow root, by its id. */
function partOf(tag: PlexSignIn, id: string): HTMLElement {
  const part = tag.shadowRoot?.getElementById(id);
  if (!part) throw new Error(`No ${id}`);
  return part;
}

function statusOf(tag: PlexSignIn): PlexAuthView['status'] {
  return tag.auth?.getSnapshot().status ?? 'idle';
}

/** Presses the main button, and waits until the flow runs. A redirect would leave the page: it is as if it were back. */
async function start({ tag, time }: Scene): Promise<void> {
  if (tag.mode === 'redirect') tag.auth?.start();
  else partOf(tag, tag.look === 'button' ? 'trigger' : 'main').click();
  await until(() => statusOf(tag) !== 'idle');
  await time.advance(0);
}

async function wait(scene: Scene): Promise<void> {
  await start(scene);
  await scene.time.advance(200);
}

/** Lets Plex say that the code ends sooner: most of half an hour in which each second is drawn. */
async function endCode({ plex, time }: Scene, inMs: number): Promise<void> {
  plex.expire(plex.pins.at(-1)?.id ?? 0, { inMs });
  await time.advance(2000);
}

const moves = {
  idle: async () => {},
  async requesting(scene) {
    scene.plex.fault({ type: 'hang' }, { operation: 'getPin', times: 1000 });
    await start(scene);
  },
  async waiting(scene) {
    await wait(scene);
    await scene.time.advance(240_000);
  },
  async lastSeconds(scene) {
    await wait(scene);
    await endCode(scene, 50_000);
    await scene.time.advance(6000);
  },
  async trouble(scene) {
    await wait(scene);
    scene.plex.fault({ type: 'reset' }, { operation: 'getToken', times: 1000 });
    await scene.time.advance(5000);
  },
  async throttled(scene) {
    await wait(scene);
    scene.plex.fault({ type: 'rateLimited', retryAfter: 1800 }, { operation: 'getToken', times: 1000 });
    await scene.time.advance(5000);
  },
  /** The window was closed, or says so, and nobody has approved. */
  async closed(scene) {
    await wait(scene);
    await scene.time.advance(240_000);
    scene.opened.closed = true;
    await scene.time.advance(5000);
  },
  async limit(scene) {
    scene.tag.options = { ...scene.tag.options, renewals: 0, giveUpAfterMs: 600_000 };
    await new Promise((next) => requestAnimationFrame(next));
    await wait(scene);
    await scene.time.advance(700_000);
    await until(() => /1/.test(partOf(scene.tag, 'text').textContent ?? ''));
  },
  async blocked(scene) {
    await wait(scene);
  },
  async unkept(scene) {
    partOf(scene.tag, 'main').click();
    await until(() => statusOf(scene.tag) === 'awaitingLink');
    await scene.time.advance(0);
    await until(() => partOf(scene.tag, 'link').hidden === false);
  },
  async signedIn(scene) {
    await wait(scene);
    scene.plex.link(scene.plex.pins.at(-1)?.code ?? '');
    await scene.time.advance(5000);
    await settle(scene);
  },
  async expired(scene) {
    scene.tag.options = { ...scene.tag.options, renewals: 0 };
    await new Promise((next) => requestAnimationFrame(next));
    await wait(scene);
    await endCode(scene, 5000);
    await scene.time.advance(10_000);
  },
  async ended(scene) {
    await moves.signedIn(scene);
    scene.tag.auth?.actor.send({ type: 'REJECTED' });
  },
  async offline(scene) {
    scene.plex.fault({ type: 'reset' }, { operation: 'getPin', times: 1000 });
    await start(scene);
    await scene.time.advance(120_000);
  },
  async busy(scene) {
    scene.plex.fault({ type: 'rateLimited', retryAfter: 86_400 }, { operation: 'getPin', times: 1000 });
    await start(scene);
  },
  async broken(scene) {
    scene.plex.fault({ type: 'html' }, { operation: 'getPin', times: 1000 });
    await start(scene);
    await scene.time.advance(120_000);
  },
  async misconfigured(scene) {
    await wait(scene);
    scene.plex.expire(scene.plex.pins.at(-1)?.id ?? 0);
    await scene.time.advance(5000);
  },
  async signingOut(scene) {
    await moves.signedIn(scene);
    scene.plex.fault({ type: 'hang' }, { operation: 'signOut' });
    partOf(scene.tag, 'quiet').click();
    await scene.time.advance(0);
  },
} satisfies Record<string, (scene: Scene) => Promise<void>>;

/** Waits until the name of who has signed in is there. */
async function settle({ tag, time }: Scene): Promise<void> {
  const isNamed = () => tag.shadowRoot?.getElementById('avatar')?.textContent !== undefined;
  const endMs = performance.now() + 2000;
  while (!isNamed() && performance.now() < endMs) {
    await time.advance(0);
    await new Promise((next) => requestAnimationFrame(next));
  }
}

/** What a person can see. */
export type StageState = keyof typeof moves;

/** Puts a tag up and brings it into a state. */
async function show(state: StageState, options: SceneOptions = {}): Promise<Scene> {
  const scene = await putUp({
    ...options,
    ...(state === 'blocked' && { opensWindows: false }),
    ...(state === 'unkept' && { options: { store: fullStore, ...options.options } }),
  });
  await moves[state](scene);
  const view = scene.tag.auth?.getSnapshot();
  if (scene.tag.mode === 'code' && view?.code)
    await until(() => {
      const [scan, modules] = ['scan', 'modules'].map((id) => scene.tag.shadowRoot?.getElementById(id));
      return modules?.hasAttribute('d') === true || scan?.hidden === true;
    });
  return scene;
}

/** Opens the panel of `look="button"`, if the state has one. */
function openPanel(tag: PlexSignIn): void {
  const isOpen = tag.shadowRoot?.getElementById('card')?.hasAttribute('data-open');
  const trigger = partOf(tag, 'trigger');
  if (!isOpen && !trigger.classList.contains('main')) trigger.click();
}

const stageTools = {
  show,
  moves,
  fullStore,
  openPanel,
  putUp,
  partOf,
  until,
  createPlexAuth,
  createVirtualTime,
  createPlexEmulator,
};

declare global {
  interface Window {
    stage: typeof stageTools;
    scene: Scene;
  }
}
if (typeof window !== 'undefined') window.stage = stageTools;
