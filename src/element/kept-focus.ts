/**
 * Gives the focus back to what had it where its element is moved within the page, which takes it away.
 *
 * @returns Call it when the element is taken out of the page: it may be put in again at once.
 */
export function keepFocusOnMoves(root: ShadowRoot): () => void {
  const focusedNow = () => root.activeElement as HTMLElement | null;
  let focused = focusedNow();
  root.addEventListener('focusin', () => {
    focused = focusedNow();
  });
  // A browser may say so before it takes the element out, in the same task.
  root.addEventListener('focusout', () =>
    queueMicrotask(() => {
      focused = focusedNow();
    }),
  );
  return () => {
    const last = focused;
    focused = null;
    queueMicrotask(() => {
      const { activeElement, body } = root.ownerDocument;
      if (root.host.isConnected && activeElement === body) last?.focus({ preventScroll: true });
    });
  };
}
