import { html, raw } from 'hono/html';
import { isLoopback } from '../../require-option.ts';
import type { EmulatorState } from '../emulator-state.ts';
import { toPersonLabel } from '../people/home-objects.ts';
import type { Person } from '../people/person.ts';
import type { RegisteredPin } from '../pin-registry.ts';
import type { EmulatedServer } from '../servers/server-options.ts';
import { indexStyles, pageStyles } from './page-styles.ts';

/** How many PINs the page lists, the newest first. */
const mostPins = 50;

/**
 * Makes the page that shows what an emulator holds: PINs, people and servers, and no token. It has no script; reload it to
 * see what has changed.
 *
 * @param nonce The Content-Security-Policy's nonce for the page's own style.
 * @param url The address of the page.
 */
export function toIndexDocument(nonce: string, url: string, { settings, registry, servers }: EmulatorState) {
  const { people } = settings;
  const nowMs = settings.clock.now();
  const pins = registry.pins.slice(-mostPins).reverse();
  const pinItems = pins.map((pin) => toPinItem(pin, registry.stateOf(pin), nowMs));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>plex.tv emulator</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(pageStyles + indexStyles)}</style>
</head>
<body>
<header class="notice"><strong>Emulator</strong> This is not plex.tv. No real account is touched.</header>
<main class="index">
  <div class="top">
    <div><h1>plex.tv emulator</h1><p>Reload this page to see what has changed.</p></div>
    <div class="actions"><a class="button" href="link">Type a code</a><a class="button quiet" href="">Reload</a></div>
  </div>
  ${toSection('pins', 'PINs', registry.pins.length, pinItems, toNoPins(new URL(url)))}
  ${toSection('people', 'People', people.length, people.map(toPersonItem), toEmpty('Nobody.'))}
  ${toSection('servers', 'Servers', servers.servers.length, servers.servers.map(toServerItem), toEmpty('None.'))}
</main>
</body>
</html>
`;
}

type Markup = ReturnType<typeof html>;

function toSection(
  name: string,
  title: string,
  count: number,
  items: readonly Markup[],
  empty: Markup,
): Markup {
  return html`<section class="card ${name}" aria-labelledby="${name}">
    <h2 id="${name}">${title} <span class="count">${count}</span></h2>
    ${items.length === 0 ? empty : html`<ul>${items}</ul>`}
    ${items.length < count ? html`<p class="empty">The newest ${items.length} are listed.</p>` : ''}
  </section>`;
}

function toEmpty(text: string): Markup {
  return html`<p class="empty">${text}</p>`;
}

/** On this machine, says what to run: at another address the page is behind a browser's own routes. */
function toNoPins({ hostname, origin }: URL): Markup {
  const text = toEmpty('No application has asked for a PIN.');
  if (!isLoopback(hostname)) return text;
  return html`${text}<pre>npx plex-auth-flow login --server-url ${origin}</pre>`;
}

function toPinItem(pin: RegisteredPin, state: string, nowMs: number): Markup {
  const { code, product, device, clientIdentifier, person, expiresAtMs } = pin;
  const fragment = new URLSearchParams({ clientID: clientIdentifier, code });
  const address = pin.strong ? `auth#?${fragment}` : `link/?pin=${encodeURIComponent(code)}`;
  const who = state === 'linked' && person ? ` as ${person.user.title}` : '';
  const shownCode = html`<span class="code">${code}</span>`;
  const minutes = Math.ceil((expiresAtMs - nowMs) / 60_000);
  return html`<li>
    <div>
      <strong><bdi>${product}</bdi></strong> ${device && html`on <bdi>${device}</bdi>`}
      <small>${state === 'waiting' ? html`<a href="${address}">${shownCode}</a> <span class="left">${minutes} min left</span>` : shownCode}</small>
    </div>
    <span class="state ${state}">${state}${who}</span>
  </li>`;
}

function toPersonItem(person: Person): Markup {
  const { name, homeOf, user } = person;
  return html`<li>
    ${toFace(user.title || name)}
    <div>${toPersonLabel(person)}<small>${homeOf === undefined ? '' : `Plex Home of ${homeOf}`}</small></div>
  </li>`;
}

function toServerItem({ name, machineIdentifier, owner, sharedWith }: EmulatedServer): Markup {
  const shares = [...sharedWith].map((person) => person.name).join(', ');
  return html`<li>
    ${toFace(name, 'square')}
    <div>
      ${name}<small>of ${owner.name}${shares && `, shared with ${shares}`}</small>
      <small>machineIdentifier ${machineIdentifier}</small>
    </div>
  </li>`;
}

/** The first letter of a name, in place of a picture. */
function toFace(name: string, shape = ''): Markup {
  const [letter = '?'] = /[\p{L}\p{N}]/u.exec(name) ?? [];
  return html`<span class="face ${shape}" aria-hidden="true">${letter.toUpperCase()}</span>`;
}
