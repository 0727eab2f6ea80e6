import { make } from './dom.ts';
import { addStyles } from './styles.ts';

/** Shows a page with words alone, in place of a live view: why there is none, and what to do. */
export function showNotice(document: Document, title: string, paragraphs: readonly string[]): void {
  addStyles(document);
  const card = make(
    document,
    'main',
    { class: 'card' },
    make(document, 'h1', {}, title),
    ...paragraphs.map((text) => make(document, 'p', {}, text)),
  );
  card.style.cssText = 'max-inline-size:32rem;margin:20vh auto 0;padding:24px;inline-size:calc(100% - 32px)';
  for (const heading of card.querySelectorAll('h1')) heading.style.whiteSpace = 'normal';
  document.body.replaceChildren(card);
}
