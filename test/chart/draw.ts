/** `npm run draw`: draws the chart into machines/pin-auth.svg and, as Mermaid, into the README. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { drawMermaid, drawSVG, withMermaid } from './draw-chart.ts';

const mermaid = drawMermaid(pinAuthMachine);
writeFileSync('machines/pin-auth.svg', await drawSVG(pinAuthMachine));
writeFileSync('README.md', withMermaid(readFileSync('README.md', 'utf8'), mermaid));
console.log(mermaid);
