import type { Card } from './card.ts';
import { EndDetails } from './end-details.ts';
import { toLaterScreen } from './later-screens.ts';
import { laterStyles } from './later-styles.ts';
import type { LaterTools } from './later-tools.ts';
import type { ToLaterScreen } from './screen.ts';

/** What comes after the first screen. Loaded once that is there. */
export interface LaterPart {
  readonly toLaterScreen: ToLaterScreen;
  readonly end: EndDetails;
}

/** @param onChange Called when there is more to show at the end of a sign-in. */
export function addLaterPart(card: Card, tools: LaterTools, onChange: () => void): LaterPart {
  tools.addStyles(card.root, laterStyles);
  return { toLaterScreen, end: new EndDetails(card.root, tools, onChange) };
}
