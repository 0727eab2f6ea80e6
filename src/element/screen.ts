import type { PlexAuthError, PlexAuthErrorCode } from '../errors.ts';
import type { BackendAuthView, PlexAuthCode, PlexAuthView } from '../view.ts';
import { fillIn, type PlexSignInStrings } from './strings.ts';

/** How the user approves: in a window, in this tab, or on another device. */
export type PlexSignInMode = 'popup' | 'redirect' | 'code';

/** What a button does. */
type Command = 'start' | 'redirect' | 'copy' | 'cancel' | 'signOut';

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
}

/** The picture in the badge. */
export type Look = 'person' | 'busy' | 'time' | 'window' | 'done' | 'clock' | 'fault';

/** Everything that is shown for one view of the engine. */
export interface Screen {
  readonly look: Look;
  readonly heading: string;
  readonly text: string;
  readonly main?: Control | undefined;
  readonly link?: ControlLink | undefined;
  readonly quiet?: Control;
  readonly footnote?: string | undefined;
  readonly steps?: CodeSteps;
  /** What is happening, in place of the time left. */
  readonly note?: string | undefined;
  /** What a screen reader says when this screen appears. Default: heading and text. */
  readonly said?: string;
}

/** What {@link screenOf} needs. */
export interface ScreenOptions {
  readonly view: PlexAuthView | BackendAuthView;
  readonly mode: PlexSignInMode;
  readonly strings: PlexSignInStrings;
  readonly product?: string | undefined;
  /** Why the consent page did not open. */
  readonly refusal?: PlexAuthError | undefined;
  /** Whether the engine opens pages; else a link does. */
  readonly canOpen?: boolean;
  /** Whether the page is in a frame, which cannot leave for Plex's page. */
  readonly isFramed?: boolean;
  readonly canCopy?: boolean;
}

type ErrorWords = 'offline' | 'busy' | 'broken' | 'refused' | 'misconfigured';
type Words =
  | ErrorWords
  | 'requesting'
  | 'waiting'
  | 'redirecting'
  | 'blocked'
  | 'unkept'
  | 'done'
  | 'expired'
  | 'ended';

const wordsOfErrors: Partial<Record<PlexAuthErrorCode, ErrorWords>> = {
  PLEX_NETWORK: 'offline',
  PLEX_TIMEOUT: 'offline',
  PLEX_RATE_LIMITED: 'busy',
  PLEX_HTTP: 'broken',
  PLEX_BAD_REPLY: 'broken',
  PLEX_NO_ACCESS: 'refused',
};

/** Longer codes are for links; nobody types them. */
const longestTypedCode = 8;

/** What every screen is made with. */
interface Scene
  extends Required<Pick<ScreenOptions, 'mode' | 'strings' | 'product' | 'canOpen' | 'isFramed' | 'canCopy'>> {
  readonly refusal: PlexAuthError | undefined;
  readonly heading: string;
  /** Something that is worth a note: the connection is poor. */
  readonly note: string | undefined;
  readonly quiet: Control;
  readonly retry: Control;
  /** Fills the values into a text. */
  fill(text: string, values: Record<string, string>): string;
  /** The heading and the text of this name. */
  words(name: Words): Pick<Screen, 'heading' | 'text'>;
}

/** Decides what a view of the engine shows to a person. */
export function screenOf(options: ScreenOptions): Screen {
  const { view } = options;
  const scene = toScene(options);
  switch (view.status) {
    case 'idle':
      return toIdleScreen(scene, view.reason);
    case 'requestingPin':
      return toRequestingScreen(scene);
    case 'awaitingLink':
    case 'fetchingToken':
      return toWaitingScreen(scene, view);
    case 'authenticated':
      return {
        look: 'done',
        ...scene.words('done'),
        quiet: { label: scene.strings.signOut, command: 'signOut' },
      };
    case 'signingOut': {
      const { strings, quiet } = scene;
      return { look: 'busy', heading: strings.signingOut, text: strings.requestingText, quiet };
    }
    case 'expired': {
      const words = scene.words(view.reason === 'token' ? 'ended' : 'expired');
      return { look: 'clock', ...words, main: scene.retry };
    }
    case 'failed':
      return toFailedScreen(scene, view.error);
  }
}

