import type { CodeSteps, Control, Scene, Screen, ShownCode } from './scene.ts';

/** Shows the code, or keeps the space for one that is being requested. */
export function toCodeScreen(scene: Scene, { code, href, isTyped, address, spaced }: ShownCode): Screen {
  const { strings, heading, look, canCopy, quiet, note, fill } = scene;
  const values = { link: address, code: spaced };
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
    // Without a code to type, the text above says it.
    caption: isTelevision ? (isTyped ? strings.scanFilled : '') : strings.scan,
    copy: isPhone && canBeCopied ? strings.copy : undefined,
  };
  const common = {
    icon: code ? ('time' as const) : ('busy' as const),
    heading,
    quiet,
    steps,
    note: note ?? (code ? undefined : strings.requesting),
    brief: scene.brief ?? (code ? strings.waitingShort : strings.requesting),
  };
  const link = { label: strings.openPlex, href, isMain: true, isNewTab: true };
  if (!isTyped) {
    // Its address leads nowhere without the code: only the picture and the link have both.
    const again: Control = { label: strings.getCode, command: 'restart' };
    const text = isTelevision ? strings.scanFilled : strings.redirectText;
    const main = scene.canShorten ? again : undefined;
    return { ...common, text, said: text, main, link: isTelevision ? undefined : link };
  }
  const main: Control = { label: strings.copy, command: 'copy', isBusy: !code };
  const openPlex: Control = { label: strings.openPlex, command: 'start', isMain: true, isBusy: true };
  return {
    ...common,
    text: isPhone ? strings.redirectText : steps.goTo,
    main: isPhone ? (href ? undefined : openPlex) : canBeCopied ? main : undefined,
    link: isPhone && href ? link : undefined,
    said: code ? fill(strings.enterCode, values) : strings.requesting,
  };
}
