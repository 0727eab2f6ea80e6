/** The programs that the pages print, with the built package: what they say where Plex does not answer, and at Ctrl-C. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { transform } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownEnvironment } from '../examples/server-process.ts';

const programs = [
  ['README.md', '## In code: one promise'],
  ['docs/without-plex.md', '## A script or a terminal program'],
  ['docs/terminal.md', '## In a terminal program of your own'],
] as const;

/** Each of Plex's hosts is out of reach once, and then says that the request is bad. */
const failing = `const asked = new Set();
globalThis.fetch = async (request) => {
  const { host } = new URL(request.url ?? request);
  if (asked.has(host)) return new Response('{}', { status: 400 });
  asked.add(host);
  throw new TypeError('fetch failed');
};`;
const emulated = `import { createPlexEmulator } from 'plex-auth-flow/testing';
globalThis.fetch = createPlexEmulator().fetch;`;

async function runProgram([page, heading]: readonly [page: string, heading: string], preload: string) {
  const section = readFileSync(page, 'utf8').split(`${heading}\n`)[1] ?? '';
  const [, source = ''] = /```ts\n([\s\S]*?)```/.exec(section) ?? [];
  const { code } = await transform(`${preload}\n${source}`, { loader: 'ts' });
  const program = spawn('node', ['--input-type=module', '--eval', code], {
    env: ownEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void program.kill());
  const ended = once(program, 'exit');
  return { program, ended, said: text(program.stderr.setEncoding('utf8')) };
}

describe.each(programs)('the program of %s', (...place) => {
  it('says at once that Plex did not answer and is asked again, and ends with a sentence', async () => {
    const { ended, said } = await runProgram(place, failing);
    expect(await said).toMatch(
      /^Plex did not answer, trying again\nNot signed in: Plex answered getPin with status 400\n$/,
    );
    expect(await ended).toEqual([1, null]);
  });
});

describe('the terminal program', () => {
  it('prints the link below the picture, and ends with 130 and without a word at Ctrl-C', async () => {
    const { program, ended, said } = await runProgram(programs[2], emulated);
    let shown = '';
    program.stdout.setEncoding('utf8').on('data', (piece) => (shown += piece));
    await expect.poll(() => shown).toMatch(/[█▀▄ ]{20}\nApprove at https:\/\/\S+\n$/);
    program.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(await said).toBe('');
  });
});
