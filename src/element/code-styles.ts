/** A phone on its side, or a page at twice its size. What is lower still is no screen, but a page measured for a picture. */
const short = '(min-height: 8rem) and (max-height: 30rem)';

/** The looks of the mode `code`, on top of the others. Its sizes grow with the room. */
export const codeStyles: string = `
:host([mode=code]) { max-inline-size: var(--plex-sign-in-max-width, 64rem) }
#card[data-mode=code] { min-block-size: 23em; font-size: 1.125rem }
@supports (width: 1cqi) { #card[data-mode=code] { font-size: clamp(1rem, .75rem + 1cqi, 1.5rem) } }
[data-mode=code] #actions { min-block-size: calc(2.25em + 1.75rem + max(3rem, 2.7em + 2px)) }
#card[data-steps] { align-items: center; gap: 1.5em 2.5em; padding: 1.75em }
[data-steps] #body { flex-basis: 19em; max-inline-size: 100%; grid-template: auto / 1fr minmax(0, auto) minmax(0, auto) 1fr }
[data-steps] :is(#words, #steps, #actions) { grid-column: 1 / -1 }
[data-steps] #badge { grid-column: 2; inline-size: 1.4em; block-size: 1.4em; margin: 0; align-self: center }
[data-steps] :is(#logo, #number, #unit) { display: none }
[data-steps] #ring { stroke-width: 9; overflow: visible }
[data-steps] #note { position: static; grid-column: 3; align-self: center; inline-size: auto; block-size: auto; margin-inline-start: .6em; clip-path: none; color: var(--muted); font-size: .875em; text-align: start; white-space: normal }
[data-steps] #intro { min-block-size: 0 }
[data-steps] #actions { min-block-size: 0; padding-block-start: .75em }
[data-steps] #main { flex: 0 1 auto; padding-inline: 1.5em }
#address { display: inline-block; vertical-align: top; padding-inline: .25em; color: var(--accent-text); font-size: 1.5em; font-weight: 650; line-height: 1.6; text-decoration-thickness: 1px; text-underline-offset: .15em }
#address:empty { inline-size: 6em; block-size: 1.2em; margin-block: .2em; background: var(--tile) }
#enter, #elsewhere { color: var(--muted) }
#card { --tile: rgb(128 132 150 / .12) }
#code { margin-block: .2em .28em; font: 700 2.75em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; -webkit-user-select: all; user-select: all }
@supports (width: 1cqi) { #code { font-size: clamp(min(2.75em, 13.5cqi), 9.5cqi, 4.25em) } }
#code > span { display: inline-block; inline-size: 1.2em; margin: .06em; background: var(--tile); border: 1px solid var(--tile-border); border-radius: .18em }
#scan { flex: 1 1 10em; max-inline-size: 14em; color: var(--muted); font-size: .9375em }
#qr { inline-size: 100%; background: var(--tile); border-radius: .25em; aspect-ratio: 1; forced-color-adjust: none }
#qr.drawn { background: #fff; box-shadow: 0 0 0 1px var(--border) }
#modules { fill: #000; stroke: none; shape-rendering: crispEdges }
#caption { margin-block-start: .6em }
[data-steps=phone] #steps { margin-block-start: .75em; padding-block-start: 1em; border-block-start: 1px solid var(--border) }
[data-steps=phone] #main { flex-basis: 100% }
[data-steps=phone] #address { font-size: 1.125em }
@media (max-width: 30rem), ${short} {
#card[data-steps] { gap: .75em 1.5em; padding: 1em; min-block-size: 0 }
#scan { max-inline-size: 10em }
}
@media ${short} {
#card[data-steps] { font-size: 1rem }
[data-steps] #code { margin-block: .1em .2em; font-size: 2.5em }
}
`;
