import type { Realm } from './clipboard-and-download.ts';
import { make, makeButton, setLabel, switchOff } from './dom.ts';
import type { SignIn } from './history-entry.ts';

/** The head of the page: picks a sign-in, and copies or saves what is known of it. */
export interface ToolbarView {
  readonly element: HTMLElement;
  show(signIns: readonly SignIn[], signIn: SignIn | undefined): void;
  /** Shows the outcome on a button, for a moment. */
  confirm(what: 'copy' | 'save', text: string): void;
  close(): void;
}

export interface ToolbarListener {
  onPick(number: number): void;
  onCopy(): void;
  onSave(): void;
}

const glyphs = {
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  save: 'M12 4v11M7 11l5 5 5-5M5 20h14',
};
const labels = { copy: 'Copy as a test', save: 'Save SVG' };
/** How long an outcome is shown. */
const confirmationMs = 2000;

export function createToolbarView(document: Document, listener: ToolbarListener): ToolbarView {
  const picker = make(document, 'select', { 'aria-label': 'Sign-in', hidden: '' });
  const buttons = {
    copy: makeButton(document, labels.copy, glyphs.copy, { class: 'copy quiet' }, labels.copy),
    save: makeButton(document, labels.save, glyphs.save, { class: 'quiet' }, labels.save),
  };
  const title = make(document, 'h1', {}, 'Plex sign-in');
  // The picker is in the title's room, so that the buttons stay where they are when it comes.
  const which = make(document, 'div', { class: 'which' }, title, picker);
  const element = make(document, 'header', {}, which, buttons.copy, buttons.save);
  const timers = new Set<number>();
  let names = '';

  picker.addEventListener('change', () => listener.onPick(Number(picker.value)));
  buttons.copy.addEventListener('click', () => listener.onCopy());
  buttons.save.addEventListener('click', () => listener.onSave());

  return {
    element,
    show(signIns, signIn) {
      const options = signIns.map((one) => [one.number, nameOf(one)] as const);
      const next = options.flat().join();
      if (next !== names) {
        names = next;
        picker.replaceChildren(
          ...options.map(([number, name]) => make(document, 'option', { value: String(number) }, name)),
        );
        picker.hidden = signIns.length < 2;
        which.classList.toggle('several', !picker.hidden);
      }
      const value = String(signIn?.number ?? '');
      if (picker.value !== value) picker.value = value;
      for (const button of Object.values(buttons)) switchOff(button, signIn === undefined);
    },
    confirm(what, text) {
      setLabel(buttons[what], text);
      const view = document.defaultView as Realm;
      timers.add(view.setTimeout(() => setLabel(buttons[what], labels[what]), confirmationMs));
    },
    close() {
      for (const timer of timers) document.defaultView?.clearTimeout(timer);
    },
  };
}

function nameOf({ number, parentName }: SignIn): string {
  return parentName ? `Sign-in ${number}, of ${parentName}` : `Sign-in ${number}`;
}
