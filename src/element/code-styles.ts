import { short } from './phones.ts';

/** The looks of the mode `code`, on top of the others. Its sizes grow with the room; each screen is as high as the highest. */
export const codeStyles: string = `
#card{--tile:#8084961f}
#card[data-mode=code]{align-content:safe center;align-items:center}
[data-mode=code] #actions{min-block-size:calc(2.25em + 1.75rem + max(3rem,2.7em + 2px))}
#card[data-steps]{gap:1.5em 2.5em;padding:1.75em}
[data-steps] #body{flex-basis:19em;max-inline-size:100%;grid-template:auto / 100%}
[data-steps] #words{grid-row:1}
[data-steps] #steps{grid-row:2}
[data-steps] #badge{grid-row:3;inline-size:1.4em;block-size:1.4em;margin-block:0}
[data-steps] #note{grid-row:4}
[data-steps] #actions{grid-row:5;row-gap:.5rem;min-block-size:0;padding-block-start:.5em}
[data-steps] :is(#logo,#number,#unit){display:none}
[data-steps] #ring{stroke-width:9;overflow:visible}
[data-steps] #note{display:grid;place-content:center;justify-self:center;position:static;inline-size:15em;max-inline-size:100%;block-size:auto;min-block-size:2.6em;margin-block-start:.2em;clip-path:none;color:var(--muted);font-size:.875em;line-height:1.3;white-space:normal}
[data-steps] #intro{min-block-size:0}
[data-steps] #main{flex:0 1 auto;padding-inline:1.5em}
#address{display:inline-block;vertical-align:top;padding-inline:.25em;color:var(--accent-text);font-size:1.5em;font-weight:650;line-height:1.6;text-underline-offset:.15em}
#address:empty{inline-size:6em;block-size:1.2em;margin-block:.2em;background:var(--tile)}
#enter,#elsewhere{color:var(--muted)}
#code{margin-block:.2em .15em;font:700 2.75em/1.4 ui-monospace,Menlo,Consolas,monospace;-webkit-user-select:all;user-select:all}
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
[data-steps=''] :is(#words,#steps){grid-column:1 / -1}
[data-steps=''] #scan{grid-area:4 / 1 / 6;inline-size:8.5em}
[data-steps='']>#body>#badge{display:none}
[data-steps=''] :is(#note,#actions){grid-column:2;align-self:end}
[data-steps=''] #actions{align-self:start}
}
@container (max-width:19.5rem){
#card[data-steps='']{grid-template-columns:100%}
[data-steps=''] #scan{display:none}
[data-steps='']>#body>:is(#note,#actions){grid-column:1 / -1}
}
#card[data-steps=phone]{padding:1.25em}
[data-steps=phone] #badge{margin-block-start:.5em}
[data-steps=phone] #main{flex-basis:100%}
[data-steps=phone] #steps{grid-row:6;margin-block-start:.5em;padding-block-start:1em;border-block-start:1px solid var(--border)}
[data-steps=phone] #address{display:block;font-size:1em}
[data-steps=phone] #address:empty{inline-size:5.5em;block-size:1.2em;margin:.2em auto}
@media ${short}{:host([mode=code]) #card[data-steps]{gap:0 1.5em;padding:1em}
[data-steps] #code{margin-block:.1em .2em;font-size:2.5em}
[data-steps] #scan{max-inline-size:10em}
}
`;
