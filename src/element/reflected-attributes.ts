import type { PlexSignInListeners } from './plex-sign-in-events.ts';
import type { PlexSignInLook, PlexSignInMode } from './scene.ts';

/** On a server there are no elements: the class exists, and cannot be instantiated. */
const Base = (globalThis.HTMLElement ?? class {}) as new () => PlexSignInListeners & HTMLElement;

/** The element's attributes as properties. */
export class ReflectedAttributes extends Base {
  static readonly observedAttributes: readonly string[] = [
    'product',
    'backend-url',
    'forward-url',
    'server-url',
    'auth-app-url',
    'link-url',
    'mode',
    'look',
    'heading-level',
    'lang',
  ];

  connectedCallback(): void {
    // A property that was set before the element was defined lies on the object and hides the accessor.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  /**
   * How the user approves: `popup`, `redirect` or `code`. Default `popup`; with `look="tv"`, `code`. Reflects the attribute of
   * that name.
   */
  get mode(): PlexSignInMode {
    const mode = this.getAttribute('mode');
    if (mode === 'popup' || mode === 'redirect' || mode === 'code') return mode;
    return this.look === 'tv' ? 'code' : 'popup';
  }

  set mode(mode: PlexSignInMode) {
    this.setAttribute('mode', mode);
  }

  /** How much room it takes: `card` (default), `button` or `tv`. Reflects the attribute of that name. */
  get look(): PlexSignInLook {
    const look = this.getAttribute('look');
    return look === 'button' || look === 'tv' ? look : 'card';
  }

  set look(look: PlexSignInLook) {
    this.setAttribute('look', look);
  }

  /** The level of its heading on the page, 1 to 6. Default 2. Reflects the attribute `heading-level`. */
  get headingLevel(): number {
    const level = Number(this.getAttribute('heading-level'));
    return level >= 1 && level <= 6 ? Math.floor(level) : 2;
  }

  set headingLevel(level: number) {
    this.setAttribute('heading-level', `${level}`);
  }

  /** The application's name, as the user reads it. Reflects the attribute of that name. */
  get product(): string {
    return this.getAttribute('product')?.trim() ?? '';
  }

  set product(product: string) {
    this.setAttribute('product', product);
  }

  /**
   * Where the application's server has mounted the handler of `createPlexAuthServer`: then the token stays there, and the event
   * `authenticated` carries the `user`. Reflects the attribute `backend-url`.
   */
  get backendURL(): string {
    return this.getAttribute('backend-url')?.trim() ?? '';
  }

  set backendURL(backendURL: string) {
    this.setAttribute('backend-url', backendURL);
  }
}
