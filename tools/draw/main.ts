/** `npm run draw`: draws the chart for the README (light, dark), for docs/chart.md (as Mermaid) and for the live view. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { writeChartPicture } from './chart-picture.ts';
import { drawMermaid, withMermaid } from './draw-mermaid.ts';
import { dark, drawSVG } from './draw-svg.ts';

const mermaid = drawMermaid(pinAuthMachine);
writeFileSync('machines/pin-auth.svg', await drawSVG(pinAuthMachine));
mkdirSync('docs/pictures', { recursive: true });
writeFileSync('docs/pictures/pin-auth-dark.svg', await drawSVG(pinAuthMachine, dark));
mkdirSync('live-view', { recursive: true });
writeFileSync('live-view/chart-picture.ts', await writeChartPicture(pinAuthMachine));
writeFileSync('docs/chart.md', withMermaid(readFileSync('docs/chart.md', 'utf8'), mermaid));
console.log(mermaid);
