/** `npm run draw`: draws the chart for README and docs (light and dark, wide and narrow), for docs/chart.md as Mermaid, and for the live view. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { writeChartPicture } from './chart-picture.ts';
import { drawMermaid, withMermaid } from './draw-mermaid.ts';
import { dark, drawSVG, light } from './draw-svg.ts';

const mermaid = drawMermaid(pinAuthMachine);
mkdirSync('docs/pictures', { recursive: true });
writeFileSync('machines/pin-auth.svg', await drawSVG(pinAuthMachine));
writeFileSync('docs/pictures/pin-auth-dark.svg', await drawSVG(pinAuthMachine, dark));
writeFileSync('docs/pictures/pin-auth-narrow.svg', await drawSVG(pinAuthMachine, light, 'narrow'));
writeFileSync('docs/pictures/pin-auth-narrow-dark.svg', await drawSVG(pinAuthMachine, dark, 'narrow'));
mkdirSync('live-view', { recursive: true });
writeFileSync('live-view/chart-picture.ts', await writeChartPicture(pinAuthMachine));
writeFileSync('docs/chart.md', withMermaid(readFileSync('docs/chart.md', 'utf8'), mermaid));
console.log(mermaid);
