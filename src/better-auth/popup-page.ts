import { answerPage } from '../server/answers.ts';
import { popupChannel } from './protocol.ts';

/** The page on which a popup ends: it reports to the page that opened it, and closes itself. */
export function showPopupPage(): Response {
  const nonce = crypto.randomUUID();
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Plex</title></head>
<body><p role="status">You may close this window.</p><script nonce="${nonce}">
try {
  const query = new URLSearchParams(location.search);
  const channel = new BroadcastChannel(${JSON.stringify(popupChannel)});
  channel.postMessage({ id: query.get('id'), error: query.get('error') });
  channel.close();
} catch {}
window.close();
</script></body></html>
`;
  return answerPage(html, `script-src 'nonce-${nonce}'`);
}
