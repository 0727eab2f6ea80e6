import type { PlexSignInOptions } from '../create-from-element.ts';
import type { ElementAuth } from '../engine-source.ts';
import type { BackendSignInEventMap, PlexSignInEventMap } from '../plex-sign-in-events.ts';
import type { PlexSignInLook, PlexSignInMode } from '../scene.ts';
import type { PlexSignInStrings } from '../strings.ts';

/** The attributes of `<plex-sign-in>`. */
export interface PlexSignInAttributes {
  /** The application's name, as the user reads it. Required unless `backend-url` is there. */
  product?: string | undefined;
  /** Where the application's server signs users in; then the token stays there, and `authenticated` carries the user. */
  'backend-url'?: string | undefined;
  /** Where the consent page sends the user afterwards; relative to the page, or absolute. */
  'forward-url'?: string | undefined;
  /** Another server than Plex's: the root of its API, or its host; relative to the page, or absolute. */
  'server-url'?: string | undefined;
  /** The consent page; relative to the page, or absolute. Default: `https://app.plex.tv/auth`. */
  'auth-app-url'?: string | undefined;
  /** The page for typing a code; relative to the page, or absolute. Default: `https://plex.tv/link`. */
  'link-url'?: string | undefined;
  /** How much room it takes: a card, one control of a login form, or a television's screen. Default: `card`. */
  look?: PlexSignInLook | undefined;
  /** The level of the heading on the page, 1 to 6. Default: 2. */
  'heading-level'?: number | `${number}` | undefined;
  /**
   * How the user approves: in a window, in this tab, or by four characters and a QR picture. Default: `popup`; with
   * `look="tv"`, `code`.
   */
  mode?: PlexSignInMode | undefined;
  /** The language, such as `de`. Default: the page's, then the browser's. */
  lang?: string | undefined;
  /** Focuses what the user does next, as for remote controls. */
  autofocus?: boolean | undefined;
}

/** The properties of the element that take more than a text. */
export interface PlexSignInProperties {
  /** An engine of the application's own. The element never disposes of it. */
  auth?: ElementAuth | undefined;
  /** Every option without an attribute, for the element's own engine. */
  options?: PlexSignInOptions | undefined;
  /** Texts in place of the language's. */
  strings?: Partial<PlexSignInStrings> | undefined;
}

/** The listeners of an event map, under a framework's prefix: `onauthenticated`, `on:authenticated`. */
type ListenersOf<Events, Prefix extends string> = {
  [Type in keyof Events & string as `${Prefix}${Type}`]?: ((event: Events[Type]) => void) | undefined;
};

/** What a tag with the listeners of a framework takes: with `backend-url`, `authenticated` carries the user. */
export type WithListeners<Prefix extends string> =
  | ({ 'backend-url'?: undefined } & ListenersOf<PlexSignInEventMap, Prefix>)
  | ({ 'backend-url': string } & ListenersOf<BackendSignInEventMap, Prefix>);
