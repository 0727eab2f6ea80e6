import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { SignIn } from './sign-in.ts';

customElements.define('my-sign-in', SignIn);

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  const element = new SignIn(auth);
  root.append(element);
  return () => element.remove();
}
