import { readFile } from 'node:fs/promises';
import type { Files } from './bundle-play.ts';
import { type Example, examples } from './examples.ts';
import { type Mishap, mishaps } from './mishaps.ts';

/** Reads a file of the examples. */
export function readExample(path: string): Promise<string> {
  return readFile(`examples/${path}`, 'utf8');
}

/** The playground's page and its styles. @param below What is shown below the playground, as HTML. */
export async function createPlaygroundFiles(below: string): Promise<Files> {
  const [page, styles] = await Promise.all([
    readExample('play/index.html'),
    readExample('play/playground.css'),
  ]);
  const filled = page
    .replace('<!-- below -->', () => below)
    .replace('<!-- mishaps -->', () => mishaps.map(toMishapButton).join(''))
    .replace('<!-- reserved -->', () => mishaps.map(toReservedRoom).join(''));
  return new Map([
    ['/index.html', filled],
    ['/playground.css', styles],
  ]);
}

/** Shows every example, at the address where it is served, with its sources. */
export async function createExampleCards(addressOf: (page: string) => string): Promise<string> {
  const cards = await Promise.all(examples.map((example) => toCard(example, addressOf(example.page))));
  return `<section aria-labelledby="examples-title">
<header>
<h1 id="examples-title">Every way to use it</h1>
<p>Each card has its own origin, so that none continues another's sign-in. They share an emulator, but not the one above.</p>
</header>
<ul id="cards">${cards.join('')}</ul>
</section>`;
}

async function toCard({ title, text, sources, isWide, isAlone }: Example, address: string): Promise<string> {
  const texts = await Promise.all(sources.map(readExample));
  const details = sources.map(
    (path, index) => `<details><summary>${path}</summary><pre>${escapeHTML(texts[index])}</pre></details>`,
  );
  const frame = `<iframe src="${address}" title="${title}" loading="lazy"></iframe>`;
  return `<li${isWide ? ' class="wide"' : ''}>
<div class="title"><h2>${title}</h2><a href="${address}" target="_blank">Open alone</a></div>
<p class="text">${text}</p>${isAlone ? '<div class="frame"></div>' : frame}${details.join('')}</li>`;
}

/** Off until a code waits. */
function toMishapButton({ title, command }: Mishap, index: number): string {
  const attributes = `data-command="${escapeHTML(JSON.stringify(command))}" data-mishap="${index}"`;
  return `<button type="button" class="needs-waiting" ${attributes} aria-disabled="true">${title}</button>`;
}

/** What a mishap says at most, out of sight, so that nothing moves when it is said. */
function toReservedRoom({ title, others, here, command }: Mishap): string {
  const measured =
    command.do === 'fault'
      ? 'PLEX_RATE_LIMITED × 4. Asked again after 10.0 s, then 10.0 s, then 10.0 s, then 10.0 s.'
      : 'A new code came without a click.';
  return `<div class="reserved" aria-hidden="true"><p>${title}</p><p><b>Others</b> ${others}</p><p><b>Here</b> ${here} ${measured}</p></div>`;
}

function escapeHTML(text = ''): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
