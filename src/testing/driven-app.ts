import { createPlexAuth } from '../engine/create-plex-auth.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import type { Clock, Fetch } from '../ports.ts';
import { copyOptions } from '../require-option.ts';
import type { DriveParts } from './drive-options.ts';
import { flushPromises } from './next-task.ts';
import { holdTime } from './time-holds.ts';
import type { TimelineRecorder } from './timeline-recorder.ts';

/** The app that a drive plays with: its engine and its screen. */
export interface DrivenApp {
  /** The engine, or after a reload the last one. */
  readonly auth: PlexAuth;
  /** Records the engine's views from now on, and shows the screen. */
  open(): void;
  /** Lets the time stand still while the screen is drawn. */
  draw(): void;
  /** Removes the screen, and stops recording. */
  close(): void;
  /** Closes the app, disposes of its engine, and opens it with a new engine on the same stores. */
  reload(): Promise<void>;
}

/** How many tasks a framework may need to draw a view. React needs two. */
const drawingTasks = 4;

async function untilDrawn(): Promise<void> {
  for (let task = 0; task < drawingTasks; task++) await flushPromises();
}

/**
 * Makes the app with its engine, still closed.
 *
 * @param device The network and the clock of the app's device.
 */
export function createDrivenApp(
  parts: DriveParts,
  recorder: TimelineRecorder,
  device: { fetch: Fetch; clock: Clock },
): DrivenApp {
  const options = copyOptions(parts.options ?? {});
  const inspector = parts.inspector?.({ fetch: device.fetch, clock: parts.time.clock });
  const inspect = inspector?.inspect ?? options.inspect;
  const fetch = inspector?.fetch ?? device.fetch;
  const createEngine = () => {
    const defaults = { product: 'Test', clientIdentifier: 'drive-plex-auth', random: () => 0 };
    return createPlexAuth({ ...defaults, ...options, inspect, fetch, clock: device.clock });
  };
  let auth = parts.auth ?? createEngine();
  let close = () => {};

  function open(): void {
    const unwatch = recorder.watch(auth, draw);
    const unmount = showScreen(auth);
    close = () => {
      close = () => {};
      unwatch();
      unmount();
    };
  }

  /** @returns What removes the screen, as soon as it is there. */
  function showScreen(shown: PlexAuth): () => void {
    let unmount = parts.mount?.(shown);
    let isOpen = true;
    const remove = () => typeof unmount === 'function' && unmount();
    if (unmount instanceof Promise) {
      const take = (loaded: unknown) => {
        unmount = loaded;
        if (!isOpen) remove();
      };
      // Its rejection ends the drive.
      unmount.then(take, () => {});
    }
    return () => {
      isOpen = false;
      remove();
    };
  }

  function draw(): void {
    if (parts.mount) holdTime(parts.time, { outcome: untilDrawn(), needsTime: () => false, onGivenUp() {} });
  }

  return {
    get auth() {
      return auth;
    },
    open,
    draw,
    close: () => close(),
    async reload() {
      close();
      await auth.dispose();
      auth = createEngine();
      open();
    },
  };
}
