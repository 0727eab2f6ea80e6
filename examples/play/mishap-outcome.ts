import type { PlexAuthView } from 'plex-auth-flow';

/** Observes how a sign-in copes with a mishap. */
export interface MishapOutcome {
  /** Takes the next view, and the time in milliseconds. */
  note(view: PlexAuthView, nowMs: number): void;
  /** What happened so far, with the waits that were measured; empty if nothing did. */
  readonly text: string;
}

/** @param first The view when the mishap began. */
export function createMishapOutcome(first: PlexAuthView): MishapOutcome {
  const code = codeOf(first);
  let lastError = errorOf(first);
  let failedAtMs: number | undefined;
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
      lastError = error;
      end = endOf(view, code);
    },
    get text() {
      const what = [...new Set(errors)].join(', ');
      return [
        errors.length > 0 && `${what}${errors.length > 1 ? ` × ${errors.length}` : ''}.`,
        waits.length > 0 && `Asked again after ${waits.join(', then ')}.`,
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
