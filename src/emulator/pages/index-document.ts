import { html, raw } from 'hono/html';
import type { EmulatorState } from '../emulator-state.ts';
import { toPersonLabel } from '../people/home-objects.ts';
import type { RegisteredPin } from '../pin-registry.ts';
import { pageStyles } from './page-styles.ts';

/** How many PINs the page lists, the newest first. */
const mostPins = 50;

/**
 * Makes the page that shows what an emulator holds: PINs, people and servers, and no token. It has no script; reload it to
 * see what has changed.
 *
 * @param nonce The Content-Security-Policy's nonce for the page's own style.
 */
export function toIndexDocument(nonce: string, { settings, registry, servers }: EmulatorState) {
  const pins = registry.pins.slice(-mostPins).reverse();
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>plex.tv emulator</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(pageStyles)}</style>
</head>
<body>
<header class="notice"><strong>Emulator</strong> This is not plex.tv. No real account is touched.</header>
<main class="wide">
  <h1>plex.tv emulator</h1>
  <p>Has a device shown you four characters? <a href="link">Type them here</a>. A long code waits for approval below.</p>
  <p><a class="button quiet" href="">Reload</a></p>
  ${toSection(
    'PINs',
    registry.pins.length,
    pins.map((pin) => toPinItem(pin, registry.stateOf(pin))),
    'No application has asked for a PIN.',
  )}
  ${toSection(
    'People',
    settings.people.length,
    settings.people.map(
      (person) =>
        html`<li><span class="name"><bdi>${toPersonLabel(person)}</bdi></span>${toNote(person.homeOf && `Plex Home of ${person.homeOf}`)}</li>`,
    ),
    'Nobody.',
  )}
  ${toSection(
    'Servers',
    servers.servers.length,
    servers.servers.map(({ name, machineIdentifier, owner, sharedWith }) => {
      const shares = [...sharedWith].map((person) => person.name).join(', ');
      const people = `of ${owner.name}${shares && `, shared with ${shares}`}`;
      return html`<li><span class="name"><bdi>${name}</bdi></span>${toNote(people)}${toNote(`machineIdentifier ${machineIdentifier}`)}</li>`;
    }),
    'None.',
  )}
</main>
</body>
</html>
`;
}

type Markup = ReturnType<typeof html>;

/** A list under its heading, with how many there are. */
function toSection(title: string, count: number, items: readonly Markup[], empty: string): Markup {
  return html`<section>
    <h2>${title} <span class="count">${count}</span></h2>
    ${items.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul>${items}</ul>`}
    ${count > items.length && items.length > 0 ? html`<p>Only the newest ${items.length} are listed.</p>` : ''}
  </section>`;
}

function toNote(text: string | undefined): Markup | '' {
  return text ? html`<small>${text}</small>` : '';
}

function toPinItem(pin: RegisteredPin, state: string): Markup {
  const { code, product, device, clientIdentifier, person } = pin;
  const fragment = new URLSearchParams({ clientID: clientIdentifier, code });
  const address = pin.strong ? `auth#?${fragment}` : `link/?pin=${encodeURIComponent(code)}`;
  const who = state === 'linked' && person ? ` as ${person.user.title}` : '';
  const shown = html`<span class="code">${code}</span>`;
  return html`<li>
    <span class="name"><bdi>${product}</bdi> ${device && html`on <bdi>${device}</bdi>`}</span>
    <span class="state ${state}">${state}${who}</span>
    <small>${state === 'waiting' ? html`<a href="${address}">${shown}</a>` : shown}</small>
  </li>`;
}
