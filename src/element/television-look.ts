import { listenForArrows } from './arrow-keys.ts';
import type { addStyles } from './styles.ts';
import { televisionStyles } from './television-styles.ts';

// A server writes them too.
export { televisionStyles };

/** What the element passes in. */
interface Tools {
  readonly addStyles: typeof addStyles;
  /** The controls that can be used now, in their order. */
  readonly controls: () => HTMLElement[];
}

/** Puts what `look="tv"` needs into an element's shadow root. */
export function addTelevisionLook(root: ShadowRoot, { addStyles, controls }: Tools): void {
  addStyles(root, televisionStyles);
  listenForArrows(root, controls);
}
