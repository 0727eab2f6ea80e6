import type { PlexAuthError, PlexAuthErrorCode } from '../errors.ts';
import type { PlexAuthCode, PlexAuthView } from '../view.ts';
import { longestTypedCode, toCodeScreen } from './code-screen.ts';
import {
  type Control,
  type ErrorWords,
  type Scene,
  type Screen,
  type ScreenOptions,
  toScene,
} from './scene.ts';

const wordsOfErrors: Partial<Record<PlexAuthErrorCode, ErrorWords>> = {
  PLEX_NETWORK: 'offline',
  PLEX_TIMEOUT: 'offline',
  PLEX_RATE_LIMITED: 'busy',
  PLEX_HTTP: 'broken',
  PLEX_BAD_REPLY: 'broken',
  PLEX_NO_ACCESS: 'refused',
};

/** Said to those who make the page, in English. */
export const unsetMessage = 'Give <plex-sign-in> a product="…", a backend-url="…" or an auth.';

/** Decides what a view of the engine shows to a person. */
export function screenOf(options: ScreenOptions): Screen {
  const { view } = options;
  const scene = toScene(options);
  if (options.isUnset) return toUnsetScreen(scene);
  switch (view.status) {
    case 'idle':
      return toIdleScreen(scene, view.reason);
    case 'requestingPin':
      return toRequestingScreen(scene);
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
  }
}

function toIdleScreen({ strings, mode, product, heading, fill }: Scene, reason: IdleReason): Screen {
  const label = mode === 'code' ? strings.getCode : strings.signIn;
  return {
    icon: 'person',
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
  return { icon: 'busy', ...scene.words('requesting'), main, quiet, note };
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

/** For the people who make the page: nothing can be pressed before they have set what is missing. */
function toUnsetScreen({ words }: Scene): Screen {
  return { icon: 'fault', ...words('misconfigured'), text: unsetMessage };
}

function toFailedScreen({ strings, words, retry, fill }: Scene, error: PlexAuthError): Screen {
  const { code, status, plexCode } = error;
  // For the people who run the page. Nothing in it is secret.
  const footnote = fill(strings.errorCode, { code: [code, status, plexCode].filter(Boolean).join(' ') });
  return { icon: 'fault', ...words(wordsOfErrors[code] ?? 'misconfigured'), main: retry, footnote };
}
