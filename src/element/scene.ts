import type { PlexAuthError } from '../errors.ts';
import type { BackendAuthView, PlexAuthView } from '../view.ts';
import { fillIn, type PlexSignInStrings } from './strings.ts';

/** How the user approves: in a window, in this tab, or on another device. */
export type PlexSignInMode = 'popup' | 'redirect' | 'code';

/** How much room it takes: a card, one control of a login form, or a television's screen. */
export type PlexSignInLook = 'card' | 'button' | 'tv';

/** What a button does. */
type Command = 'start' | 'restart' | 'redirect' | 'copy' | 'cancel' | 'signOut';

export interface Control {
  readonly label: string;
  readonly command: Command;
  /** Whether most people do this next. */
  readonly isMain?: boolean;
  /** Whether it waits for something: it keeps the focus and does nothing. */
  readonly isBusy?: boolean;
}

/** A link that takes the place of a button. */
interface ControlLink {
  readonly label: string;
  /** Empty while there is none: then nothing is seen in its place. */
  readonly href: string;
  readonly isMain: boolean;
  readonly isNewTab: boolean;
}

/** What to do on the other device. */
export interface CodeSteps {
  /** The characters to type. Empty while a code is being requested, or if it is too long to type. */
  readonly code: string;
  readonly href: string;
  /** The address as a person reads it. */
  readonly address: string;
  /** The code as a screen reader says it, and what its picture is. */
  readonly spelled: string;
  readonly scanned: string;
  /** Whether the address is a link: nobody opens Plex's page on a television. */
  readonly isLink: boolean;
  /** Whether the page is on a phone: it opens Plex's page itself, and the code is for another device. */
  readonly isPhone: boolean;
  /** What stands above the address, and below the picture. */
  readonly goTo: string;
  readonly caption: string;
  /** What the button beside the code says. Undefined where there is none, or the main button copies. */
  readonly copy?: string | undefined;
}

/** A code as it is shown. */
export interface ShownCode {
  /** Empty while a code is being requested. */
  readonly code: string;
  readonly href: string;
  /** Whether people type it. Longer ones are for links. */
  readonly isTyped: boolean;
  /** The address as a person reads it. */
  readonly address: string;
  /** One character after another, so that no screen reader makes a word of it. Empty if nobody types it. */
  readonly spaced: string;
}

/** The picture in the badge. */
export type Icon = 'person' | 'busy' | 'time' | 'window' | 'done' | 'clock' | 'fault';

/** Everything that is shown for one view of the engine. */
export interface Screen {
  readonly icon: Icon;
  readonly heading: string;
  readonly text: string;
  readonly main?: Control | undefined;
  readonly link?: ControlLink | undefined;
  readonly quiet?: Control;
  readonly footnote?: string | undefined;
  readonly steps?: CodeSteps;
  /** What is happening, in place of the time left. */
  readonly note?: string | undefined;
  /** What `look="button"` says while the sign-in runs. */
  readonly brief?: string | undefined;
  /** What a screen reader says when this screen appears. Default: heading and text. */
  readonly said?: string;
}

/** What {@link screenOf} needs. */
export interface ScreenOptions {
  readonly view: PlexAuthView | BackendAuthView;
  readonly mode: PlexSignInMode;
  readonly strings: PlexSignInStrings;
  readonly product?: string | undefined;
  /** Why the consent page did not open. Null once the user has opened it by the link. */
  readonly refusal?: PlexAuthError | null | undefined;
  /** Whether the engine opens pages; else a link does. */
  readonly canOpen?: boolean;
  /** Whether the page is in a frame, which cannot leave for Plex's page. */
  readonly isFramed?: boolean;
  readonly canCopy?: boolean;
  /** Default `card`. */
  readonly look?: PlexSignInLook;
  /** Whether the page is on a phone, which cannot scan itself. */
  readonly isPhone?: boolean;
  /** Whether the window with the consent page seems to be closed. */
  readonly isWindowClosed?: boolean;
  /** Whether no window with the consent page was opened. */
  readonly isWindowMissing?: boolean;
  /** Who is signed in, once it is known. */
  readonly userName?: string | undefined;
  /** How long the sign-in was allowed to take, where that is why it is over. */
  readonly limitMs?: number | undefined;
  /** How long Plex still asks to wait. */
  readonly waitMs?: number | undefined;
  /** For numbers with units. Default `en`. */
  readonly language?: string;
  /** Whether the browser says that it has no connection at all. */
  readonly isOffline?: boolean;
  /** Shows a code as more than words. Undefined before it is loaded. */
  readonly toCodeScreen?: ((scene: Scene, code: ShownCode) => Screen) | undefined;
  /** Whether a sign-in that begins anew has a code that people can type. */
  readonly canShorten?: boolean;
  /** Whether what the page's author has to set is missing. */
  readonly isUnset?: boolean;
}

export type ErrorWords = 'offline' | 'busy' | 'broken' | 'refused' | 'misconfigured';
type Words =
  | ErrorWords
  | 'requesting'
  | 'waiting'
  | 'redirecting'
  | 'stillWaiting'
  | 'blocked'
  | 'unkept'
  | 'done'
  | 'expired'
  | 'ended';

/** What every screen is made with. */
export interface Scene extends ScreenOptions {
  readonly product: string;
  readonly canOpen: boolean;
  readonly canCopy: boolean;
  readonly heading: string;
  /** What hinders a running sign-in, in a sentence and for `look="button"`. */
  readonly note?: string | undefined;
  readonly brief?: string | undefined;
  readonly quiet: Control;
  readonly retry: Control;
  /** Fills the values into a text. */
  fill(text: string, values: Record<string, string>): string;
  /** The heading and the text of this name. */
  words(name: Words): Pick<Screen, 'heading' | 'text'>;
}

/** Fills in what every screen is made with. */
export function toScene(options: ScreenOptions): Scene {
  const { strings, product = '', canOpen = true, canCopy = true } = options;
  const fill = (text: string, values: Record<string, string>) => fillIn(text, values, strings.direction);
  return {
    ...options,
    product,
    canOpen,
    canCopy,
    fill,
    words: (name) => ({ heading: strings[name], text: strings[`${name}Text`] ?? '' }),
    heading: product ? fill(strings.title, { product }) : strings.signIn,
    quiet: { label: strings.cancel, command: 'cancel' },
    retry: { label: strings.retry, command: 'start', isMain: true },
  };
}
