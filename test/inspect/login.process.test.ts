/** `plex-auth login --inspect` as a process of its own, and a page that looks on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import { buildOnce, cleanEnv, type Run, runPlexAuth } from '../cli/run-plex-auth.ts';
import { joinRelay, partsOf } from '../fixture/relay-client.ts';

beforeAll(buildOnce, 120_000);

let folder: string;
let runs: Run[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plex-auth-inspect-'));
  runs = [];
});

afterEach(() => {
  for (const { child } of runs) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function login(args: readonly string[], more: Record<string, string> = {}): Run {
  const run = runPlexAuth(['login', '--emulator', ...args], cleanEnv(folder, more));
  runs.push(run);
  return run;
}

/** The page that a run names, once it is there. */
async function look(run: Run) {
  const [, address = ''] = await run.sees(/^Live view: (http:\/\/127\.0\.0\.1:\d+\/#[\w-]{22})$/m);
  const { host, key } = partsOf(address);
  return joinRelay(host, key);
}

it.each([[[]], [['--json']]])('shows the flow to its end, with %j', async (more) => {
  const run = login(['--inspect', '--approve-after', '1', ...more]);
  const page = await look(run);
  expect([await run.ended, await page.closed]).toEqual([0, 'over']);
  const messages = page.frames.slice(1) as unknown as InspectionMessage[];
  const values = messages.flatMap((message) => ('snapshot' in message && message.snapshot.value) || []);
  expect(values[0]).toBe('idle');
  expect(values.at(-1)).toBe('authenticated');
  const requests = messages.flatMap((message) => ('event' in message ? message.event.type : []));
  expect(requests).toContain('200 GET /api/v2/pins/{pinID}');
});

it('prints the address on standard error where standard output is JSON', async () => {
  const { stdout, stderr, ended } = await finish(['--inspect', '--approve-after', '0', '--json']);
  expect(ended).toBe(0);
  expect(stderr).toMatch(/\nLive view: http:\S+\n$/);
  for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('status');
});

it('prints the address as a plain line before anything else happens', async () => {
  const { stdout, stderr } = await finish(['--inspect', '--approve-after', '0']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^Sign in to Plex\nThis is an emulator .+\nLive view: http:\S+\nAsking Plex for a code\n/,
  );
});

it('ends as soon as without it, page or not', async () => {
  const plainMs = (await finish(['--approve-after', '0'])).tookMs;
  const inspectedMs = (await finish(['--inspect', '--approve-after', '0'])).tookMs;
  const run = login(['--inspect', '--approve-after', '0']);
  const page = await look(run);
  await page.nextKey();
  const [, endMs] = [await run.sees(/Signed in/), performance.now()];
  await run.ended;
  expect(inspectedMs - plainMs).toBeLessThan(3000);
  expect(performance.now() - endMs).toBeLessThan(2000);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('is interrupted by %s, and says so to the page', async (signal, code) => {
  const run = login(['--inspect']);
  const page = await look(run);
  await run.sees(/Waiting for you/);
  run.child.kill(signal);
  expect([await run.ended, run.stderr, await page.closed]).toEqual([code, 'Cancelled.\n', 'over']);
  const [last] = page.frames.slice(-1) as unknown as InspectionMessage[];
  expect(last).toMatchObject({ type: '@xstate.snapshot', snapshot: { value: 'idle' } });
});

it('is loaded only where it is asked for', async () => {
  const hooks =
    'export const load = (url, context, next) => (/statelyai|dist.(inspect|relay)/.test(url) && console.error(url), next(url, context));';
  writeFileSync(join(folder, 'hooks.mjs'), hooks);
  const register = "import { register } from 'node:module'; register(new URL('hooks.mjs', import.meta.url));";
  writeFileSync(join(folder, 'trace.mjs'), register);
  const env = { NODE_OPTIONS: `--import=${join(folder, 'trace.mjs')}` };
  expect((await finish(['--approve-after', '0'], env)).stderr).toBe('');
  expect((await finish(['--approve-after', '0', '--inspect'], env)).stderr).toContain('relay.js');
});

async function finish(args: readonly string[], more: Record<string, string> = {}) {
  const startedAtMs = performance.now();
  const run = login(args, more);
  const ended = await run.ended;
  return { ended, stdout: run.stdout, stderr: run.stderr, tookMs: performance.now() - startedAtMs };
}
