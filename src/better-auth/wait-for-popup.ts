import { errorCodes, pageErrorCodes } from './error-codes.ts';
import { type PopupReport, popupChannel } from './protocol.ts';

/** better-auth's cookie of a sign-in lives this long, in milliseconds. */
const longestWaitMs = 300_000;

/**
 * Waits until a popup reports how it went.
 *
 * That it seems closed means nothing: it does so while the user is still there, under Plex's opener policy.
 *
 * @param id Of the call that opened it.
 * @returns What went wrong; undefined if the session is there.
 */
export function waitForPopup(
  id: string,
  signal: AbortSignal | undefined,
): Promise<{ code: string; message?: string } | undefined> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(popupChannel);
    const settle = (error: { code: string; message?: string } | undefined) => {
      channel.close();
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(error);
    };
    const onAbort = () => settle(pageErrorCodes.PLEX_ABORTED);
    const timer = setTimeout(() => settle(pageErrorCodes.PLEX_POPUP_TIMEOUT), longestWaitMs);
    channel.onmessage = ({ data }: MessageEvent<PopupReport | undefined>) => {
      if (data?.id !== id) return;
      settle(typeof data.error === 'string' ? toError(data.error) : undefined);
    };
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) onAbort();
  });
}

function toError(error: string): { code: string; message?: string } {
  const code = error.toUpperCase();
  return code in errorCodes ? errorCodes[code as keyof typeof errorCodes] : { code };
}
