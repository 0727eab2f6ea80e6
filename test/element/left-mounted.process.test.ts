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

  it.each(['open', 'closed'])(
    'ends without an error when its globals go and its window is %s',
    async (ending) => {
      const script = 'test/element/left-mounted/globals-taken.mjs';
      const { stdout } = await run(process.execPath, [script, environment, ending], { env });
      const { errors, statuses } = JSON.parse(stdout) as { errors: string[]; statuses: string[] };
      expect(errors).toEqual([]);
      // A page that is still there shows what comes.
      const shown = ['awaitingLink', 'authenticated', 'awaitingLink', 'authenticated'];
      if (ending === 'open') expect(statuses).toEqual(shown);
    },
  );
});
