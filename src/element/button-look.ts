import { ButtonPanel } from './button-panel.ts';
import { isPressedToStart, toTrigger } from './button-structure.ts';
import { buttonStyles } from './button-styles.ts';
import type { setAttributes } from './card.ts';
import type { Icon, Screen } from './scene.ts';
import type { PlexSignInStrings } from './strings.ts';
import type { toNode } from './structure.ts';
import type { addStyles } from './styles.ts';

// A server writes them too.
export { buttonStyles, toTrigger };

/** What the element passes in. Imported here, a bundler would move it out of the element into a file of its own. */
interface Tools {
  readonly toNode: typeof toNode;
  readonly addStyles: typeof addStyles;
  readonly setAttributes: typeof setAttributes;
}

/** What the button says. */
interface Label {
  readonly state: string;
  /** In small letters below: why it has to be pressed again. */
  readonly why?: string;
}

/** Shows `look="button"`: one control that says where the sign-in stands, and a panel with the card. */
export interface ButtonLookPart {
  show(screen: Screen, strings: PlexSignInStrings): void;
  /** Whether a press on the button starts a sign-in; else it opens and closes the panel. */
  readonly isStart: boolean;
  /** Opens or closes the panel, as a press on the button does. */
  toggle(): void;
  /** Makes a card of it again. */
  hide(): void;
}

const runningIcons: readonly Icon[] = ['busy', 'time', 'window'];

/** Puts what `look="button"` needs into an element's shadow root. */
export function addButtonLook(root: ShadowRoot, { toNode, addStyles, setAttributes }: Tools): ButtonLookPart {
  addStyles(root, buttonStyles);
  const find = (id: string) => root.getElementById(id) as HTMLElement;
  const [card, badge] = [find('card'), find('badge')];
  // A server may have written it.
  const trigger = root.getElementById('trigger') ?? toNode(toTrigger(), root.ownerDocument);
  const panel = new ButtonPanel(trigger, card);
  let isStart = false;
  let stage = '';
  let last: Icon = 'person';

  /** The panel opens by itself only where the user has something to do there, and once for each such thing. */
  function openAsNeeded({ icon, steps }: Screen): void {
    const isEnd = icon === 'clock' || icon === 'fault';
    const isNeeded = icon === 'window' || !!steps || (isEnd && runningIcons.includes(last));
    const next = steps ? 'code' : icon === 'busy' || icon === 'time' ? 'running' : icon;
    last = icon;
    if (next === stage) return;
    stage = next;
    if (isNeeded) panel.open();
    else panel.close();
  }

  return {
    show(screen, strings) {
      if (!root.contains(trigger)) root.insertBefore(trigger, card);
      if (!trigger.contains(badge)) trigger.prepend(badge);
      panel.isPanel = true;
      isStart = isPressedToStart(screen);
      setAttributes(trigger, {
        class: isStart ? (screen.main?.isMain ? 'main' : 'main plain') : '',
        dir: strings.direction,
        'data-icon': screen.icon,
      });
      const { state, why = '' } = labelOf(screen, strings);
      const label = find('label');
      const isOther = [find('state').textContent, find('why').textContent].join() !== [state, why].join();
      // Other words are no shift of the last ones: they are laid out as new, within one frame.
      label.hidden = isOther;
      if (isOther) void label.offsetWidth;
      write(find('state'), state);
      write(find('why'), why);
      // "Plex is busy · 30 min" would say for how long Plex is busy.
      find('left').style.display = screen.note ? 'none' : '';
      label.hidden = false;
      // A long name is cut.
      setAttributes(label, { title: state });
      panel.isToggled = !isStart;
      openAsNeeded(screen);
      panel.place();
    },
    get isStart() {
      return isStart;
    },
    toggle: () => panel.toggle(),
    hide() {
      panel.close();
      panel.isPanel = false;
      trigger.remove();
      find('body').prepend(badge);
    },
  };
}

/** What the button says. */
function labelOf({ icon, heading, main, brief }: Screen, strings: PlexSignInStrings): Label {
  switch (icon) {
    case 'person':
      return { state: strings.signIn };
    case 'busy':
      return { state: `${brief ?? heading}…` };
    case 'clock':
    case 'fault':
      return main ? { state: main.label, why: heading } : { state: heading };
    default:
      return { state: brief ?? heading };
  }
}

function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
