/** The style of the emulator's pages. */
export const pageStyles = `
:root { --ground: #eef0f3; --card: #fff; --text: #16191d; --soft: #5a626d; --line: #d5dae0; --accent: #f0b429;
  --warn: #fff3d6; --warn-text: #6b4400; --good: #dcf3e6; --good-text: #11603a; --bad: #fbe4e2; --bad-text: #96201a;
  --rest: #e6e9ed; --rest-text: #4a525c; --ring: #2563eb; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171b; --card: #1f2328; --text: #f2f4f6; --soft: #a3acb7; --line: #363d45; --warn: #3b2e10;
    --warn-text: #ffd98a; --good: #123524; --good-text: #7fdcab; --bad: #43201d; --bad-text: #ffb3ab; --rest: #2e343b;
    --rest-text: #c2c9d1; --ring: #7cabff; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
.notice { margin: 0; padding: .5rem 1rem; background: var(--warn); color: var(--warn-text); text-align: center;
  font-size: .875rem; text-wrap: balance; }
.notice strong { margin-right: .5em; text-transform: uppercase; letter-spacing: .06em; font-size: .75rem; font-weight: 700; }
main { width: min(26rem, 100% - 2rem); margin: auto; overflow-wrap: anywhere; }
.card { padding: clamp(1.25rem, 6vw, 2rem); background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; box-shadow: 0 8px 32px #0001; }
.card.page { margin-block: 1.5rem; }
h1 { margin: 0 0 .75rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
h1 bdi { display: inline-block; max-inline-size: 100%; }
h1:focus { outline: none; }
p { margin: 0 0 1rem; color: var(--soft); }
dl { margin: 0 0 1.25rem; border-top: 1px solid var(--line); }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 5rem; color: var(--soft); }
dd { flex: 1 1 10rem; margin: 0; min-width: 0; }
dd:has(select) { flex-basis: 100%; }
.code { font-family: ui-monospace, monospace; font-size: .9375em; }
label { display: block; margin-bottom: .25rem; font-weight: 600; }
input { width: 100%; padding: .625rem .75rem; border: 1px solid var(--soft); border-radius: .5rem;
  background: var(--ground); color: inherit; font: 1.5rem/1.2 ui-monospace, monospace; letter-spacing: .15em;
  text-transform: uppercase; }
input[aria-invalid=true] { border-color: var(--bad-text); box-shadow: inset 0 0 0 1px var(--bad-text); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
button, .button { flex: 1 1 8rem; padding: .75rem 1rem; border: 1px solid transparent; border-radius: .5rem;
  background: var(--accent); color: #201600; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer; }
:is(button, .button):hover { filter: brightness(1.06); }
:is(button, .button).quiet { background: none; border-color: var(--soft); color: inherit; }
button:disabled { opacity: .6; cursor: default; }
select { width: 100%; padding: .5rem; border: 1px solid var(--soft); border-radius: .5rem;
  background: var(--ground); color: inherit; font: inherit; text-overflow: ellipsis; }
dt label { margin: 0; font-weight: inherit; }
a { color: inherit; text-underline-offset: .15em; }
:is(button, .button, input, select, a):focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
.warning { margin: 1rem 0 0; padding: .75rem; border-radius: .5rem; background: var(--warn); color: var(--warn-text); }
.warning.problem { margin: .5rem 0 0; background: var(--bad); color: var(--bad-text); }
#result { text-align: center; }
#result p:last-of-type { margin: 0; }
#result::before { display: grid; place-items: center; width: 3.5rem; height: 3.5rem; margin: 0 auto 1rem;
  border-radius: 50%; font: 700 1.75rem/1 system-ui, sans-serif; background: var(--bad); color: var(--bad-text);
  content: '!'; content: '!' / ''; }
#result[data-tone=good]::before { background: var(--good); color: var(--good-text); content: '✓'; content: '✓' / ''; }
#result[data-tone=rest]::before { background: var(--rest); color: var(--rest-text); content: '–'; content: '–' / ''; }
@media (forced-colors: active) { #result::before, .state { border: 1px solid; } }
`;

/** What the index page has besides. */
export const indexStyles = `
main.index { width: min(64rem, 100% - 2rem); margin: clamp(1rem, 4vw, 2.5rem) auto; display: grid; gap: 1rem;
  grid-template-columns: minmax(0, 1fr); }
.top { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.5rem; }
.top > div { flex: 1 1 18rem; }
.top :is(h1, p) { margin: 0; }
.top .actions { flex: 0 1 auto; margin: 0; }
.top .button { flex: 1 0 auto; padding: .5rem 1rem; }
@media (min-width: 56rem) {
  main.index { grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); align-items: start; }
  .top { grid-column: 1 / -1; }
  .pins { grid-row: 2 / span 9; }
}
.index .card { padding: 1.25rem 1.25rem .5rem; }
h2 { display: flex; align-items: center; gap: .5rem; margin: 0 0 .5rem; font-size: 1.0625rem; line-height: 1.4; }
.count { min-width: 1.5rem; padding: 0 .4rem; border-radius: 1rem; background: var(--rest); color: var(--rest-text);
  font-size: .8125rem; font-weight: 600; text-align: center; }
ul { margin: 0; padding: 0; list-style: none; }
li { display: flex; align-items: center; gap: .75rem; padding: .75rem 0; border-top: 1px solid var(--line); }
li > div { flex: 1; min-width: 0; }
li small { display: block; color: var(--soft); font-size: .875rem; }
.pins li { flex-wrap: wrap; gap: .25rem .75rem; }
.pins li > div { flex: 1 1 14rem; }
.left { display: inline-block; margin-left: .5em; }
li strong { font-weight: 600; }
.face { flex: none; display: grid; place-items: center; width: 2.25rem; height: 2.25rem; border-radius: 50%;
  background: var(--warn); color: var(--warn-text); font-weight: 700; }
.face.square { border-radius: .6rem; background: var(--rest); color: var(--rest-text); }
.state { padding: .125rem .625rem; border-radius: 1rem; background: var(--rest); color: var(--rest-text);
  font-size: .8125rem; font-weight: 600; }
.state.waiting { background: var(--warn); color: var(--warn-text); }
.state.linked { background: var(--good); color: var(--good-text); }
.state.denied { background: var(--bad); color: var(--bad-text); }
.empty { margin: 0; padding: .75rem 0 1rem; border-top: 1px solid var(--line); }
pre { margin: -.25rem 0 1rem; padding: .75rem; border-radius: .5rem; background: var(--ground);
  border: 1px solid var(--line); white-space: pre-wrap; font: .875rem/1.5 ui-monospace, monospace; }
`;
