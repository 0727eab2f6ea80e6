/** The DOM's types where a project has them; without them there is no page, and nothing to give. */

/** A frame in a page. */
export type PageFrame = typeof globalThis extends { HTMLIFrameElement: { prototype: infer Frame } }
  ? Frame
  : never;

/** A page's window. */
export type PageWindow = typeof globalThis extends { Window: { prototype: infer Page } } ? Page : never;
