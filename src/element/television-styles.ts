/**
 * The look of a television, read from three metres: 80 % of the screen's width, no text below 24 px at 1920 × 1080. In units of
 * the screen, since a television's browser may count 960, 1280 or 1920 pixels.
 */
export const televisionStyles: string = `
:host([look=tv]) #card[data-look]{align-items:center;padding:2.5em;padding:min(2.5em,6cqi)}
:host([look=tv]) :is(button,#link){min-block-size:2.75em;padding-inline:1.5em;font-size:1em}
:host([look=tv]) :is(#unit,#footnote,#note){font-size:.85em}
:host([look=tv]) #footnote{padding-block-start:.5em}
:host([look=tv]) :is(#main,#link.main){flex:0 1 auto;inline-size:20em;max-inline-size:100%}
:host([look=tv]) #heading{font-size:1.75em}
:host([look=tv]) #card:not([data-steps]):not([data-icon=done]) #actions{flex-direction:column;justify-content:start;flex-wrap:nowrap;gap:.75em;max-inline-size:none;min-block-size:11.5em}
:host([look=tv]) #address{font-size:1.75em;text-decoration:none}
:host([look=tv]) [data-steps] #body{flex-basis:23em}
:host([look=tv]) #code{margin-block:.1em .05em;font-size:4.25em;font-size:min(4.25em,13.5cqi)}
:host([look=tv]) #scan{flex:0 1 15em;max-inline-size:15em;font-size:1em}
:host([look=tv]) #heading:focus-visible{text-decoration:none}
:host([look=tv]) :focus-visible{outline:.2em solid var(--accent-text);outline-offset:.2em}
`;
