/** Notes that this tab goes to the consent page and will come back. It holds nothing of the sign-in. */
export function markReturn(page: Window, name: string, flowKey: string): void {
  inSession(page, (session) => session.setItem(returnKeyOf(name, flowKey), '1'));
}

/** Whether Plex has just sent the user back to this page. Answers true once. */
export function takeReturnMark(page: Window | undefined, name: string, flowKey: string): boolean {
  const key = returnKeyOf(name, flowKey);
  const mark = inSession(page, (session) => {
    const found = session.getItem(key);
    session.removeItem(key);
    return found;
  });
  return mark === '1';
}

function returnKeyOf(name: string, flowKey: string): string {
  return `plex-auth-flow.${name}.returning${flowKey}`;
}

/** Without the mark the sign-in is resumed all the same, at its ordinary pace. */
function inSession<T>(page: Window | undefined, use: (session: Storage) => T): T | undefined {
  try {
    return page && use(page.sessionStorage);
  } catch {
    return undefined;
  }
}
