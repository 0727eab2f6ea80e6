import type { CodeSteps, Control, Scene, Screen } from './scene.ts';

/** Longer codes are for links; nobody types them. */
export const longestTypedCode = 8;

/** Shows the code, or keeps the space for one that is being requested. */
export function toCodeScreen(scene: Scene, code: string, href: string): Screen {
  const { strings, heading, look, canCopy, quiet, note, fill } = scene;
  const isTyped = code.length <= longestTypedCode;
  const address = addressOf(href);
  // One character after another, so that no screen reader makes a word of it.
  const values = { link: address, code: isTyped ? [...code].join(' ') : '' };
  const isTelevision = look === 'tv';
  const isPhone = !!scene.isPhone && !isTelevision;
  const canBeCopied = isTyped && canCopy && !isTelevision;
  const steps: CodeSteps = {
    code: isTyped ? code : '',
    href,
    isLink: !isTelevision,
    isPhone,
    address,
    spelled: values.code && fill(strings.spelled, values),
    scanned: fill(strings.scanned, values),
    goTo: isPhone ? strings.elsewhere : strings.goTo,
    caption: isTelevision ? strings.scanFilled : strings.scan,
    copy: isPhone && canBeCopied ? strings.copy : undefined,
  };
  const main: Control = { label: strings.copy, command: 'copy', isBusy: !code };
  const openPlex: Control = { label: strings.openPlex, command: 'start', isMain: true, isBusy: true };
  const waitingSaid = isTyped ? fill(strings.enterCode, values) : `${strings.goTo} ${address}`;
  return {
    icon: code ? 'time' : 'busy',
    heading,
    text: isPhone ? strings.redirectText : steps.goTo,
    main: isPhone ? (href ? undefined : openPlex) : canBeCopied ? main : undefined,
    link: isPhone && href ? { label: strings.openPlex, href, isMain: true, isNewTab: true } : undefined,
    quiet,
    steps,
    note: note ?? (code ? undefined : strings.requesting),
    said: code ? waitingSaid : strings.requesting,
  };
}

/** An address as a person types it. */
function addressOf(url: string): string {
  return url.replace(/^https?:\/\/|\/?([?#].*)?$/g, '');
}
