/** What the matrix asks of everyone who adds an environment to it. */

/** The tables of docs/where-it-runs.md, in their order there. */
export const tables = ['runtimes', 'test environments', 'browsers', 'bundlers', 'types'] as const;

/** Whether one thing works in one environment. */
export interface Cell {
  /** The column of the table. Cells of one subject are counted together. */
  readonly subject: string;
  /** A sentence in the present tense that says what holds, such as `signs in over a socket`. */
  readonly check: string;
  readonly result: 'pass' | 'fail';
  /** Why it failed: one line. */
  readonly detail?: string;
  /** What was measured, to stand in the table instead of a count, such as `31.2 kB`. For a subject of one cell. */
  readonly figure?: string;
}

/** What a check found. */
export interface Report {
  readonly cells: readonly Cell[];
  /** What took part, by name, such as `{ Deno: '2.9.6' }`. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Tries the built package in one environment. */
export interface Check {
  /** In kebab-case, unique: the name of its file in tools/matrix/results, and of its argument to `npm run matrix`. */
  readonly name: string;
  readonly table: (typeof tables)[number];
  /** The row of the table, such as `Node 22`. */
  readonly environment: string;
  /**
   * The folder with the package.json and the package-lock.json of what it needs. Checks may share one. It must list the
   * peers and dependencies of plex-auth-flow too.
   */
  readonly packages: string;
  /** What a user has to know there: a sentence below the table. */
  readonly note?: string;
  /** The columns of its row. A subject without a cell in the report fails: nothing is skipped. */
  readonly subjects: readonly string[];
  /**
   * Runs it.
   *
   * @param scratch A folder in which `packages` is installed, and plex-auth-flow as `npm pack` makes it. What a check writes
   * there belongs in a folder of its own name.
   * @param scope.isQuick Whether it is for CI: then a few of its cells are enough.
   * @throws What keeps the check from running. The command then fails: an environment is never skipped.
   */
  run(scratch: string, scope: { readonly isQuick: boolean }): Promise<Report>;
}
