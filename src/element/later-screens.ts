import type { PlexAuthError, PlexAuthErrorCode } from '../errors.ts';
import { isRunning, type PlexAuthCode } from '../view.ts';
import { toDurationWords } from './duration-words.ts';
import type { ErrorWords, Scene, Screen } from './scene.ts';
import type { ToLaterScreen } from './screen.ts';

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

/** Decides what is shown after the first screen. */
export const toLaterScreen: ToLaterScreen = (options, toRequesting) => {
  if (!isRunning(options.view.status)) return screenOfStatus(options, toRequesting);
  const screen = screenOfStatus({ ...options, ...hindranceOf(options) }, toRequesting);
  // A poor connection is no news. None at all is: only the user can change it.
  return options.isOffline ? { ...screen, said: options.strings.noConnection } : screen;
};

/** What hinders a running sign-in. */
function hindranceOf(scene: Scene): Pick<Scene, 'note' | 'brief'> {
  const { view, strings, isOffline } = scene;
  if (isOffline) return { note: strings.noConnection, brief: strings.noConnectionShort };
  const { code } = view.lastError ?? {};
  // A store that fails is no sign of a poor connection.
  if (!code || code === 'PLEX_STORE') return {};
  const wait = waitTextOf(scene, scene.waitMs);
  if (wait || code === 'PLEX_RATE_LIMITED') return { note: wait || strings.busy, brief: strings.busy };
  return { note: strings.trouble, brief: strings.troubleShort };
}

function screenOfStatus(scene: Scene, toRequesting: Parameters<ToLaterScreen>[1]): Screen {
  const { view, mode, refusal } = scene;
  switch (view.status) {
    case 'awaitingLink':
    case 'fetchingToken':
      return toWaitingScreen(scene, view);
    case 'authenticated':
      return toDoneScreen(scene);
    case 'signingOut': {
      const { strings, quiet } = scene;
      return { icon: 'busy', heading: strings.signingOut, text: strings.requestingText, quiet };
    }
    case 'expired':
      return toExpiredScreen(scene, view.reason);
    case 'failed':
      return toFailedScreen(scene, view.error);
    default:
      if (mode === 'code') return toScreenOfCode(scene, '', '');
      return refusal ? toRefusalScreen(scene, refusal, '') : toRequesting(scene);
  }
}

function toWaitingScreen(scene: Scene, { code, authURL, linkURL }: PlexAuthCode): Screen {
  const { strings, mode, refusal, quiet, note } = scene;
  const isCode = mode === 'code';
  const isTyped = code.length <= longestTypedCode;
  // A phone cannot scan itself: a code that nobody types is for its own browser alone.
  const isScanned = scene.toCodeScreen && (!scene.isPhone || scene.look === 'tv');
  if (isCode && (isTyped || isScanned)) return toScreenOfCode(scene, code, isTyped ? linkURL : authURL);
  if (refusal && !isCode) return toRefusalScreen(scene, refusal, authURL);
  const isPopup = mode === 'popup';
  const canOpen = scene.canOpen && !isCode;
  // The link may have opened the page.
  const isMissing = isPopup && canOpen && refusal !== null && !!scene.isWindowMissing;
  const hasWindow = isPopup && canOpen && !isMissing;
  const isClosed = hasWindow && !!scene.isWindowClosed;
  const words = scene.words(isClosed ? 'stillWaiting' : hasWindow ? 'waiting' : 'redirecting');
  const label = hasWindow ? strings.reopen : strings.openPlex;
  return {
    icon: 'time',
    ...words,
    ...(isMissing && { text: strings.popupText }),
    main: canOpen ? { label, command: 'start', isMain: isClosed || isMissing } : undefined,
    link: canOpen ? undefined : { label, href: authURL, isMain: true, isNewTab: isPopup || isCode },
    quiet,
    note,
    brief: scene.brief ?? (isClosed ? `${strings.stillWaitingShort}…` : strings.waitingShort),
  };
}

/** Shows a code, or keeps its place: in words until what shows more is loaded. */
function toScreenOfCode(scene: Scene, code: string, href: string): Screen {
  const { strings, heading, quiet, brief, fill } = scene;
  const isTyped = code.length <= longestTypedCode;
  const address = href.replace(/^https?:\/\/|\/?([?#].*)?$/g, '');
  const spaced = isTyped ? [...code].join(' ') : '';
  if (scene.toCodeScreen) return scene.toCodeScreen(scene, { code, href, isTyped, address, spaced });
  const text = code ? fill(strings.enterCode, { link: address, code: spaced }) : strings.requesting;
  return { icon: code ? 'time' : 'busy', heading, text, said: text, quiet, brief };
}

/** The consent page did not open. The sign-in runs, and there are other ways to approve it. */
function toRefusalScreen(scene: Scene, { code }: PlexAuthError, authURL: string): Screen {
  const { strings, words, quiet, isFramed } = scene;
  const canLeave = code === 'PLEX_POPUP_BLOCKED' && !isFramed;
  const label = strings.newTab;
  return {
    icon: 'window',
    ...words(canLeave ? 'blocked' : code === 'PLEX_STORE' ? 'unkept' : 'redirecting'),
    main: canLeave ? { label: strings.continueHere, command: 'redirect', isMain: true } : undefined,
    // Without an address yet, it keeps its place: what is pressed next must not move.
    link: { label, href: authURL, isMain: !canLeave, isNewTab: true },
    quiet,
  };
}

function toDoneScreen({ strings, words, userName, fill }: Scene): Screen {
  const done = words('done');
  return {
    icon: 'done',
    heading: userName ? fill(strings.signedInAs, { name: userName }) : done.heading,
    text: done.text,
    quiet: { label: strings.signOut, command: 'signOut' },
    // The name comes a moment later, and is not said again.
    said: done.heading,
  };
}

function toExpiredScreen({ words, retry, ...scene }: Scene, reason: 'pin' | 'limit' | 'token') {
  const { heading, text } = words(reason === 'token' ? 'ended' : 'expired');
  const time = reason === 'limit' && scene.limitMs ? toDurationWords(scene.limitMs, scene.language) : '';
  return {
    icon: 'clock' as const,
    heading,
    text: time ? scene.fill(scene.strings.limitText, { time }) : text,
    main: retry,
    said: `${heading}. ${text}`,
  };
}

function toFailedScreen(scene: Scene, error: PlexAuthError): Screen {
  const { strings, words, retry, fill, waitMs } = scene;
  const { code, status, plexCode, retryAfterMs } = error;
  // For the people who run the page. Nothing in it is secret.
  const footnote = fill(strings.errorCode, { code: [code, status, plexCode].filter(Boolean).join(' ') });
  const { heading, text: usual } = words(wordsOfErrors[code] ?? 'misconfigured');
  // Once the wait is over, nothing is left to say but what to press.
  const text = retryAfterMs ? waitTextOf(scene, waitMs) : usual;
  // The time that is left is not said again each second.
  const said = `${heading}. ${waitTextOf(scene, retryAfterMs) || usual}`;
  return { icon: 'fault', heading, text, main: { ...retry, isMain: !waitMs }, footnote, said };
}

function waitTextOf({ strings, fill, language }: Scene, waitMs: number | undefined): string {
  return waitMs ? fill(strings.throttled, { time: toDurationWords(waitMs, language, 'short') }) : '';
}
