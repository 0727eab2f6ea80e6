import type { PlexAuthView } from '../view.ts';
import { type Control, type Scene, type Screen, type ScreenOptions, toScene } from './scene.ts';

/** Said to those who make the page, in English. */
export const unsetMessage = 'Give <plex-sign-in> a product="…", a backend-url="…" or an auth.';

/** How long a page has to set what is missing before the console says so: a framework sets it after the tag is in the page. */
export const unsetAfterMs = 100;

/** Shows what comes after the first screen. Loaded once that is there. */
export type ToLaterScreen = (scene: Scene, toRequesting: typeof toRequestingScreen) => Screen;

/**
 * Decides what a view of the engine shows to a person.
 *
 * @param toLaterScreen Undefined before it is loaded: then a running sign-in looks as at its start.
 */
export function screenOf(options: ScreenOptions, toLaterScreen?: ToLaterScreen): Screen {
  const { view } = options;
  const scene = toScene(options);
  if (options.isUnset) return toUnsetScreen(scene);
  if (view.status === 'idle') return toIdleScreen(scene, view.reason);
  if (toLaterScreen) return toLaterScreen(scene, toRequestingScreen);
  const isFailed = view.status === 'failed';
  return isFailed
    ? { icon: 'fault', ...scene.words('offline'), main: scene.retry }
    : toRequestingScreen(scene);
}

function toIdleScreen(scene: Scene, reason: IdleReason): Screen {
  const { strings, mode, look, product, heading, fill } = scene;
  // A phone opens Plex's page itself: there, the code is the second way.
  const isTyped = mode === 'code' && !(scene.isPhone && look !== 'tv');
  return {
    icon: 'person',
    heading,
    text: isTyped ? strings.codeText : strings[mode === 'popup' ? 'popupText' : 'redirectText'],
    main: { label: isTyped ? strings.getCode : strings.signIn, command: 'start', isMain: true },
    footnote: product && fill(strings.privacy, { product }),
    said: reason ? strings[reason] : heading,
  };
}

type IdleReason = Extract<PlexAuthView, { status: 'idle' }>['reason'];

/** What is shown while Plex is asked for a code. */
function toRequestingScreen(scene: Scene): Screen {
  const { strings, quiet, note, brief } = scene;
  const main: Control = { label: strings.signIn, command: 'start', isMain: true, isBusy: true };
  return { icon: 'busy', ...scene.words('requesting'), main, quiet, note, brief };
}

/** For the people who make the page: nothing can be pressed before they have set what is missing. */
function toUnsetScreen({ words }: Scene): Screen {
  return { icon: 'fault', ...words('misconfigured'), text: unsetMessage };
}
