const returnKey = 'plex-auth-flow.returning';

/** Notes that this tab goes to the consent page and comes back. Nothing of the flow travels with it. */
export function markReturn(page: Window, kind: string): void {
  inSession(page, (session) => session.setItem(returnKey + kind, '1'));
}

/** Whether this page is the one that Plex sent the user back to. Asked once. */
export function takeReturnMark(page: Window | undefined, kind: string): boolean {
  const mark = inSession(page, (session) => {
    const found = session.getItem(returnKey + kind);
    session.removeItem(returnKey + kind);
    return found;
  });
  return mark === '1';
}

/** Without the mark the flow goes on all the same, at its ordinary pace. */
function inSession<T>(page: Window | undefined, use: (session: Storage) => T): T | undefined {
  try {
    return page && use(page.sessionStorage);
  } catch {
    return undefined;
  }
}
