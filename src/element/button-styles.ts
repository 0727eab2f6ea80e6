/** The look of one control in a login form, with its details in a panel. */
export const buttonStyles: string = `
:host([look=button]){--radius:var(--plex-sign-in-radius,.625rem);position:relative;font-family:var(--plex-sign-in-font,inherit)}
#trigger{display:flex;align-items:center;justify-content:center;position:relative;inline-size:100%;min-block-size:2.75rem;padding:.0625em .75em;color:var(--text);background:var(--surface);border:1px solid var(--control-border);border-radius:var(--radius);font-size:1em;font-size:clamp(.875em,7cqi,1em);font-weight:600;line-height:1.2;text-align:start;text-wrap:balance;overflow-wrap:anywhere}
#trigger.main{text-align:center}
#trigger.main:not(.plain){color:var(--on-accent);background:var(--accent);border-color:var(--accent-line)}
#label{display:-webkit-box;flex:1;min-inline-size:0;overflow:hidden;unicode-bidi:plaintext;-webkit-box-orient:vertical;-webkit-line-clamp:2}
#left{font-weight:400;font-variant-numeric:tabular-nums}
#why{display:block;font-size:.75em;font-weight:400;line-height:1.25}
#why:empty{display:none}
#more{position:absolute;inset-block:0;inset-inline-end:.75em;inline-size:1.125em;margin-block:auto;stroke-width:2}
#trigger:not(.main){padding-inline-end:2.125em}
#trigger[aria-expanded=true] #more{transform:scaleY(-1)}
#trigger #badge{flex:none;inline-size:1.5em;block-size:1.5em;margin:0;margin-inline-end:.625em;font-size:1em}
#trigger #ring{stroke-width:7;overflow:visible}
#trigger #glyph{inline-size:.875em;stroke-width:2.75}
#trigger #badge[data-icon=person]{inline-size:auto;margin:0}
#trigger:not([data-icon=time]) #left,#trigger.main :is(#more,#ring),#trigger :is(#number,#unit),#trigger :is([data-icon=person],[data-icon=clock]) #ring,#trigger :is([data-icon=person],[data-icon=busy]) #glyph{display:none}
#trigger.main #badge{--ring:currentColor}
#trigger.main #glyph{inline-size:1.25em}
#trigger ::slotted([slot=logo]){max-inline-size:4em;max-block-size:1.5em;margin-inline-end:.625em}
@media (hover:hover){#trigger:not(.main):hover{background:linear-gradient(#80819017,#80819017) var(--surface)}}
:host([look=button]) #card{container-type:inline-size;position:fixed;inset:auto;inline-size:20rem;min-inline-size:min(var(--least),26rem);max-inline-size:var(--most,calc(100vw - 1rem));min-block-size:0;margin:0;padding:1em 1.25em .75em;overflow:auto;overscroll-behavior:contain;z-index:1000;font-size:1rem;box-shadow:var(--plex-sign-in-shadow,0 1px 2px #0002,0 16px 40px -8px #0005)}
:host([look=button]) #card:not([popover]){position:absolute}
:host([look=button]) #card[data-open][data-steps='']{display:grid;grid-template-columns:auto minmax(0,auto);gap:0 1.25em;inline-size:24rem}
:host([look=button]) [data-steps=''] #code{font-size:2.25em}
:host([look=button]) [data-steps=''] #scan{inline-size:8.5em;font-size:.8125em}
@media (min-width:36rem){:host([look=button]) #card[data-open][data-steps='']{grid-template-columns:minmax(0,1fr) 10em;inline-size:32rem}
:host([look=button]) [data-steps='']>#body>*{grid-column:1}
:host([look=button]) [data-steps=''] #scan{grid-area:1 / 2 / 6;align-self:center;inline-size:11.5em}
}
:host([look=button]) #card #actions{min-block-size:0;padding-block-start:.5em}
:host([look=button]) :is([data-icon=done] #words,[data-icon=busy]:not([data-steps]) #heading){display:none}
:host([look=button]) [data-icon=busy]:not([data-steps]) #intro{min-block-size:0}
:host([look=button]) #card[data-icon=done]{padding-block:.25em .75em}
:host([look=button]) #footnote{min-block-size:1.75rem}
:host([look=button]) #heading{font-size:1.125em}
:host([look=button]) #intro{margin-block-start:.25em}
#card:is([data-icon=person],[data-icon=busy]:not([data-steps]),[data-icon=clock],[data-icon=fault])>#body>#actions>#main{display:var(--in-panel)}
:host([look=button]){--in-panel:none}
@media (forced-colors:active){#trigger{border-color:ButtonText}}
`;
