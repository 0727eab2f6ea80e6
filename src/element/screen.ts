import type { PlexAuthError, PlexAuthErrorCode } from '../errors.ts';
import type { PlexAuthView } from '../view.ts';
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
  readonly view: PlexAuthView;
  readonly mode: PlexSignInMode;
  readonly strings: PlexSignInStrings;
  readonly product?: string | undefined;
  /** Why the consent page did not open. */
  readonly refusal?: PlexAuthError | undefined;
  /** Whether the engine opens pages; else a link does. */
  readonly canOpen?: boolean;
  readonly canCopy?: boolean;
}

type ErrorWords = 'offline' | 'busy' | 'broken' | 'misconfigured';
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
};

/** Longer codes are for links; nobody types them. */
const longestTypedCode = 8;

/** Decides what a view of the engine shows to a person. */
export function screenOf(options: ScreenOptions): Screen {
  const { view, mode, strings, product = '', refusal, canOpen = true, canCopy = true } = options;
  const say = (text: string, values: Record<string, string> = { product }) =>
    fillIn(text, values, strings.direction);
  const wordsOf = (name: Words) => ({ heading: strings[name], text: strings[`${name}Text`] });
  const heading = product ? say(strings.title) : strings.signIn;
  const quiet: Control = { label: strings.cancel, command: 'cancel' };
  const retry: Control = { label: strings.retry, command: 'start', isMain: true };
  // A store that fails is no sign of a poor connection.
  const isPoor = 'lastError' in view && view.lastError && view.lastError.code !== 'PLEX_STORE';
  const note = isPoor ? strings.trouble : undefined;
  const isCode = mode === 'code';
  const authURL = 'authURL' in view ? view.authURL : '';

  /** The code, or the space for one that is being requested. */
  function screenOfCode(code = '', href = ''): Screen {
    const isTyped = code.length <= longestTypedCode;
    const address = addressOf(href);
    // One character after another, so that no screen reader makes a word of it.
    const values = { link: address, code: isTyped ? [...code].join(' ') : '' };
    const steps: CodeSteps = {
      code: isTyped ? code : '',
      href,
      address,
      spelled: values.code && say(strings.spelled, values),
      scanned: say(strings.scanned, values),
    };
    const main: Control = { label: strings.copy, command: 'copy', isBusy: !code };
    const waitingSaid = isTyped ? say(strings.enterCode, values) : `${strings.goTo} ${address}`;
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
  function screenOfRefusal({ code }: PlexAuthError): Screen {
    const isBlocked = code === 'PLEX_POPUP_BLOCKED';
    const label = strings.newTab;
    return {
      look: 'window',
      ...wordsOf(isBlocked ? 'blocked' : 'unkept'),
      main: isBlocked ? { label: strings.continueHere, command: 'redirect', isMain: true } : undefined,
      link: authURL ? { label, href: authURL, isMain: !isBlocked, isNewTab: true } : undefined,
      quiet,
    };
  }

  switch (view.status) {
    case 'idle': {
      const label = isCode ? strings.getCode : strings.signIn;
      return {
        look: 'person',
        heading,
        text: strings[`${mode}Text`],
        main: { label, command: 'start', isMain: true },
        footnote: product && say(strings.privacy),
        said: view.reason ? strings[view.reason] : heading,
      };
    }
    case 'requestingPin': {
      if (isCode) return screenOfCode();
      if (refusal) return screenOfRefusal(refusal);
      const main: Control = { label: strings.signIn, command: 'start', isMain: true, isBusy: true };
      return { look: 'busy', ...wordsOf('requesting'), main, quiet, note };
    }
    case 'awaitingLink':
    case 'fetchingToken': {
      if (isCode)
        return screenOfCode(view.code, view.code.length > longestTypedCode ? authURL : view.linkURL);
      if (refusal) return screenOfRefusal(refusal);
      const isPopup = mode === 'popup';
      const words = wordsOf(isPopup && canOpen ? 'waiting' : 'redirecting');
      const label = isPopup && canOpen ? strings.reopen : strings.openPlex;
      const link: ControlLink = { label, href: authURL, isMain: true, isNewTab: isPopup };
      return {
        look: 'time',
        ...words,
        main: canOpen ? { label, command: 'start' } : undefined,
        link: canOpen ? undefined : link,
        quiet,
        note,
      };
    }
    case 'authenticated':
      return { look: 'done', ...wordsOf('done'), quiet: { label: strings.signOut, command: 'signOut' } };
    case 'signingOut':
      return { look: 'busy', heading: strings.signingOut, text: strings.requestingText, quiet };
    case 'expired':
      return { look: 'clock', ...wordsOf(view.reason === 'token' ? 'ended' : 'expired'), main: retry };
    case 'failed': {
      // For the people who run the page. Nothing in it is secret.
      const { code, status, plexCode } = view.error;
      const footnote = say(strings.errorCode, { code: [code, status, plexCode].filter(Boolean).join(' ') });
      return { look: 'fault', ...wordsOf(wordsOfErrors[code] ?? 'misconfigured'), main: retry, footnote };
    }
  }
}

/** An address as a person types it. */
function addressOf(url: string): string {
  return url.replace(/^https?:\/\/|\/?([?#].*)?$/g, '');
}
