/** @jsxImportSource preact */
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { render } from 'preact';
import { SignIn } from './sign-in.tsx';

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  render(<SignIn auth={auth} />, root);
  return () => render(null, root);
}
