/**
 * What the element says. `{product}`, `{link}`, `{code}`, `{name}` and `{time}` are filled in.
 *
 * A heading is one short line, a text up to two: the element keeps that much room.
 */
export interface PlexSignInStrings {
  /** Which way the script runs. */
  direction: 'ltr' | 'rtl';
  title: string;
  popupText: string;
  /** Also on a phone in the mode `code`: it opens Plex's page itself. */
  redirectText: string;
  codeText: string;
  privacy: string;
  signIn: string;
  getCode: string;
  cancel: string;
  retry: string;
  signOut: string;
  copy: string;
  copied: string;
  requesting: string;
  requestingText: string;
  waiting: string;
  waitingText: string;
  stillWaiting: string;
  stillWaitingText: string;
  /** These two are for the label of `look="button"`: as short as can be. */
  waitingShort: string;
  stillWaitingShort: string;
  redirecting: string;
  redirectingText: string;
  reopen: string;
  openPlex: string;
  trouble: string;
  /** As the other short ones, for the label of `look="button"`. */
  troubleShort: string;
  noConnection: string;
  noConnectionShort: string;
  /** Plex said how long. */
  throttled: string;
  blocked: string;
  blockedText: string;
  unkept: string;
  unkeptText: string;
  unsaved: string;
  continueHere: string;
  newTab: string;
  goTo: string;
  elsewhere: string;
  enter: string;
  scan: string;
  scanFilled: string;
  scanned: string;
  spelled: string;
  enterCode: string;
  timeLeft: string;
  done: string;
  /** Shown under the name of who has signed in. No language has one. */
  doneText?: string;
  signedInAs: string;
  cancelled: string;
  signingOut: string;
  signedOut: string;
  expired: string;
  expiredText: string;
  limitText: string;
  ended: string;
  endedText: string;
  offline: string;
  offlineText: string;
  busy: string;
  busyText: string;
  broken: string;
  brokenText: string;
  refused: string;
  refusedText: string;
  misconfigured: string;
  misconfiguredText: string;
  errorCode: string;
}

/** Where no language can be loaded: a text's own name is English, and says what matters. */
export const spareStrings: PlexSignInStrings = new Proxy(
  {
    direction: 'ltr',
    title: 'Sign in to {product}',
    enterCode: '{link}: {code}',
    timeLeft: '{time}',
    signedInAs: '{name}',
    limitText: '{time}',
    throttled: '{time}',
    errorCode: '{code}',
    privacy: '',
  } as PlexSignInStrings,
  {
    get: (known, name: keyof PlexSignInStrings) =>
      known[name] ??
      (name.endsWith('Text')
        ? ''
        : name.replace(/[A-Z]/g, ' $&').replace(/^./, (first) => first.toUpperCase())),
  },
);

/** Marks that change the direction of what follows them, as in a name that turns the rest of its sentence round. */
const directionMarks = /[\u202a-\u202e\u2066-\u2069]/g;
const fromRight = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** Puts values in their places. Where directions mix, each value is kept together. */
export function fillIn(
  text: string,
  values: Record<string, string>,
  direction: 'ltr' | 'rtl' = 'ltr',
): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name];
    if (value === undefined) return place;
    const plain = value.replace(directionMarks, '');
    return direction === 'rtl' || fromRight.test(plain) ? `\u2068${plain}\u2069` : plain;
  });
}
