/** The style of the emulator's pages. */
export const pageStyles = `
:root { --ground: #eef0f3; --card: #fff; --text: #16191d; --soft: #5a626d; --line: #d5dae0; --accent: #f0b429;
  --warn: #fff3d6; --warn-text: #6b4400; --good: #dcf5e3; --good-text: #0f5128; --bad: #fde4e1; --bad-text: #8a1f11; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171b; --card: #1f2328; --text: #f2f4f6; --soft: #a3acb7; --line: #363d45; --warn: #3b2e10;
    --warn-text: #ffd98a; --good: #12331d; --good-text: #9be7b4; --bad: #43191a; --bad-text: #ffb4ab; }
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
select { width: 100%; padding: .375rem .5rem; border: 1px solid var(--soft); border-radius: .5rem;
  background: var(--ground); color: inherit; font: inherit; }
dt label { margin: 0; font-weight: inherit; }
main.wide { width: min(48rem, 100% - 2rem); margin-block: 2rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; }
.count { margin-left: .25rem; color: var(--soft); font-weight: 400; }
ul { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .75rem; }
li { display: flex; flex-wrap: wrap; gap: .125rem .75rem; align-items: baseline; padding: .75rem 1rem; }
li + li { border-top: 1px solid var(--line); }
li .name { flex: 1 1 12rem; min-width: 0; }
li small { flex: 1 0 100%; color: var(--soft); }
.state { padding: 0 .625rem; border-radius: 1rem; background: var(--ground); color: var(--soft); font-size: .875rem; }
.state.waiting { background: var(--warn); color: var(--warn-text); }
.state.linked { background: var(--good); color: var(--good-text); }
.state.denied { background: var(--bad); color: var(--bad-text); }
.empty { margin: 0; padding: 1rem; border: 1px dashed var(--line); border-radius: .75rem; }
a { color: inherit; text-underline-offset: .2em; }
a.button { display: inline-block; min-height: 2.75rem; padding: .5rem 1rem; border: 1px solid var(--soft); border-radius: .5rem;
  text-decoration: none; }
:is(button, input, select, a):focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
input[aria-invalid=true] { border-color: var(--bad-text); }
.problem { margin: .5rem 0 0; padding: .75rem; border-radius: .5rem; background: var(--bad); color: var(--bad-text); }
@media (max-width: 30rem) { main { padding: 1.25rem; } }
.warning { margin: 1rem 0 0; padding: .75rem; border-radius: .5rem; background: var(--warn); color: var(--warn-text); }
`;
