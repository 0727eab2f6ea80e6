/** How far the panel stays from its button and from the edges of the window, in pixels. */
const gap = 8;

/**
 * The details of `look="button"`, opened by its button and placed beside it.
 *
 * A `popover` where the browser has them: above all else, closed by Escape or a press elsewhere, with the focus back at the button.
 * Elsewhere a box at the button that does the same.
 */
export class ButtonPanel {
  readonly #button: HTMLElement;
  readonly #panel: HTMLElement;
  readonly #isNative: boolean;
  /** Ends what runs while the panel is open. */
  #stopListening: (() => void) | undefined;

  constructor(button: HTMLElement, panel: HTMLElement) {
    this.#button = button;
    this.#panel = panel;
    this.#isNative = 'showPopover' in panel;
    panel.addEventListener('beforetoggle', (event) =>
      this.#noteOpen((event as ToggleEvent).newState === 'open'),
    );
    panel.addEventListener('toggle', () => this.place());
  }

  get isOpen(): boolean {
    return this.#panel.hasAttribute('data-open');
  }

  /** Makes the card a panel, or a card again. */
  set isPanel(isPanel: boolean) {
    if (this.#isNative && isPanel !== !!this.#panel.popover) this.#panel.popover = isPanel ? 'auto' : null;
    // A browser closes what is taken out of the page, and sends no event.
    this.#noteOpen(isPanel && this.#isShown);
    if (!isPanel) this.#panel.removeAttribute('style');
  }

  /** Whether a press on the button opens and closes the panel. Browsers with popovers do that themselves. */
  set isToggled(isToggled: boolean) {
    if (isToggled) this.#button.setAttribute('aria-expanded', `${this.isOpen}`);
    else this.#button.removeAttribute('aria-expanded');
    if (!this.#isNative) return;
    if (isToggled) this.#button.setAttribute('popovertarget', 'card');
    else this.#button.removeAttribute('popovertarget');
  }

  /** Opens or closes the panel where the browser has not. */
  toggle(): void {
    if (this.#isNative) return;
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    if (this.isOpen || !this.#panel.isConnected) return;
    if (this.#isNative) this.#panel.showPopover();
    else this.#noteOpen(true);
  }

  close(): void {
    if (!this.isOpen) return;
    if (this.#isNative) this.#panel.hidePopover();
    else this.#noteOpen(false);
  }

  /** Puts the panel below its button, or above where there is more room. */
  place(): void {
    if (!this.isOpen) return;
    const { documentElement, defaultView: page } = this.#panel.ownerDocument;
    if (!page) return;
    const { style } = this.#panel;
    const at = this.#button.getBoundingClientRect();
    style.setProperty('--least', `${at.width}px`);
    const roomBelow = page.innerHeight - at.bottom - 2 * gap;
    const roomAbove = at.top - 2 * gap;
    style.maxBlockSize = 'none';
    const height = this.#panel.offsetHeight;
    const isAbove = height > roomBelow && roomAbove > roomBelow;
    const room = Math.max(roomAbove, roomBelow);
    // What fits on neither side covers the button, where it can lie above all else.
    const isOver = this.#isNative && height > room;
    style.maxBlockSize = `${isOver ? page.innerHeight - 2 * gap : room}px`;
    const width = this.#panel.offsetWidth;
    const centered = at.left + (at.width - width) / 2;
    const left = Math.max(gap, Math.min(centered, documentElement.clientWidth - width - gap));
    const edge = isOver ? 0 : isAbove ? page.innerHeight - at.top : at.bottom;
    // A box without a popover is placed within the element.
    const distance = this.#isNative ? `${edge + gap}px` : `calc(100% + ${gap}px)`;
    style.left = `${left - (this.#isNative ? 0 : at.left)}px`;
    style.top = isAbove || isOver ? 'auto' : distance;
    style.bottom = isAbove || isOver ? distance : 'auto';
  }

  /** Whether the browser shows the panel now. */
  get #isShown(): boolean {
    return this.#isNative ? this.#panel.matches(':popover-open') : this.isOpen;
  }

  #noteOpen(isOpen: boolean): void {
    if (isOpen === this.isOpen) return;
    const { activeElement } = this.#panel.getRootNode() as ShadowRoot;
    if (!isOpen && this.#panel.contains(activeElement)) this.#button.focus();
    this.#panel.toggleAttribute('data-open', isOpen);
    if (this.#button.hasAttribute('aria-expanded')) this.#button.setAttribute('aria-expanded', `${isOpen}`);
    this.#stopListening?.();
    this.#stopListening = isOpen ? this.#listen() : undefined;
    this.place();
  }

  /** @returns Stops listening. */
  #listen(): () => void {
    const { ownerDocument: document } = this.#panel;
    const page = document.defaultView;
    const { host } = this.#panel.getRootNode() as ShadowRoot;
    const place = () => this.place();
    const closeOnKey = ({ key }: KeyboardEvent) => key === 'Escape' && this.close();
    const closeOnPress = (event: Event) => event.composedPath().includes(host) || this.close();
    document.addEventListener('scroll', place, true);
    page?.addEventListener('resize', place);
    if (!this.#isNative) {
      document.addEventListener('keydown', closeOnKey);
      document.addEventListener('pointerdown', closeOnPress);
    }
    return () => {
      document.removeEventListener('scroll', place, true);
      page?.removeEventListener('resize', place);
      document.removeEventListener('keydown', closeOnKey);
      document.removeEventListener('pointerdown', closeOnPress);
    };
  }
}
