const listening = new WeakSet<ShadowRoot>();

/**
 * Lets the arrow keys move the focus, as on a remote control. A root that has it already is left as it is.
 *
 * @param controls The controls that can be used now, in their order.
 */
export function listenForArrows(root: ShadowRoot, controls: () => HTMLElement[]): void {
  if (listening.has(root)) return;
  listening.add(root);
  root.getElementById('card')?.addEventListener('keydown', (event) => moveFocus(event, root, controls));
}

/** Moves the focus from one control to the next by the arrow keys, as on a remote control. */
function moveFocus(event: KeyboardEvent, root: ShadowRoot, controls: () => HTMLElement[]): void {
  const { key } = event;
  if (!/^Arrow/.test(key) || event.altKey || event.ctrlKey || event.metaKey) return;
  const forward = root.querySelector('[dir=rtl]') ? 'ArrowLeft' : 'ArrowRight';
  const step = key === forward || key === 'ArrowDown' ? 1 : -1;
  const all = controls();
  const at = all.indexOf(root.activeElement as HTMLElement);
  // From the heading, which has the focus where nothing has to be pressed, each arrow leads to the first control.
  const next = all[at < 0 ? 0 : at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
