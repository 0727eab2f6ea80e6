/** The examples of `plex-auth-flow/testing` in the runners of others, against the built package by its name. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { joinRelay, partsOf } from '../fixture/relay-client.ts';

const run = promisify(execFile);
const folder = resolve('examples/testing');
// A runner that finds itself inside vitest, or inside another runner, behaves otherwise.
const { NODE_TEST_CONTEXT: _context, VITEST: _vitest, NODE_OPTIONS: _options, ...env } = process.env;

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const jestEnv = { ...env, NODE_OPTIONS: '--experimental-vm-modules' };

describe('the example', () => {
  it('for node:test runs', async () => {
    const { stdout } = await run('node', ['--test', '--test-reporter=tap', `${folder}/node-test.mjs`], {
      env,
    });
    expect(stdout).toMatch(/^# pass 1$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it.each([[], ['--env', './jsdom-environment.mjs']])('for jest runs by its command: %j', async (...args) => {
    const file = readFileSync(`${folder}/jest.test.mjs`, 'utf8');
    expect(file).toContain(' In this folder: NODE_OPTIONS=--experimental-vm-modules npx jest. */');
    const { stderr } = await run('node', [jest, '--no-cache', ...args], { cwd: folder, env: jestEnv });
    expect(stderr).toMatch(/^Test Suites: 1 passed, 1 total$/m);
    expect(stderr).toMatch(/^Tests: +1 passed, 1 total$/m);
  });

  it('for jest has the configuration that its page shows', () => {
    const config = readFileSync(`${folder}/jest.config.mjs`, 'utf8');
    expect(readFileSync('docs/testing.md', 'utf8')).toContain(`\`\`\`js\n${config}\`\`\`\n`);
  });

  it('of a drive in the live view shows it to those who open it afterwards, with its own times', async ({
    onTestFinished,
  }) => {
    const program = spawn('node', [`${folder}/watch-drive.mjs`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env,
    });
    onTestFinished(() => void program.kill());
    const [line] = await once(program.stdout.setEncoding('utf8'), 'data');
    const { host, key } = partsOf(/http:\S+/.exec(line)?.[0] ?? '');
    const { frames } = joinRelay(host, key);
    await expect.poll(() => JSON.stringify(frames)).toContain('"value":"authenticated"');
    const startMs = Number(frames[1]?.['createdAt']);
    const signedIn = frames.find((frame) => JSON.stringify(frame).includes('"value":"authenticated"'));
    expect(Number(signedIn?.['createdAt']) - startMs).toBe(60_726);
    expect(frames.filter((frame) => frame['sessionId'] === 'plex.tv').length).toBeGreaterThan(80);
  });

  it.each(['vitest.test.ts', 'jest.test.mjs', 'node-test.mjs'])(
    '%s has a test of ten lines or less around its script',
    (file) => {
      const [, body = ''] =
        /async \(\) => \{\n([\s\S]*?)\n\}\);/.exec(readFileSync(`${folder}/${file}`, 'utf8')) ?? [];
      const script = /script: \[\n([\s\S]*?)\n {4}\],/.exec(body)?.[1]?.split('\n').length ?? 0;
      expect(script).toBe(3);
      expect(body.split('\n').length - script).toBeLessThan(10);
    },
  );
});
