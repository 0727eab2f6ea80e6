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
  <p>Type a short code at <a href="link">/link</a>. Reload this page to see what has changed.</p>
  <h2>PINs</h2>
  ${toList(
    pins.map((pin) => toPinItem(pin, registry.stateOf(pin))),
    'No application has asked for a PIN.',
  )}
  <h2>People</h2>
  ${toList(
    settings.people.map(
      (person) =>
        html`<li>${toPersonLabel(person)}<small>${person.homeOf === undefined ? '' : `Plex Home of ${person.homeOf}`}</small></li>`,
    ),
    'Nobody.',
  )}
  <h2>Servers</h2>
  ${toList(
    servers.servers.map(({ name, machineIdentifier, owner, sharedWith }) => {
      const shares = [...sharedWith].map((person) => person.name).join(', ');
      const people = `of ${owner.name}${shares && `, shared with ${shares}`}`;
      return html`<li>${name}<small>${people}</small><small>machineIdentifier ${machineIdentifier}</small></li>`;
    }),
    'None.',
  )}
</main>
</body>
</html>
`;
}

type Markup = ReturnType<typeof html>;

function toList(items: readonly Markup[], empty: string): Markup {
  return items.length === 0 ? html`<p>${empty}</p>` : html`<ul>${items}</ul>`;
}

function toPinItem(pin: RegisteredPin, state: string): Markup {
  const { code, product, device, clientIdentifier, person } = pin;
  const fragment = new URLSearchParams({ clientID: clientIdentifier, code });
  const address = pin.strong ? `/auth#?${fragment}` : `/link/?pin=${encodeURIComponent(code)}`;
  const who = state === 'linked' && person ? ` as ${person.user.title}` : '';
  return html`<li>
    <bdi>${product}</bdi> ${device && html`on <bdi>${device}</bdi>`}
    <small>${state === 'waiting' ? html`<a href="${address}"><span class="code">${code}</span></a>` : html`<span class="code">${code}</span>`} ${state}${who}</small>
  </li>`;
}
