import type { PlexAuthView } from 'plex-auth-flow';

/** Observes how a sign-in copes with a mishap. */
export interface MishapOutcome {
  /** Takes the next view, and the time in milliseconds. */
  note(view: PlexAuthView, nowMs: number): void;
  /** What happened so far, with the last waits that were measured; empty if nothing did. */
  readonly text: string;
  /** How many errors came. */
  readonly errors: number;
  /** After how many of them Plex was asked again. */
  readonly waits: number;
  /** How many requests for the token were answered, with an error or not. */
  readonly answers: number;
}

/** As many as there is room for. */
const shownWaits = 4;

/** @param first The view when the mishap began. */
export function createMishapOutcome(first: PlexAuthView): MishapOutcome {
  const code = codeOf(first);
  let lastError = errorOf(first);
  let failedAtMs: number | undefined;
  let lastStatus = first.status;
  let answers = 0;
  const errors: string[] = [];
  const waits: string[] = [];
  let end = '';

  return {
    note(view, nowMs) {
      const error = errorOf(view);
      if (view.status === 'fetchingToken' && failedAtMs !== undefined) {
        waits.push(`${((nowMs - failedAtMs) / 1000).toFixed(1)} s`);
        failedAtMs = undefined;
      }
      if (error && error !== lastError) {
        errors.push(error.code);
        failedAtMs = nowMs;
      }
      if (lastStatus === 'fetchingToken' && view.status !== lastStatus) answers += 1;
      lastStatus = view.status;
      lastError = error;
      end = endOf(view, code);
    },
    get errors() {
      return errors.length;
    },
    get waits() {
      return waits.length;
    },
    get answers() {
      return answers;
    },
    get text() {
      const what = [...new Set(errors)].join(', ');
      return [
        errors.length > 0 && `${what}${errors.length > 1 ? ` × ${errors.length}` : ''}.`,
        waits.length > 0 && `Asked again after ${waits.slice(-shownWaits).join(', then ')}.`,
        (waits.length > 0 || errors.length === 0) && end,
      ]
        .filter(Boolean)
        .join(' ');
    },
  };
}

function endOf(view: PlexAuthView, code: string | undefined): string {
  if (view.status === 'authenticated') return 'Signed in.';
  const now = codeOf(view);
  if (now === undefined || errorOf(view)) return '';
  return now === code ? '' : 'A new code came without a click.';
}

function codeOf(view: PlexAuthView): string | undefined {
  return 'code' in view ? view.code : undefined;
}

function errorOf(view: PlexAuthView) {
  return 'lastError' in view ? view.lastError : undefined;
}
