/** `npm run pictures`: writes the pictures of the docs that need no browser. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { recordTerminal } from './terminal-recording.ts';
import { drawTerminal } from './terminal-svg.ts';
import { drawWire, withWire } from './wire-diagram.ts';

mkdirSync('docs/pictures', { recursive: true });
writeFileSync('docs/pictures/terminal.svg', drawTerminal(await recordTerminal()));
writeFileSync('docs/wire.md', withWire(readFileSync('docs/wire.md', 'utf8'), await drawWire()));
