/** One plausible flaw of a Plex sign-in, as a change to the real code. */
export interface Mutant {
  /** What is wrong, as a user or another project's issue would say it. */
  readonly flaw: string;
  readonly file: string;
  /** Text of the file that occurs once, and what takes its place. */
  readonly find: string;
  readonly replace: string;
  /** The test file that names this flaw, and must turn red. */
  readonly namedIn: string;
  /** The test in that file which must turn red, as it is written there. Default: any. */
  readonly test?: string;
}

/** A flaw that removes a defence of SECURITY.md. */
export interface ThreatMutant extends Mutant {
  /** The first cell of the row, which says what an attacker can do; its beginning, if that is long. */
  readonly threat: string;
  /** A test that the row names. */
  readonly test: string;
}
