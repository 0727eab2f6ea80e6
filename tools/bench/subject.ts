/** What the benchmark gives a subject: a server to sign in at, and where to report what came of it. */
export interface SubjectSurroundings {
  /** Answers as plex.tv does, and as an authorization server with the device flow (RFC 8628). Such as `http://127.0.0.1:4123`. */
  readonly origin: string;
  /** How often to ask, where the subject lets its user decide. The device flow's server asks for the same interval. */
  readonly intervalMs: number;
  readonly onToken: (clientIdentifier: string, token: string) => void;
  readonly onError: (clientIdentifier: string, error: unknown) => void;
  /** Reports the outcome of a sign-in that is one promise. */
  readonly follow: (clientIdentifier: string, token: Promise<string>) => void;
}

/** A library, or code written by hand, that waits until its users have approved. */
interface Subject {
  /** Begins one sign-in. Its end is reported to the surroundings. */
  start: (clientIdentifier: string) => void;
  /** Says that the user is back, where the subject has a word for it. */
  check?: (clientIdentifier: string) => void;
}

/** What each file in `peers/subjects/` exports. */
export type CreateSubject = (surroundings: SubjectSurroundings) => Subject;
