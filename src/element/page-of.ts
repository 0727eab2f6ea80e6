/**
 * The page that a node is in.
 *
 * Not simply the global `window`: a test that ends may take the globals away while a tag is still mounted.
 *
 * @returns Null once the page is closed. There is nothing to show then.
 */
export function pageOf({ ownerDocument }: Element | ShadowRoot): (Window & typeof globalThis) | null {
  const page = ownerDocument.defaultView;
  const { window } = globalThis as { window?: Window & typeof globalThis };
  // A test runner may have a `window` of its own, on which an application replaces what it needs.
  return page && window?.document === ownerDocument ? window : page;
}
