import type { Realm } from './clipboard-and-download.ts';
import { make } from './dom.ts';

/** The name of each colour, and its values in light and in dark mode. */
const palette = [
  ['ground', '#f4f4f6', '#101216'],
  ['card', '#fff', '#1b1d22'],
  ['text', '#17181c', '#f3f4f6'],
  ['muted', '#595c66', '#a9adb9'],
  ['line', '#dfe0e5', '#363a44'],
  ['faint', '#b9bcc6', '#4b505c'],
  /** Lines of the chart, with a contrast of 3 to the card. */
  ['wire', '#838894', '#767c8a'],
  ['accent-line', '#b57700', '#f0b429'],
  ['accent-text', '#8a5a00', '#f0b429'],
  ['tint', '#fdf1d6', '#3a2e10'],
  ['good', '#1a7a48', '#4cc38a'],
  ['good-tint', '#dcf3e6', '#123524'],
  ['bad', '#b3261e', '#ff9a8f'],
  ['bad-tint', '#fbe4e2', '#3d1d1a'],
  ['fault', '#b96a63', '#b5736e'],
] as const;

const colors = (choose: (light: string, dark: string) => string) =>
  `:root{${palette.map(([name, light, dark]) => `--${name}:${choose(light, dark)}`).join(';')}}`;

