/** What the playground does by itself, and with the live view in its frame. */
import type { PlexAuth } from 'plex-auth-flow';

/** After the page has been seen. */
const firstBeatMs = 900;
/** After the chart has come to its end. */
const replayAfterMs = 2200;

interface Tag {
  readonly auth: PlexAuth | undefined;
  readonly mode: string;
}

/**
 * Starts a sign-in by itself, so that a newcomer sees the chart move. It opens nothing: the code is for the emulator.
 *
 * @returns The engine of the tag, as soon as it has one.
 */
export async function playFirstBeat(tag: Tag): Promise<PlexAuth> {
  while (!tag.auth) await sleep(50);
  const { auth } = tag;
  void sleep(firstBeatMs).then(() => {
    const view = auth.getSnapshot();
    const isUntouched = view.status === 'idle' && view.reason === undefined;
    if (isUntouched && tag.mode === 'code') auth.start();
  });
  return auth;
}

/** Shows the way taken once more, unless the user wants no motion. */
export function replayChart(frame: HTMLIFrameElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  setTimeout(() => {
    const button = frame.contentDocument?.querySelector<HTMLButtonElement>('.replay');
    if (button?.textContent === 'Replay') button.click();
  }, replayAfterMs);
}

/** Presses the live view's button. Returns whether the browser let it copy. */
export async function copyAsTest(frame: HTMLIFrameElement): Promise<boolean> {
  const button = frame.contentDocument?.querySelector<HTMLButtonElement>('.copy');
  const focused = document.activeElement as HTMLElement | null;
  // Only a frame that has the focus may use the clipboard.
  frame.contentWindow?.focus();
  button?.click();
  await sleep(300);
  focused?.focus();
  return button?.textContent === 'Copied';
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
