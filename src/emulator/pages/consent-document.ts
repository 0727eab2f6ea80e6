import { html, raw } from 'hono/html';
import { toPersonLabel } from '../people/home-objects.ts';
import type { People } from '../people/person.ts';
import { consentScript } from './consent-script.ts';
import { pageStyles } from './page-styles.ts';

/**
 * Makes the page on which the user decides; `/auth` and `/link` differ only in where the code comes from.
 *
 * Nothing that a client sends is written into this document: the script adds it as text.
 *
 * @param nonce The Content-Security-Policy's nonce for the page's own script and style.
 * @param people Who may be the one who decides. With several of them the page asks who one is.
 */
export function toConsentDocument(nonce: string, people: People) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · plex.tv emulator</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(pageStyles)}</style>
</head>
<body>
<header class="notice"><strong>Emulator</strong> This is not plex.tv. No real account is touched.</header>
<main>
  <form id="ask" class="card page" hidden>
    <h1 tabindex="-1">Link a device</h1>
    <p>Type the code that your device shows.</p>
    <label for="code">Code</label>
    <input id="code" name="code" required autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="problem">
    <p id="problem" class="warning problem" role="alert" data-field="problem" hidden></p>
    <div class="actions"><button>Continue</button></div>
  </form>
  <form id="consent" class="card page" hidden>
    <h1 tabindex="-1">Let <bdi data-field="product"></bdi> sign in?</h1>
    <dl>
      ${toAccount(people)}
      <div><dt>Product</dt><dd><bdi data-field="product"></bdi></dd></div>
      <div><dt>Device</dt><dd><bdi data-field="device"></bdi></dd></div>
      <div><dt>Code</dt><dd class="code" data-field="code"></dd></div>
    </dl>
    <p class="warning" data-field="forwardRefused" hidden></p>
    <div class="actions">
      <button value="approve">Approve</button>
      <button value="deny" class="quiet">Deny</button>
    </div>
  </form>
  <section id="result" class="card page" role="status" hidden>
    <h1 tabindex="-1" data-field="title"></h1>
    <p data-field="text"></p>
    <p class="warning" data-field="forwardRefused" hidden></p>
  </section>
  <noscript><div class="card page"><h1>Scripts are off</h1><p>This page needs them.</p></div></noscript>
</main>
<script nonce="${nonce}">${raw(consentScript)}</script>
</body>
</html>
`;
}

/** The only account, or a choice. */
function toAccount(people: People) {
  const [{ user }] = people;
  if (people.length === 1) return html`<div><dt>Account</dt><dd>${user.username || user.title}</dd></div>`;
  const options = people.map(
    (person) => html`<option value="${person.name}">${toPersonLabel(person)}</option>`,
  );
  return html`<div>
    <dt><label for="person">Account</label></dt>
    <dd><select id="person" name="person" autocomplete="off">${options}</select></dd>
  </div>`;
}
