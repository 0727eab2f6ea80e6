import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { render } from 'solid-js/web';
import { SignIn } from './sign-in.ts';

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  return render(() => SignIn({ auth }), root);
}
