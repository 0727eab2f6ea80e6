import { internalsOf } from '../engine/engine-internals.ts';
import type { Card } from './card.ts';
import { EndDetails } from './end-details.ts';
import type { ElementAuth } from './engine-source.ts';
import { keepFocusOnMoves } from './kept-focus.ts';
import { toLaterScreen } from './later-screens.ts';
import { laterStyles } from './later-styles.ts';
import type { LaterTools } from './later-tools.ts';
import type { ScreenOptions } from './scene.ts';
import type { ToLaterScreen } from './screen.ts';
import { TimeLeft } from './time-left.ts';
import { createWindowWatch } from './window-watch.ts';

/** What comes after the first screen. Loaded once that is there. */
export interface LaterPart {
  readonly toLaterScreen: ToLaterScreen;
  /** What a screen says beside the view: of the user, the limit, a wait that Plex asks for, and the window. */
  detailsOf(
    view: ScreenOptions['view'],
    engine: ElementAuth,
  ): Pick<ScreenOptions, 'userName' | 'limitMs' | 'waitMs' | 'isWindowClosed' | 'isWindowMissing'>;
  readonly timeLeft: TimeLeft;
  /** Follows the connection of the page that the element is in, or of none, and whether it is seen. */
  watchConnection(page: Window | null): void;
  /** Call it when the element is taken out of the page: where it was only moved, it keeps its focus. */
  keepFocus(): void;
}

/** @param onChange Called when there is something else to show. */
export function addLaterPart(card: Card, tools: LaterTools, onChange: () => void): LaterPart {
  tools.addStyles(card.root, laterStyles);
  card.root.addEventListener('keydown', (event) => {
    const { key, repeat } = event as KeyboardEvent;
    // A key that is held down presses once: what it pressed next would end what it began, or open window after window.
    if (repeat && key === 'Enter' && card.root.activeElement) event.preventDefault();
  });
  let watched: Window | null = null;
  let requesting: ElementAuth | undefined;
  const end = new EndDetails(card.root, tools, onChange);
  const timeLeft = new TimeLeft(card, onChange);
  const isWindowClosed = createWindowWatch();
  return {
    toLaterScreen,
    detailsOf(view, engine) {
      end.update(view, engine);
      if (view.status === 'requestingPin') requesting = engine;
      return {
        userName: end.userName,
        limitMs: end.limitMs,
        waitMs: timeLeft.waitOf(view, engine),
        isWindowClosed: isWindowClosed(view.status, engine),
        // A sign-in that went on after a reload may still have its window.
        isWindowMissing: engine === requesting && internalsOf(engine)?.isWindowClosed?.() === null,
      };
    },
    timeLeft,
    keepFocus: keepFocusOnMoves(card.root),
    watchConnection(page) {
      if (page === watched) return;
      for (const event of ['online', 'offline', 'visibilitychange']) {
        // A test that is torn down takes the functions of its page away.
        watched?.removeEventListener?.(event, onChange);
        page?.addEventListener?.(event, onChange);
      }
      watched = page;
    },
  };
}
