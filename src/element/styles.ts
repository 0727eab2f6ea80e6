import { colors } from './colors.ts';
import { pageOf } from './page-of.ts';
import { phones, short } from './phones.ts';
import { toNode } from './structure.ts';

/**
 * How much room each look takes, from the start: what is loaded for it later moves nothing. A screen is as high as the highest.
 */
const room = `:host{--radius:var(--plex-sign-in-radius,1rem);display:block;inline-size:100%;min-inline-size:0;max-inline-size:var(--plex-sign-in-max-width,24rem);contain-intrinsic-inline-size:18rem;container-type:inline-size;font-family:var(--plex-sign-in-font,system-ui,sans-serif);line-height:1.5}
:host([mode=code]){max-inline-size:var(--plex-sign-in-max-width,64rem)}
:host([look=button]){max-inline-size:var(--plex-sign-in-max-width,none);min-block-size:2.75rem}
:host([look=tv]){inline-size:80vw;max-inline-size:var(--plex-sign-in-max-width,100%);margin-inline:auto}
#card{min-block-size:23em}
:host([mode=code]) #card{min-block-size:27.2em;font-size:clamp(1rem,.75rem + 1cqi,1.5rem)}
@container (max-width:23rem){#card{min-block-size:max(29em,55em - 150cqi)}:host([mode=code]) #card{min-block-size:max(31em,55em - 150cqi)}#card:not([data-steps]) #actions{min-block-size:calc(1em + 10.25rem)}}
@media ${phones}{:host([mode=code]) #card{min-block-size:35.75em}}
@media ${short}{:host([mode=code]) #card{font-size:1rem}
@container (min-width:23.01rem){:host([mode=code]) #card{min-block-size:clamp(21.75em,(40.01rem - 100cqi)*9999,24.5em)}
@media (hover:none) and (pointer:coarse){:host([mode=code]) #card{align-content:start;min-block-size:32em}}}}
:host([look=tv]) #card{min-block-size:clamp(28em,(47rem - 100cqi)*99,clamp(34em,(100cqi - 40rem)*99,47em));font-size:max(1rem,1.7vw);font-size:max(1rem,min(1.7vw,4cqi))}
:host([look=button]) #card:not([data-open]){display:none}`;

/** What every look has. */
export const styles: string = `${colors}
${room}
:host([hidden]),[hidden]{display:none!important}
*{box-sizing:border-box;margin:0}
#card{display:flex;flex-wrap:wrap;justify-content:center;padding:2em 1.5em 1.25em;color:var(--text);background:var(--surface);border:1px solid var(--border);border-radius:var(--radius);box-shadow:var(--plex-sign-in-shadow,0 1px 2px #0001,0 12px 32px -12px #0003);text-align:center;text-wrap:balance;overflow-wrap:anywhere}
#card:not([lang])>*{visibility:hidden}
#body{display:grid;flex:1 1 15em;grid-template:auto auto 1fr/100%;min-inline-size:0}
#badge,#logo{display:grid;place-content:center}
#badge{position:relative;inline-size:4.5em;block-size:4.5em;margin:0 auto 1.25em;color:var(--ring,inherit);line-height:1.1}
svg{display:block;fill:none;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round}
#ring{position:absolute;inset:0;transform:rotate(-90deg);stroke-width:3.5}
#track{stroke:var(--ring,var(--track))}
#arc{stroke:var(--accent-line);stroke-dasharray:.25 2;opacity:0}
#glyph{inline-size:2em;stroke-width:2}
::slotted([slot=logo]){display:block;max-inline-size:2.25em;max-block-size:2.25em}
[data-icon=busy] #arc{opacity:1;stroke-dasharray:.25 2!important}
[data-icon=busy] #ring{animation:turn 1.1s linear infinite}
@keyframes turn{to{transform:rotate(270deg)}}
#heading{font-size:1.3125em;font-weight:650;line-height:1.25}
#intro{display:block;min-block-size:3em;margin-block-start:.5em;color:var(--muted)}
#actions{display:flex;flex-wrap:wrap;place-content:start center;place-self:end center;align-items:center;gap:.25rem 1rem;inline-size:100%;max-inline-size:21em;min-block-size:calc(1em + 6rem);padding-block-start:1em}
button,a{border-radius:calc(var(--radius)*.625)}
button,#link{min-block-size:2.75rem;padding:.5em .75em;color:var(--muted);background:none;border:1px solid transparent;font:inherit;font-size:.9375em;line-height:1.4;text-decoration:none;cursor:pointer}
#main,#link.main{flex:1 0 100%;min-block-size:3rem;padding-block:.65em;color:var(--text);border-color:var(--control-border);font-size:1em;font-weight:600}
.main#main,#link.main{color:var(--on-accent);background:var(--accent);border-color:var(--accent-line)}
[aria-disabled=true]{opacity:.6;cursor:default}
@media (hover:hover){[part=quiet]:hover,#link:not(.main):hover{color:var(--text);text-decoration:underline}
#main:not(.main):hover{background:#8081901f}
.main:hover{filter:brightness(1.07)}}
:focus{outline:none}
:focus-visible{outline:3px solid var(--accent-text);outline-offset:2px}
#footnote,::slotted([slot=footnote]){flex:1 0 100%;padding-block:.75rem;color:var(--muted);font-size:.8125em}
#footnote{display:grid;align-content:center;min-block-size:2.75rem;padding-block:0}
.heard{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media (forced-colors:active){#arc{stroke:Highlight}
#track{stroke:CanvasText}
}`;

/** What each root is dressed in. A browser takes sheets off where the root goes to another document. */
const worn = new WeakMap<ShadowRoot, Set<string>>();

/** Dresses a shadow root. A Content-Security-Policy lets sheets through where it stops a `<style>`. */
export function addStyles(root: ShadowRoot, css: string): void {
  const all = worn.get(root) ?? new Set();
  if (all.has(css)) return;
  worn.set(root, all.add(css));
  try {
    // Each page takes only sheets of its own.
    const sheet = new (pageOf(root) ?? globalThis).CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    // Safari before 16.4.
    root.prepend(toNode(['style', '', css], root.ownerDocument));
  }
}

/** Dresses a root again that has come into another page. */
export function restoreStyles(root: ShadowRoot): void {
  const all = worn.get(root);
  if (!all || !pageOf(root)) return;
  worn.delete(root);
  for (const css of all) addStyles(root, css);
}
