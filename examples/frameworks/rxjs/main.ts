import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { statusOf } from './status-of.ts';

const auth = createBrowserPlexAuth({ product: 'My App' });
const find = (selector: string) => document.querySelector(selector) as HTMLElement;

statusOf(auth).subscribe((status) => {
  find('[role=status]').textContent = status;
});
find('button').addEventListener('click', auth.startInPopup);
