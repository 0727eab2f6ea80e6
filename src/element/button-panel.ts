/** How far the panel stays from its button and from the edges of the window, in pixels. */
const gap = 8;

/** With less room than this, in pixels, a scroll or a resize moves the panel to the other side of its button. */
const leastRoom = 160;

/** With less room than this on either side, in pixels, a panel that fits on neither covers its button; else it is scrolled. */
const leastScrolled = 240;

/** Where the panel lies, seen from its button. `over`: it covers the button. */
type Side = 'below' | 'above' | 'over';

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
  /** Chosen once the open panel has a height. */
  #side: Side | undefined;
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

  /**
   * Puts the panel below its button, or above where there is more room. It stays on its side while it is open, whatever it shows.
   *
   * @param isMoved Whether the user has moved the page or its window.
   */
  place(isMoved = false): void {
    if (!this.isOpen) return;
    const { documentElement, defaultView: page } = this.#panel.ownerDocument;
    if (!page) return;
    const { style } = this.#panel;
    // A page may be zoomed by CSS: then its boxes are measured in other pixels than these styles are written in.
    const zoom = zoomOf(this.#panel);
    const box = this.#button.getBoundingClientRect();
    const at = {
      left: box.left / zoom,
      top: box.top / zoom,
      bottom: box.bottom / zoom,
      width: box.width / zoom,
    };
    const height = page.innerHeight / zoom;
    // The root's width leaves a scroll bar out. It may be in either kind of pixels.
    const full = Math.min(page.innerWidth, documentElement.clientWidth * zoomOf(documentElement));
    const most = full / zoom - 2 * gap;
    style.setProperty('--least', `${at.width}px`);
    style.setProperty('--most', `${most}px`);
    const room = {
      below: height - at.bottom - 2 * gap,
      above: at.top - 2 * gap,
      over: height - 2 * gap,
    };
    style.maxBlockSize = 'none';
    const side = this.#chooseSide(room, isMoved);
    style.maxBlockSize = `${Math.max(room[side], 0)}px`;
    const width = this.#panel.offsetWidth;
    const centered = at.left + (at.width - width) / 2;
    const left = Math.max(gap, Math.min(centered, most - width + gap));
    const edge = side === 'over' ? 0 : side === 'above' ? height - at.top : at.bottom;
    // A box without a popover is placed within the element.
    const distance = this.#isNative ? `${edge + gap}px` : `calc(100% + ${gap}px)`;
    style.left = `${left - (this.#isNative ? 0 : at.left)}px`;
    style.top = side === 'below' ? distance : 'auto';
    style.bottom = side === 'below' ? 'auto' : distance;
  }

  #chooseSide(room: Record<Side, number>, isMoved: boolean): Side {
    const last = this.#side;
    if (last && !(isMoved && room[last] < leastRoom)) return last;
    const height = this.#panel.offsetHeight;
    const roomier = height > room.below && room.above > room.below ? 'above' : 'below';
    // A box without a popover cannot lie above all else.
    const isCramped = height > room[roomier] && room[roomier] < leastScrolled;
    const side = this.#isNative && isCramped ? 'over' : roomier;
    if (height) this.#side = side;
    return side;
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
    const placeAnew = () => {
      this.#side = undefined;
      this.place();
    };
    placeAnew();
    // A browser that opens the panel itself has not laid it out yet, and may paint it before it says that it is open. And only then
    // is everything written, so that the panel has its height.
    if (isOpen) this.#panel.ownerDocument.defaultView?.requestAnimationFrame(placeAnew);
  }

  /** @returns Stops listening. */
  #listen(): () => void {
    const { ownerDocument: document } = this.#panel;
    const page = document.defaultView;
    const { host } = this.#panel.getRootNode() as ShadowRoot;
    const place = () => this.place(true);
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

/** How much CSS zooms an element. Browsers without this measure in the pixels of the styles. */
function zoomOf({ currentCSSZoom = 1 }: Element & { readonly currentCSSZoom?: number }): number {
  return currentCSSZoom || 1;
}