function toScene(options: ScreenOptions): Scene {
  const { view, mode, strings, product = '', refusal, canOpen = true, canCopy = true } = options;
  const { isFramed = false } = options;
  const fill = (text: string, values: Record<string, string>) => fillIn(text, values, strings.direction);
  // A store that fails is no sign of a poor connection.
  const isPoor = view.lastError && view.lastError.code !== 'PLEX_STORE';
  return {
    mode,
    strings,
    product,
    refusal,
    canOpen,
    isFramed,
    canCopy,
    fill,
    words: (name) => ({ heading: strings[name], text: strings[`${name}Text`] }),
    heading: product ? fill(strings.title, { product }) : strings.signIn,
    note: isPoor ? strings.trouble : undefined,
    quiet: { label: strings.cancel, command: 'cancel' },
    retry: { label: strings.retry, command: 'start', isMain: true },
  };
}

function toIdleScreen({ strings, mode, product, heading, fill }: Scene, reason: IdleReason): Screen {
  const label = mode === 'code' ? strings.getCode : strings.signIn;
  return {
    look: 'person',
    heading,
    text: strings[`${mode}Text`],
    main: { label, command: 'start', isMain: true },
    footnote: product && fill(strings.privacy, { product }),
    said: reason ? strings[reason] : heading,
  };
}

type IdleReason = Extract<PlexAuthView, { status: 'idle' }>['reason'];

function toRequestingScreen(scene: Scene): Screen {
  const { strings, mode, refusal, quiet, note } = scene;
  if (mode === 'code') return toCodeScreen(scene, '', '');
  if (refusal) return toRefusalScreen(scene, refusal, '');
  const main: Control = { label: strings.signIn, command: 'start', isMain: true, isBusy: true };
  return { look: 'busy', ...scene.words('requesting'), main, quiet, note };
}

function toWaitingScreen(scene: Scene, { code, authURL, linkURL }: PlexAuthCode): Screen {
  const { strings, mode, refusal, canOpen, quiet, note } = scene;
  if (mode === 'code') return toCodeScreen(scene, code, code.length > longestTypedCode ? authURL : linkURL);
  if (refusal) return toRefusalScreen(scene, refusal, authURL);
  const isPopup = mode === 'popup';
  const words = scene.words(isPopup && canOpen ? 'waiting' : 'redirecting');
  const label = isPopup && canOpen ? strings.reopen : strings.openPlex;
  return {
    look: 'time',
    ...words,
    main: canOpen ? { label, command: 'start' } : undefined,
    link: canOpen ? undefined : { label, href: authURL, isMain: true, isNewTab: isPopup },
    quiet,
    note,
  };
}

/** Shows the code, or keeps the space for one that is being requested. */
function toCodeScreen(
  { strings, heading, canCopy, quiet, note, fill }: Scene,
  code: string,
  href: string,
): Screen {
  const isTyped = code.length <= longestTypedCode;
  const address = addressOf(href);
  // One character after another, so that no screen reader makes a word of it.
  const values = { link: address, code: isTyped ? [...code].join(' ') : '' };
  const steps: CodeSteps = {
    code: isTyped ? code : '',
    href,
    address,
    spelled: values.code && fill(strings.spelled, values),
    scanned: fill(strings.scanned, values),
  };
  const main: Control = { label: strings.copy, command: 'copy', isBusy: !code };
  const waitingSaid = isTyped ? fill(strings.enterCode, values) : `${strings.goTo} ${address}`;
  return {
    look: code ? 'time' : 'busy',
    heading,
    text: strings.goTo,
    main: isTyped && canCopy ? main : undefined,
    quiet,
    steps,
    note: note ?? (code ? undefined : strings.requesting),
    said: code ? waitingSaid : strings.requesting,
  };
}

/** The consent page did not open. The sign-in runs, and there are other ways to approve it. */
function toRefusalScreen(scene: Scene, { code }: PlexAuthError, authURL: string): Screen {
  const { strings, words, quiet, isFramed } = scene;
  const canLeave = code === 'PLEX_POPUP_BLOCKED' && !isFramed;
  const label = strings.newTab;
  return {
    look: 'window',
    ...words(canLeave ? 'blocked' : code === 'PLEX_STORE' ? 'unkept' : 'redirecting'),
    main: canLeave ? { label: strings.continueHere, command: 'redirect', isMain: true } : undefined,
    link: authURL ? { label, href: authURL, isMain: !canLeave, isNewTab: true } : undefined,
    quiet,
  };
}

function toFailedScreen({ strings, words, retry, fill }: Scene, error: PlexAuthError): Screen {
  const { code, status, plexCode } = error;
  // For the people who run the page. Nothing in it is secret.
  const footnote = fill(strings.errorCode, { code: [code, status, plexCode].filter(Boolean).join(' ') });
  return { look: 'fault', ...words(wordsOfErrors[code] ?? 'misconfigured'), main: retry, footnote };
}

/** An address as a person types it. */
function addressOf(url: string): string {
  return url.replace(/^https?:\/\/|\/?([?#].*)?$/g, '');
}
