import type { Screen } from './scene.ts';
import type { Branch } from './structure.ts';

/** The one control of `look="button"`. @param inside What stands before its words: the badge. */
export function toTrigger(...inside: Branch[]): Branch {
  return [
    'button',
    'id=trigger;part=button trigger;type=button',
    ...inside,
    ['span', 'id=label', ['span', 'id=state'], ['span', 'id=left'], ['small', 'id=why']],
    ['svg', 'id=more;viewBox=0 0 24 24;aria-hidden=true', ['path', 'd=M6 9l6 6 6-6']],
  ];
}

/** Whether a press on the button starts a sign-in; else it opens and closes the panel. */
export function isPressedToStart({ icon, main }: Screen): boolean {
  return !!main && (icon === 'person' || icon === 'clock' || icon === 'fault');
}
