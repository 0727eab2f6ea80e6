import { make } from './dom.ts';
import type { TimelineFilter } from './timeline-rows.ts';

const chips: readonly (readonly [keyof TimelineFilter, string])[] = [
  ['details', 'Details'],
  ['events', 'Events'],
  ['states', 'States'],
  ['requests', 'Requests'],
  ['others', 'Others'],
];

/** The buttons that choose what the timeline shows. */
export function createFilterView(
  document: Document,
  filter: TimelineFilter,
  onChange: (filter: TimelineFilter) => void,
): HTMLElement {
  let current = filter;
  const buttons = chips.map(([name, label]) => {
    const pressed = String(current[name]);
    const button = make(
      document,
      'button',
      { type: 'button', class: 'chip', 'aria-pressed': pressed },
      label,
    );
    if (name === 'details') button.title = 'Every event and request';
    if (name === 'others') button.title = 'Other actors, and other sign-ins';
    button.addEventListener('click', () => {
      current = { ...current, [name]: !current[name] };
      button.setAttribute('aria-pressed', String(current[name]));
      showFine();
      onChange(current);
    });
    return button;
  });
  // They choose among the details.
  function showFine(): void {
    for (const button of buttons.slice(1)) button.hidden = !current.details;
  }
  showFine();
  return make(document, 'div', { class: 'chips', role: 'group', 'aria-label': 'Show' }, ...buttons);
}
