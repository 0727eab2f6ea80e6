import type { PlexAuthError, PlexAuthErrorCode } from '../errors.ts';
import type { PlexAuthCode } from '../view.ts';
import { longestTypedCode, toCodeScreen } from './code-screen.ts';
import type { ErrorWords, Scene, Screen } from './scene.ts';
import { toRequestingScreen } from './screen.ts';

const wordsOfErrors: Partial<Record<PlexAuthErrorCode, ErrorWords>> = {
  PLEX_NETWORK: 'offline',
  PLEX_TIMEOUT: 'offline',
  PLEX_RATE_LIMITED: 'busy',
  PLEX_HTTP: 'broken',
  PLEX_BAD_REPLY: 'broken',
  PLEX_NO_ACCESS: 'refused',
};

/** Decides what is shown after the first screen. */
export function toLaterScreen(scene: Scene): Screen {
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
      if (mode === 'code') return toCodeScreen(scene, '', '');
      return refusal ? toRefusalScreen(scene, refusal, '') : toRequestingScreen(scene);
  }
}

function toWaitingScreen(scene: Scene, { code, authURL, linkURL }: PlexAuthCode): Screen {
  const { strings, mode, refusal, canOpen, quiet, note } = scene;
  if (mode === 'code') return toCodeScreen(scene, code, code.length > longestTypedCode ? authURL : linkURL);
  if (refusal) return toRefusalScreen(scene, refusal, authURL);
  const isPopup = mode === 'popup';
  const hasWindow = isPopup && canOpen;
  const isClosed = hasWindow && !!scene.isWindowClosed;
  const words = scene.words(isClosed ? 'stillWaiting' : hasWindow ? 'waiting' : 'redirecting');
  const label = hasWindow ? strings.reopen : strings.openPlex;
  return {
    icon: 'time',
    ...words,
    main: canOpen ? { label, command: 'start', isMain: isClosed } : undefined,
    link: canOpen ? undefined : { label, href: authURL, isMain: true, isNewTab: isPopup },
    quiet,
    note,
  };
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
    link: authURL ? { label, href: authURL, isMain: !canLeave, isNewTab: true } : undefined,
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

function toExpiredScreen({ strings, words, retry, limit, fill }: Scene, reason: 'pin' | 'limit' | 'token') {
  const { heading, text } = words(reason === 'token' ? 'ended' : 'expired');
  const isLimit = reason === 'limit' && limit;
  return {
    icon: 'clock' as const,
    heading,
    text: isLimit ? fill(strings.limitText, { time: limit }) : text,
    main: retry,
    said: `${heading}. ${text}`,
  };
}

function toFailedScreen({ strings, words, retry, fill }: Scene, error: PlexAuthError): Screen {
  const { code, status, plexCode } = error;
  // For the people who run the page. Nothing in it is secret.
  const footnote = fill(strings.errorCode, { code: [code, status, plexCode].filter(Boolean).join(' ') });
  return { icon: 'fault', ...words(wordsOfErrors[code] ?? 'misconfigured'), main: retry, footnote };
}