/** Browsers before 2024 have no `light-dark()` and show the light colours. */
const styles = `${colors((light) => light)}
@supports (color:light-dark(red,red)){${colors((light, dark) => `light-dark(${light},${dark})`)}}
:root{--accent:#e5a00d;--on-accent:#1d1400;--radius:14px;color-scheme:light dark;background:var(--ground)}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;color:var(--text);background:var(--ground);font:15px/1.45 system-ui,sans-serif}
#live-view{display:grid;gap:12px;max-inline-size:96rem;min-block-size:100vh;min-block-size:100dvh;margin:0 auto;padding:16px;grid-template:auto auto auto minmax(15rem,1fr) auto/minmax(0,1fr)}
.card{contain:layout style;background:var(--card);border:1px solid var(--line);border-radius:var(--radius)}
.heard{position:absolute;inline-size:1px;block-size:1px;margin:0;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{display:flex;flex-wrap:wrap;align-items:center;gap:8px}
header .which{display:flex;flex:1;gap:8px;align-items:center;min-inline-size:0;min-block-size:36px}
.which select{flex:0 1 auto;min-inline-size:0;margin-inline-start:auto}
h1{margin:0;font-size:17px;font-weight:650;letter-spacing:-.01em;white-space:nowrap}
h1::before{content:'';display:inline-block;inline-size:9px;block-size:9px;margin-inline-end:9px;border:3px solid var(--accent);border-radius:50%;vertical-align:0}
button,select{min-block-size:36px;padding:0 12px;color:var(--text);background:var(--card);border:1px solid var(--line);border-radius:9px;font:inherit;font-size:14px;cursor:pointer;touch-action:manipulation}
select{padding-inline:8px;max-inline-size:100%}
[data-widest]{display:inline-grid;justify-items:start}
[data-widest]::after{content:attr(data-widest);block-size:0;overflow:hidden;visibility:hidden;white-space:nowrap}
button[aria-disabled=true]{color:var(--muted);cursor:default;opacity:.55}
button:not([aria-disabled=true]):hover,select:hover{border-color:var(--faint)}
button.quiet{display:inline-flex;align-items:center;gap:7px}
.glyph{inline-size:17px;block-size:17px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
:focus{outline:none}
:focus-visible{outline:3px solid var(--accent-text);outline-offset:2px}
.status{container-type:inline-size;position:relative;display:grid;grid-template-columns:auto minmax(0,1fr);gap:4px 16px;align-items:center;padding:16px 18px 18px;overflow:hidden}
.badge{display:grid;place-items:center;position:relative;inline-size:62px;block-size:62px;color:var(--muted)}
.badge>*{grid-area:1/1}
.badge .glyph{inline-size:26px;block-size:26px}
.badge .left{font-size:15px;font-variant-numeric:tabular-nums;color:var(--text)}
.badge.timed .glyph{display:none}
.ring{inline-size:100%;block-size:100%;transform:rotate(-90deg);fill:none;stroke-width:3.5;stroke-linecap:round}
.track{stroke:var(--line)}
.arc{stroke:var(--accent);opacity:0;stroke-dasharray:0 2}
.timed .arc{opacity:1;transition:stroke-dasharray .6s linear}
[data-tone=good] .badge{color:var(--good)}
[data-tone=bad] .badge{color:var(--bad)}
:is([data-tone=good],[data-tone=bad]) .track{stroke:currentColor}
.notice{display:grid;min-block-size:100vh;min-block-size:100dvh;padding:16px;place-items:center}
.notice .card{max-inline-size:34rem;padding:24px 28px;overflow-wrap:anywhere}
.notice h1{font-size:20px;white-space:normal;text-wrap:balance}
.notice p{margin:12px 0 0;color:var(--muted)}
.notice pre{margin:8px 0 0;padding:10px 12px;background:var(--ground);border:1px solid var(--line);border-radius:9px;white-space:pre-wrap;font:14px/1.5 ui-monospace,monospace}
h2{margin:0;font-size:19px;font-weight:650;line-height:1.2;letter-spacing:-.01em;text-wrap:balance}
.status .text{margin:3px 0 0;min-block-size:2.9em;color:var(--muted);font-size:14px}
.notes{display:flex;flex-wrap:wrap;align-content:start;gap:4px 6px;grid-column:1/-1;block-size:77px;margin:6px 0 0;padding:0;overflow:hidden;list-style:none}
.status .words{display:grid;align-content:center}
@container (max-width:23rem){.status .words{min-block-size:90px}
.notes{block-size:104px}}
.notes li{padding:1px 9px;border:1px solid var(--line);border-radius:99px;color:var(--muted);font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
.notes li.bad{color:var(--bad);background:var(--bad-tint);border-color:transparent}
.wait{position:absolute;inset:auto 0 0;block-size:3px;overflow:hidden;opacity:0}
.wait.on{opacity:1}
.bar{block-size:100%;background:var(--accent);transform-origin:0 50%;transition:transform .12s linear}
.chart{position:relative;display:grid;grid-template:minmax(0,1fr)/minmax(0,1fr);place-items:center;min-block-size:0;padding:10px}
.chart svg{inline-size:100%;block-size:100%;max-inline-size:26rem;max-block-size:46rem;overflow:visible;font-family:Helvetica,Arial,'DejaVu Sans Condensed',system-ui,sans-serif;font-size:12px}
.chart svg.wide{display:none;max-inline-size:72rem;max-block-size:none}
.chart .replay{position:absolute;inset-block-start:8px;inset-inline-end:8px;min-block-size:32px;padding-inline:9px;font-size:13px}
.chart .replay .glyph{position:static;inline-size:15px;block-size:15px}
.chart.replaying .replay{color:var(--accent-text);border-color:var(--accent-text)}
.chart rect{fill:var(--card);stroke:var(--wire);stroke-width:1.5}
.chart .box>rect{fill:var(--ground)}
.chart svg text{fill:var(--muted)}
.chart [data-state] text{text-anchor:middle}
.chart .name{font-weight:600}
.chart svg .name{fill:var(--text)}
.chart [data-state] .name{font-size:14px}
.chart .title text{font-size:13px;font-weight:600}
.chart svg .title.usual text{fill:var(--accent-text)}
.chart svg .title.end text{fill:var(--bad)}
.chart [data-ways] text{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.chart svg path{fill:none;stroke:var(--wire);stroke-width:1.5}
.chart polygon,.chart circle{fill:var(--wire);stroke:none}
.chart svg .usual path{stroke-width:4}
.chart svg .end path{stroke:var(--fault)}
.chart .end polygon{fill:var(--fault)}
.chart .end>rect{stroke:var(--fault)}
.chart svg .rule{stroke:var(--line);stroke-width:1}
.chart rect,.chart svg text{transition:fill .35s,stroke .35s}
.chart .in>rect{stroke:var(--accent-line);stroke-width:1.75}
.chart .on>rect{fill:var(--tint);stroke:var(--accent-line);stroke-width:2.75}
.chart [data-state$=authenticated].on>rect{fill:var(--good-tint);stroke:var(--good)}
.chart :is([data-state$=expired],[data-state$=failed]).on>rect{fill:var(--bad-tint);stroke:var(--bad)}
.chart svg .lit path{stroke:var(--accent-line);stroke-width:3;stroke-dasharray:1 0;animation:trace .3s ease-out backwards;animation-delay:calc(var(--turn)*.3s)}
.chart svg .lit .usual path{stroke-width:5}
.chart .lit polygon,.chart .lit circle{fill:var(--accent-line);animation:appear .15s .2s ease-out backwards;animation-delay:calc(var(--turn)*.3s + .2s)}
.chart svg .covered text{visibility:hidden}
.chart svg .lit text{fill:var(--accent-text);font-weight:650}
.chart svg .lit .end path{stroke:var(--bad)}
.chart .lit .end polygon,.chart svg .lit .end text{fill:var(--bad)}
.chart svg .legend.taken :is(text,tspan){fill:var(--accent-text);font-weight:650}
@keyframes trace{from{stroke-dasharray:0 1}}
@keyframes appear{from{opacity:0}}
.log{display:grid;grid-template-rows:auto auto minmax(0,1fr);min-block-size:0;overflow:hidden}
.chips{display:flex;flex-wrap:wrap;gap:5px;min-block-size:51px;align-content:start;padding:10px 12px;border-block-end:1px solid var(--line)}
.chip{position:relative;min-block-size:30px;padding:0 9px 0 17px;border-radius:99px;color:var(--muted);background:none;font-size:13px}
.chip[aria-pressed=true]{color:var(--text);background:var(--ground);border-color:var(--faint)}
.chip[aria-pressed=true]::before{content:'✓';content:'✓'/'';position:absolute;inset-inline-start:5px;color:var(--accent-text);font-size:11px;font-weight:700;line-height:1.75}
.lost{margin:0;padding:6px 14px;color:var(--muted);background:var(--ground);border-block-end:1px solid var(--line);font-size:13px}
.timeline{position:relative;min-block-size:0;grid-row:3}
.rows{position:absolute;inset:0;overflow:hidden auto;overscroll-behavior:contain;scrollbar-width:thin;contain:strict}
.rows:focus-visible{outline-offset:-3px;border-radius:0 0 var(--radius) var(--radius)}
.space{position:relative;min-block-size:100%}
.row{--gap:9px;position:absolute;inset:0 0 auto;display:grid;grid-template-columns:4.3rem calc(14px + 2*var(--gap)) minmax(0,1fr) auto auto;align-items:center;block-size:32px;padding-inline:12px;font-size:13.5px;cursor:pointer}
.row:hover{background:var(--ground)}
.row[aria-selected=true]{background:var(--tint)}
.row .time{color:var(--muted);font-size:12.5px;font-variant-numeric:tabular-nums;text-align:end}
.row .words{display:flex;gap:.45em;min-inline-size:0;overflow:hidden;white-space:nowrap}
.row .mark{margin-inline:var(--gap)}
.row .title{overflow:hidden;text-overflow:ellipsis}
.row .target{flex:none;font-weight:600}
.row .target:not(:empty)::before{content:'→ ';color:var(--muted);font-weight:400}
.row.step .title{color:var(--muted)}
.row .side:not(:empty){margin-inline-start:var(--gap)}
.row .side{color:var(--muted);font-size:12.5px;font-variant-numeric:tabular-nums;white-space:nowrap}
.row .fold{inline-size:24px;block-size:32px;margin-inline-end:-8px;line-height:32px;text-align:center;color:var(--muted)}
.row .fold[hidden]{display:none}
.row.bad :is(.side,.target){color:var(--bad)}
.row.request.bad .title{color:var(--bad)}
.row.good .target{color:var(--good)}
.row.dim :is(.title,.target,.side){color:var(--muted);font-weight:400}
.mark{position:relative;block-size:32px}
.mark::before{content:'';position:absolute;inset:0 auto;inset-inline-start:6px;inline-size:2px;background:var(--line)}
.mark::after{content:'';position:absolute;inset-block-start:11px;inset-inline-start:2px;inline-size:10px;block-size:10px;border:2px solid var(--faint);border-radius:50%;background:var(--card)}
.row:hover .mark::after{background:var(--ground)}
.step .mark::after{border-color:var(--accent);background:var(--accent)}
.step.good .mark::after{border-color:var(--good);background:var(--good)}
.step.bad .mark::after,.event.bad .mark::after{border-color:var(--bad);background:var(--bad)}
.request .mark::after{border-radius:2px;transform:rotate(45deg) scale(.8)}
.request.bad .mark::after{border-color:var(--bad)}
.request.out .mark::after{border-color:var(--accent);animation:breathe .6s ease-in-out 5 alternate forwards}
.polls .mark::after{inset-block-start:6px;block-size:20px;border-color:var(--accent);border-radius:6px}
.dim .mark::after{border-color:var(--line);background:var(--line);transform:scale(.6)}
@keyframes breathe{to{background:var(--accent)}}
.newest{position:absolute;inset:auto 0 12px;inline-size:max-content;margin:0 auto;min-block-size:32px;border-radius:99px;color:var(--on-accent);background:var(--accent);border-color:transparent;font-weight:600;box-shadow:0 4px 16px #0003}
.scrubber{display:flex;align-items:center;gap:6px;padding:8px 10px}
.icon{display:grid;place-items:center;inline-size:36px;padding:0;border-color:transparent;background:none}
.icon span{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.icon .glyph{inline-size:20px;block-size:20px}
input[type=range]:disabled{opacity:.4;cursor:default}
input[type=range]{flex:1;min-inline-size:0;block-size:36px;margin:0 6px;background:none;appearance:none;cursor:pointer}
input[type=range]::-webkit-slider-runnable-track{block-size:4px;border-radius:2px;background:linear-gradient(to right,var(--accent) calc(var(--share,1)*100%),var(--line) 0)}
input[type=range]::-webkit-slider-thumb{appearance:none;inline-size:18px;block-size:18px;margin-block-start:-7px;border:4px solid var(--card);border-radius:50%;background:var(--accent);box-shadow:0 0 0 1.5px var(--accent)}
input[type=range]::-moz-range-track{block-size:4px;border-radius:2px;background:var(--line)}
input[type=range]::-moz-range-progress{block-size:4px;border-radius:2px;background:var(--accent)}
input[type=range]::-moz-range-thumb{inline-size:12px;block-size:12px;border:4px solid var(--card);border-radius:50%;background:var(--accent);box-shadow:0 0 0 1.5px var(--accent)}
.moment{min-inline-size:4.5rem;color:var(--muted);font-size:13px;font-variant-numeric:tabular-nums;text-align:end}
.live{display:inline-flex;align-items:center;gap:7px;border-radius:99px;font-weight:600;white-space:nowrap}
.live::before{content:'';inline-size:8px;block-size:8px;border-radius:50%;background:var(--faint)}
.live[aria-pressed=true]::before{background:var(--good);animation:breathe-live 1s ease-in-out 4 alternate}
.live.ended[aria-pressed=true]::before{background:var(--faint);animation:none}
.live[aria-pressed=false]{color:var(--on-accent);background:var(--accent);border-color:transparent}
.live[aria-pressed=false]::before{background:var(--on-accent)}
@keyframes breathe-live{to{opacity:.4}}
@media (max-width:36rem){.which.several h1{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
.which.several select{margin-inline-start:0}}
@media (max-width:42rem),(min-width:42rem) and (max-height:46rem){.scrubber{flex-wrap:wrap}
.scrubber .live{margin-inline-start:auto}
.scrubber .moment{order:-1}
input[type=range]{flex-basis:calc(100% - 6rem);order:-1}}
@media (max-width:27rem){.moment{display:none}
input[type=range]{flex-basis:100%}
header .which{flex-basis:100%}
header .quiet{padding-inline:10px}
header .glyph{display:none}
.status{padding-inline:14px}
.chips{gap:5px;padding-inline:10px}
.chip{padding-inline:16px 8px;font-size:12.5px}
.row{grid-template-columns:3.6rem calc(14px + 2*var(--gap)) minmax(0,1fr) auto auto;--gap:7px;padding-inline:10px;font-size:13px}
.row .time{font-size:12px}
.row .side{font-size:12px}
#live-view{padding:12px}}
@media (min-width:42rem){#live-view{block-size:100vh;block-size:100dvh;min-block-size:34rem;grid-template:auto auto minmax(0,1fr) auto/minmax(0,1fr) clamp(20rem,46%,27rem)}
header,.scrubber{grid-column:1/-1}
.status{grid-area:2/2}
.chart{grid-area:2/1/4/1}
.log{grid-area:3/2}}
@media (min-width:42rem) and (max-width:76rem) and (max-height:46rem){#live-view{gap:8px 10px;padding:10px}
.chart{grid-row:1/5;padding:6px}
header,.scrubber{grid-column:2}
header{gap:5px}
header .quiet{padding-inline:7px;font-size:12.5px}
header .glyph{display:none}
.which.several h1{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
.which.several select{margin-inline-start:0}
h1{font-size:15px}
h1::before{margin-inline-end:7px}}
@media (min-width:76rem) and (max-height:46rem){.chart{grid-row-end:5}
.scrubber{grid-column:2}}
@media (min-width:42rem) and (max-height:46rem){.scrubber{padding-block:4px 6px}
input[type=range]{block-size:22px}}
@media (min-width:42rem) and (max-width:90rem){.chips{gap:5px;padding:8px 10px}
.chip{padding-inline:16px 8px;font-size:12.5px}
.row{grid-template-columns:3.6rem calc(14px + 2*var(--gap)) minmax(0,1fr) auto auto;--gap:7px;padding-inline:10px;font-size:13px}}
@media (min-width:76rem){#live-view{grid-template-columns:minmax(0,1fr) clamp(20rem,27%,27rem)}
.chart svg.wide{display:block}
.chart svg.narrow{display:none}}
@media (prefers-reduced-motion:reduce){*,::before,::after{animation:none!important;transition:none!important}}
@media (forced-colors:active){.chart .on>rect{stroke:Highlight;stroke-width:4}
.chart svg .lit path{stroke:Highlight}
.chart rect,.chart svg path{stroke:CanvasText}
.row[aria-selected=true]{outline:2px solid Highlight;outline-offset:-2px}
.bar{background:Highlight}
.arc{stroke:CanvasText}
.mark::after,.live::before{forced-color-adjust:none}
:focus-visible{outline-color:Highlight}}`;

/**
 * Adds the styles to a document, as a sheet: a strict Content-Security-Policy would refuse a `<style>`.
 *
 * @returns Removes them.
 */
export function addStyles(document: Document): () => void {
  try {
    const { CSSStyleSheet } = document.defaultView as Realm;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  } catch {
    // Safari before 16.4.
    const style = make(document, 'style', {}, styles);
    document.head.append(style);
    return () => style.remove();
  }
}
