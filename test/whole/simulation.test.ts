import { describe, expect, it, vi } from 'vitest';
import { brokenEngines } from '../../tools/simulate/broken-engines.ts';
import { replayLine, runSeeds, runSignIns, runTabs, shrinkFailure } from '../../tools/simulate/campaign.ts';
import { drawPlan } from '../../tools/simulate/draw-plan.ts';
import { createTally } from '../../tools/simulate/tally.ts';
import { runPlan } from '../../tools/simulate/world.ts';

vi.setConfig({ testTimeout: 180_000 });

/** What a simulation that leaves out would prove nothing about. */
const interesting = [
  ...['authenticated', 'expired pin', 'expired limit', 'idle cancelled', 'idle signedOut'].map(
    (end) => `end ${end}`,
  ),
  ...['PLEX_HTTP', 'PLEX_RATE_LIMITED', 'PLEX_CLIENT_MISMATCH'].map((code) => `end failed ${code}`),
  ...['NETWORK', 'TIMEOUT', 'RATE_LIMITED', 'HTTP', 'BAD_REPLY', 'CLIENT_MISMATCH', 'STORE'].map(
    (code) => `error PLEX_${code}`,
  ),
  ...['reset', 'hang', 'truncated', 'stalled', 'html', 'xml', 'garbage', 'drift', 'lost'].map(
    (fault) => `fault ${fault}`,
  ),
  ...['lostEnd', 'stalledEnd', 'lateEnd', 'lateHalf'].map((fault) => `fault ${fault}`),
  ...['checks', 'open', 'switch'].map((move) => `move ${move}`),
  'way awaitingLink to authenticated',
  ...[400, 401, 403, 404, 408, 422, 425, 498, 500, 502, 503, 504].map((status) => `fault status ${status}`),
  ...['seconds', 'date', 'nonsense', 'nothing'].map((as) => `fault rateLimited for ${as}`),
  'fault status 503 with Retry-After',
  ...[
    'approve in the last second',
    'approve while fetchingToken',
    'approve while idle',
    'approve too late',
  ].map((user) => `user ${user}`),
  'user deny while awaitingLink',
  ...['cancel', 'dispose', 'reload', 'reloadAtOnce', 'signOut', 'start', 'check', 'verify'].flatMap((act) => [
    `move ${act}`,
    `move ${act} as a token comes`,
  ]),
  ...['burst', 'jump', 'sleep frozen', 'sleep due', 'expire', 'resubscribe'].map((move) => `move ${move}`),
  ...['requestingPin', 'awaitingLink', 'fetchingToken', 'authenticated', 'signingOut'].map(
    (status) => `move cancel while ${status}`,
  ),
  ...[
    'other address',
    'idle to fetchingToken',
    'idle to authenticated',
    'fetchingToken to requestingPin',
  ].map((way) => `way ${way}`),
  ...['kept', 'given up: signOut', 'given up: dispose', 'given up: abort', 'given up: fault'].map(
    (fate) => `token ${fate}`,
  ),
  'token kept despite an abort',
  ...['valid', 'rejected', 'unknown'].map((status) => `verification ${status}`),
];

/** Runs the first seeds of a world: each holds, and everything of interest happens in some. */
async function expectNoViolation(
  run: typeof runSeeds | typeof runSignIns | typeof runTabs,
  seeds: number,
  wanted: readonly string[],
  flag = '',
) {
  const tally = createTally();
  const lines: string[] = [];
  await run({
    from: 0,
    seeds,
    tally,
    onFailure: (seed, violation) => lines.push(replayLine(seed, violation, flag)),
  });
  expect(lines).toEqual([]);
  expect(wanted.filter((what) => !tally.counts.has(what))).toEqual([]);
}

describe('the simulation', () => {
  it('finds nothing in a few thousand seeds, in which everything of interest happens', async () => {
    await expectNoViolation(runSeeds, 4000, interesting);
  });

  it('sees signIn settle whatever happens, with a token of Plex’s or a named error', async () => {
    const ends = ['token', 'aborted', 'PLEX_EXPIRED', 'PLEX_HTTP', 'PLEX_STORE'];
    await expectNoViolation(
      runSignIns,
      1500,
      ends.map((end) => `signIn ${end}`),
    );
  });

  it('sees the tabs of a browser agree, and leave nothing behind, whatever each of them lacks', async () => {
    const moves = ['start', 'startInPopup', 'cancel', 'signOut', 'close', 'hide', 'focus', 'closePopup'];
    const wanted = [
      ...moves.map((move) => `tab move ${move}`),
      ...['opening', 'refused', 'unneeded'].map((opening) => `popup ${opening}`),
      ...['authenticated', 'expired', 'failed', 'signingOut'].map((status) => `tab ${status}`),
    ];
    await expectNoViolation(runTabs, 1500, wanted, ' --tabs');
  });

  it('writes the same log for the same seed, whatever ran before', async () => {
    const logOf = async (seed: number) => {
      const log: string[] = [];
      await runPlan(drawPlan(seed), { tally: createTally(), log: (line) => log.push(line) });
      return log;
    };
    const seeds = Array.from({ length: 50 }, (_, index) => 7000 + index);
    const first: string[][] = [];
    for (const seed of seeds) first.push(await logOf(seed));
    for (const seed of seeds.toReversed()) expect(await logOf(seed)).toEqual(first[seed - 7000]);
    expect(first.flat().length).toBeGreaterThan(500);
  });
});

describe('an engine that is known to be bad', () => {
  it.each(brokenEngines)(
    'and %s is caught by %s, and named in a line that replays it',
    async (_, invariant, createEngine) => {
      const failing = await firstFailure(invariant, createEngine);
      expect(failing?.line).toMatch(
        new RegExp(`^${invariant} at \\d+ ms: .+ \\| npm run simulate -- --seed ${failing?.seed}$`),
      );
    },
  );

  it('is caught by a plan that shrinks to what it takes', async () => {
    const [, invariant, createEngine] = brokenEngines[0] ?? [];
    const failing = await firstFailure(invariant, createEngine);
    if (!failing) throw new Error('not caught');
    const shrunk = await shrinkFailure(drawPlan(failing.seed), failing.violation, createEngine);
    expect(shrunk.moves.flatMap(({ acts }) => acts.map((act) => act.do))).toEqual(['start', 'approve']);
    expect(shrunk.journeys).toEqual([]);
  });
});

type Violation = Parameters<typeof replayLine>[1];

async function firstFailure(
  invariant: string | undefined,
  createEngine: (typeof brokenEngines)[number][2] | undefined,
) {
  for (let seed = 0; seed < 8000; seed++) {
    const violation: Violation | undefined = await runPlan(drawPlan(seed), {
      tally: createTally(),
      createEngine,
    });
    if (violation && violation.invariant === invariant)
      return { seed, violation, line: replayLine(seed, violation) };
  }
  return undefined;
}
