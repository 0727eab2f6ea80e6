import type { Parameters } from 'fast-check';

/**
 * Says how a property is run: from the same seed each time, or from that in `PLEX_AUTH_SEED`.
 *
 * A failure prints fast-check's seed and path; give that seed here to see it again.
 */
export function runsOf<Values>(numRuns: number): Parameters<Values> {
  const seed = Number(process.env['PLEX_AUTH_SEED'] ?? 20261124);
  const factor = Number(process.env['PLEX_AUTH_RUNS'] ?? 1);
  return { seed, numRuns: Math.max(1, Math.round(numRuns * factor)), endOnFailure: false };
}

/** Whether nobody asked for fewer runs. */
export const isFullRun = Number(process.env['PLEX_AUTH_RUNS'] ?? 1) >= 1;
