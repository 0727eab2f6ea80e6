const returnKey = 'plex-auth-flow.returning';

/** Notes that this tab goes to the consent page and will come back. It holds nothing of the sign-in. */
export function markReturn(page: Window, flowKey: string): void {
  inSession(page, (session) => session.setItem(returnKey + flowKey, '1'));
}

/** Whether Plex has just sent the user back to this page. Answers true once. */
export function takeReturnMark(page: Window | undefined, flowKey: string): boolean {
  const mark = inSession(page, (session) => {
    const found = session.getItem(returnKey + flowKey);
    session.removeItem(returnKey + flowKey);
    return found;
  });
  return mark === '1';
}

/** Without the mark the sign-in is resumed all the same, at its ordinary pace. */
function inSession<T>(page: Window | undefined, use: (session: Storage) => T): T | undefined {
  try {
    return page && use(page.sessionStorage);
  } catch {
    return undefined;
  }
}
