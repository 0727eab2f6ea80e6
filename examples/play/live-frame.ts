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

/** Starts a sign-in by itself, so that a newcomer sees the chart move. It opens nothing: the code is for the emulator. */
export async function playFirstBeat(tag: Tag): Promise<void> {
  while (!tag.auth) await sleep(50);
  const { auth } = tag;
  await sleep(firstBeatMs);
  const view = auth.getSnapshot();
  const isUntouched = view.status === 'idle' && view.reason === undefined;
  if (isUntouched && tag.mode === 'code') auth.start();
}

export function wantsNoMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * Shows the way taken once more, unless the user wants no motion.
 *
 * @param isSignedIn Whether the sign-in is where it was when this was called. If not, there is no end to replay.
 */
export async function replayChart(frame: HTMLIFrameElement, isSignedIn: () => boolean): Promise<void> {
  if (wantsNoMotion()) return;
  // On a busy machine the chart is late, and what it has yet to show would end a replay.
  while (isSignedIn() && !hasLit(frame, 'authenticated')) await sleep(100);
  await sleep(replayAfterMs);
  const button = frame.contentDocument?.querySelector<HTMLButtonElement>('.replay');
  if (isSignedIn() && button?.textContent === 'Replay') button.click();
}

function hasLit(frame: HTMLIFrameElement, state: string): boolean {
  const picture = frame.contentDocument?.querySelector('.chart [role=img]');
  return picture?.getAttribute('aria-label')?.endsWith(`: ${state}`) ?? false;
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
