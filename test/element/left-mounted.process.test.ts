/** Tests of an application that leave a tag in the page: the end of their page turns no run red. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
// A runner that finds itself inside another one behaves otherwise.
const { VITEST: _vitest, NODE_OPTIONS: _options, ...env } = process.env;

describe.each(['jsdom', 'happy-dom'])('a tag that is left mounted in %s', (environment) => {
  it('ends without an error when its page is taken away', async () => {
    const args = ['run', '--root', 'test/element/left-mounted', '--environment', environment];
    const outcome = await run(join('node_modules', '.bin', 'vitest'), args, { env }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    const text = `${outcome.stdout}${outcome.stderr}`;
    expect(text).not.toMatch(/Unhandled|Uncaught|Errors/);
    expect(text).toMatch(/Test Files .*3 passed/);
    expect(text).toMatch(/Tests .*6 passed/);
  });
});
