import { html, raw } from 'hono/html';
import { consentScript } from './consent-script.ts';

/**
 * Makes the page on which the user decides; `/auth` and `/link` differ only in where the code comes from.
 *
 * Nothing that a client sends is written into this document: the script adds it as text.
 *
 * @param nonce The Content-Security-Policy's nonce for the page's own script and style.
 * @param username The user who is signed in at the emulator.
 */
export function toConsentDocument(nonce: string, username: string) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · plex.tv emulator</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(styles)}</style>
</head>
<body>
<p class="notice"><strong>Emulator</strong> This is not plex.tv. No real account is touched.</p>
<main>
  <form id="ask" hidden>
    <h1 tabindex="-1">Link a device</h1>
    <p>Type the code that your device shows.</p>
    <label for="code">Code</label>
    <input id="code" name="code" required autocomplete="off" autocapitalize="characters" spellcheck="false">
    <div class="actions"><button>Continue</button></div>
  </form>
  <form id="consent" hidden>
    <h1 tabindex="-1">Let <bdi data-field="product"></bdi> sign in?</h1>
    <dl>
      <div><dt>Account</dt><dd>${username}</dd></div>
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
  <section id="result" role="status" hidden>
    <h1 tabindex="-1" data-field="title"></h1>
    <p data-field="text"></p>
    <p class="warning" data-field="forwardRefused" hidden></p>
  </section>
  <noscript><h1>Scripts are off</h1><p>This page needs them.</p></noscript>
</main>
<script nonce="${nonce}">${raw(consentScript)}</script>
</body>
</html>
`;
}

const styles = `
:root { --ground: #eef0f3; --card: #fff; --text: #16191d; --soft: #5a626d; --line: #d5dae0; --accent: #f0b429;
  --warn: #fff3d6; --warn-text: #6b4400; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171b; --card: #1f2328; --text: #f2f4f6; --soft: #a3acb7; --line: #363d45; --warn: #3b2e10;
    --warn-text: #ffd98a; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
.notice { margin: 0; padding: .5rem 1rem; background: var(--warn); color: var(--warn-text); text-align: center;
  font-size: .875rem; }
.notice strong { margin-right: .5em; text-transform: uppercase; letter-spacing: .06em; font-size: .75rem; }
main { width: min(26rem, 100% - 2rem); margin: auto; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1rem; box-shadow: 0 8px 32px #0001; overflow-wrap: anywhere; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
h1:focus { outline: none; }
p { margin: 0 0 1rem; color: var(--soft); }
dl { margin: 0 0 1.25rem; border-top: 1px solid var(--line); }
dl div { display: flex; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 5rem; color: var(--soft); }
dd { margin: 0; min-width: 0; }
.code { font-family: ui-monospace, monospace; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input { width: 100%; padding: .625rem .75rem; border: 1px solid var(--soft); border-radius: .5rem;
  background: var(--ground); color: inherit; font: 1.5rem/1.2 ui-monospace, monospace; letter-spacing: .15em; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
button { flex: 1 1 8rem; padding: .75rem 1rem; border: 1px solid transparent; border-radius: .5rem;
  background: var(--accent); color: #201600; font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { background: none; border-color: var(--soft); color: inherit; }
button:disabled { opacity: .6; cursor: default; }
:is(button, input):focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
.warning { margin: 1rem 0 0; padding: .75rem; border-radius: .5rem; background: var(--warn); color: var(--warn-text); }
`;
