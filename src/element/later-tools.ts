import type { toNode } from './structure.ts';
import type { addStyles } from './styles.ts';

/** What the element passes in. Imported here, a bundler would move it out of the element into a file of its own. */
export interface LaterTools {
  readonly toNode: typeof toNode;
  readonly addStyles: typeof addStyles;
}
