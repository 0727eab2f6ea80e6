import { PlexSignIn } from './plex-sign-in.ts';

export type { PlexSignInOptions } from './create-from-element.ts';
export { PlexSignIn } from './plex-sign-in.ts';
export type { BackendSignInEventMap, PlexSignInEventMap } from './plex-sign-in-events.ts';
export { type RenderPlexSignInOptions, renderPlexSignIn } from './render-plex-sign-in.ts';
export type { PlexSignInLook, PlexSignInMode } from './scene.ts';
export type { PlexSignInStrings } from './strings.ts';

declare global {
  interface HTMLElementTagNameMap {
    'plex-sign-in': PlexSignIn;
  }
}

/** Not on a server, which has no elements, and not twice: a page may have two copies of this. */
const elements = (globalThis as { customElements?: CustomElementRegistry }).customElements;
if (elements && !elements.get('plex-sign-in')) elements.define('plex-sign-in', PlexSignIn);
