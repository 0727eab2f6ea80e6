import { PlexSignIn } from './plex-sign-in.ts';

export { PlexSignIn };

declare global {
  interface HTMLElementTagNameMap {
    'plex-sign-in': PlexSignIn;
  }
}

/** Not on a server, which has no elements, and not twice: a page may have two copies of this. */
const elements = (globalThis as { customElements?: CustomElementRegistry }).customElements;
if (elements && !elements.get('plex-sign-in')) elements.define('plex-sign-in', PlexSignIn);
