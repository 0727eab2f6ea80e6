/** A phone on its side, or a page at twice its size. What is lower still is no screen, but a page measured for a picture. */
const short = '(min-height: 8rem) and (max-height: 30rem)';

/** The looks of the mode `code`, on top of the others. Its sizes grow with the room; each screen is as high as the highest. */
export const codeStyles: string = `
#card{--tile:rgb(128 132 150 / .12)}
#card[data-mode=code]{align-content:center;align-items:center}
[data-mode=code] #actions{min-block-size:calc(2.25em + 1.75rem + max(3rem,2.7em + 2px))}
#card[data-steps]{gap:1.5em 2.5em;padding:1.75em}
[data-steps] #body{flex-basis:19em;max-inline-size:100%;grid-template:auto / 1fr minmax(0,auto) minmax(0,auto) 1fr}
[data-steps] :is(#words,#steps,#actions){grid-column:1 / -1}
[data-steps] #words{grid-row:1}
[data-steps] #steps{grid-row:2}
[data-steps] :is(#badge,#note){grid-row:3}
[data-steps] #actions{grid-row:4;min-block-size:0;padding-block-start:.75em}
[data-steps] #badge{grid-column:2;align-self:center;inline-size:1.4em;block-size:1.4em;margin:0}
[data-steps] :is(#logo,#number,#unit){display:none}
[data-steps] #ring{stroke-width:9;overflow:visible}
[data-steps] #note{position:static;grid-column:3;inline-size:auto;block-size:auto;min-block-size:2.6em;margin-inline-start:.6em;clip-path:none;color:var(--muted);font-size:.875em;line-height:1.3;text-align:start;white-space:normal}
[data-steps] #note:not([hidden]){display:flex;align-items:center}
[data-steps] #intro{min-block-size:0}
[data-steps] #main{flex:0 1 auto;padding-inline:1.5em}
#address{display:inline-block;vertical-align:top;padding-inline:.25em;color:var(--accent-text);font-size:1.5em;font-weight:650;line-height:1.6;text-decoration-thickness:1px;text-underline-offset:.15em}
#address:empty{inline-size:6em;block-size:1.2em;margin-block:.2em;background:var(--tile)}
#enter,#elsewhere{color:var(--muted)}
#code{margin-block:.2em .28em;font:700 2.75em/1.4 ui-monospace,"SF Mono",Menlo,Consolas,monospace;-webkit-user-select:all;user-select:all}
@supports (width:1cqi){#code{font-size:clamp(min(2.75em,13.5cqi),9.5cqi,4.25em)}}
#code>span{display:inline-block;inline-size:1.2em;margin:.06em;background:var(--tile);border:1px solid var(--tile-border);border-radius:.18em}
#scan{flex:1 1 10em;max-inline-size:14em;color:var(--muted);font-size:.9375em}
#qr{inline-size:100%;background:var(--tile);border-radius:.25em;aspect-ratio:1;forced-color-adjust:none}
#qr.drawn{background:#fff;box-shadow:0 0 0 1px var(--border)}
#modules{fill:#000;stroke:none;shape-rendering:crispEdges}
#caption{margin-block-start:.6em}
@container (max-width:40rem){
#card[data-steps='']{display:grid;grid-template-columns:auto minmax(0,auto);gap:0 1.25em;padding:1.25em}
[data-steps=''] #body{display:contents}
[data-steps=''] #scan{grid-area:3 / 1 / 5;inline-size:8.5em}
[data-steps='']>#body>#badge{display:none}
[data-steps='']>#body>#note{grid-column:2;align-self:end;margin:0}
[data-steps=''] #actions{grid-column:2;align-self:start;place-content:start;justify-self:start;padding-block-start:0}
}
@container (max-width:19.5rem){
#card[data-steps='']{grid-template-columns:1fr}
[data-steps=''] #scan{display:none}
[data-steps='']>#body>:is(#note,#actions){grid-column:1;justify-self:center;justify-content:center}
}
#card[data-steps=phone]{padding:1.25em}
[data-steps=phone] :is(#badge,#note){grid-row:2}
[data-steps=phone] #actions{grid-row:3;padding-block-start:.5em}
[data-steps=phone] #main{flex-basis:100%}
[data-steps=phone] #steps{grid-row:4;margin-block-start:.5em;padding-block-start:1em;border-block-start:1px solid var(--border)}
[data-steps=phone] :is(#elsewhere,#address,#enter){display:inline;margin-inline:.125em;font-size:1em;vertical-align:baseline}
[data-steps=phone] #address:empty{display:inline-block;inline-size:5.5em;block-size:1em}
@media ${short}{:host([mode=code]) #card[data-steps]{gap:.5em 1.5em;min-block-size:0;padding:1em;font-size:1rem}
[data-steps] #code{margin-block:.1em .2em;font-size:2.5em}
[data-steps] #scan{max-inline-size:10em}
}
`;
