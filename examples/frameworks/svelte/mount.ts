import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { mount as put, unmount } from 'svelte';
import SignIn from './sign-in.svelte';

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  const app = put(SignIn, { target: root, props: { auth } });
  return () => void unmount(app);
}
