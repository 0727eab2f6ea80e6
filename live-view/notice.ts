import { make } from './dom.ts';
import { addStyles } from './styles.ts';

/** Why the relay's page shows no live view, and what the reader can do. */
export interface Notice {
  readonly title: string;
  readonly why: string;
  readonly advice: string;
  /** A command that helps in a terminal. */
  readonly command?: string;
}

const command = 'npx plex-auth-flow login --inspect';

export const notices = {
  used: {
    title: 'This address has been used',
    why: 'It opens the live view once, so that nobody who finds it later can watch the sign-in. If you opened it, the view is in that tab or window.',
    advice: 'For a new address, start your program again. In a terminal:',
    command,
  },
  incomplete: {
    title: 'The key is missing',
    why: 'The live view opens only by the whole address that was printed, with the key after the #. The view’s own tab hides the key, so its address cannot be copied.',
    advice:
      'Copy the whole address from the terminal or the log. If it has been used, start your program again.',
  },
  ended: {
    title: 'The program has ended',
    why: 'It ended before this page received anything.',
    advice: 'For a new address, start your program again. In a terminal:',
    command,
  },
} as const satisfies Record<string, Notice>;

/** Fills a document with a notice, in place of all that it shows. */
export function showNotice(document: Document, { title, why, advice, command }: Notice): void {
  addStyles(document);
  const heading = make(document, 'h1', {}, title);
  const card = make(document, 'div', { class: 'card' }, heading, make(document, 'p', {}, why));
  card.append(make(document, 'p', {}, advice));
  if (command) card.append(make(document, 'pre', {}, make(document, 'code', {}, command)));
  document.body.replaceChildren(make(document, 'main', { class: 'notice' }, card));
}
