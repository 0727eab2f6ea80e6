import type { PlexAuth } from 'plex-auth-flow';
import { toObservable } from 'plex-auth-flow/adapters';
import { distinctUntilChanged, from, map, type Observable } from 'rxjs';

export function statusOf(auth: PlexAuth): Observable<string> {
  return from(toObservable(auth)).pipe(
    map(({ status }) => status),
    distinctUntilChanged(),
  );
}
