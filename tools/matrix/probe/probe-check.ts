/** The probe tries the package wherever it is put: it knows no runtime, only what every one of them must have. */
import type { Cell } from '../check.ts';

/** What the probe is told of its surroundings. */
export interface ProbeWorld {
  /** Where the server of the probe is asked for emulators. */
  readonly controlURL: string;
  /** What Node found: a drive must have the same timeline everywhere. */
  readonly timelines: Readonly<Record<string, string>>;
  /** A folder that may be written to. Absent where there are no files. */
  readonly folder?: string;
}

/** One thing to try. It throws where that does not hold. */
export interface ProbeCheck {
  readonly subject: string;
  readonly check: string;
  run(world: ProbeWorld): unknown;
}

/** How long one check may take, in milliseconds, unless it is told. */
const longestMs = 20_000;
/** How many checks run at once: most of their time is waiting. */
const mostAtOnce = 8;

/** Runs every check. It never rejects. @param limitMs How long one may take. */
export async function runChecks(
  checks: readonly ProbeCheck[],
  world: ProbeWorld,
  limitMs = longestMs,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  const left = [...checks.entries()];
  const runNext = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      cells[next[0]] = await runCheck(next[1], world, limitMs);
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, runNext));
  return cells;
}

async function runCheck(
  { subject, check, run }: ProbeCheck,
  world: ProbeWorld,
  limitMs: number,
): Promise<Cell> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([run(world), limit]);
    return { subject, check, result: 'pass' };
  } catch (error) {
    return { subject, check, result: 'fail', detail: toLine(error) };
  } finally {
    clearTimeout(timer);
  }
}

function toLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause ? ` (${toLine(error.cause)})` : '';
  return `${error.name}: ${error.message}${cause}`.replace(/\s+/g, ' ').slice(0, 300);
}

/** @throws {Error} Where two values differ, as JSON. */
export function expectEqual(found: unknown, wanted: unknown): void {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`found ${one}, not ${other}`);
}

/** @throws {Error} Where `holds` is false. */
export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** What a promise rejects with. @throws {Error} Where it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<{ code?: string; name?: string }> {
  const value = await promise.then(
    (given) => ({ given }),
    (error: unknown) => ({ error }),
  );
  if ('error' in value) return Object(value.error);
  throw new Error(`resolved with ${JSON.stringify(value.given)}, and should reject`);
}
