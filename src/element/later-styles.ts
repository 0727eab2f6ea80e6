/** What is seen after the first screen only. */
export const laterStyles: string = `
[data-icon=time] #logo,[data-icon=window] :is(b,small){display:none}
#badge{grid-template-columns:100%}
#number{font-size:1.375em;font-variant-numeric:tabular-nums}
#unit{color:var(--muted);font-size:.6875em}
[data-icon=time] #arc{opacity:1;transition:stroke-dasharray 1s linear}
[data-icon=done]{--ring:var(--good)}
#card[data-icon=done]>#body{align-content:center;grid-template-rows:auto auto auto}
#card[data-icon=done]>#body :is(#intro,#actions){min-block-size:0}
[data-icon=fault]{--ring:var(--bad)}
#link{display:grid;place-content:center}
#link:not([href]){visibility:hidden}
[data-icon=done] #heading{display:-webkit-box;min-block-size:2.5em;overflow:hidden;-webkit-box-orient:vertical;-webkit-line-clamp:2}
#heading:focus-visible{outline:0;text-decoration:underline .12em var(--accent-text);text-underline-offset:.25em}
`;
