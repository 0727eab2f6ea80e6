import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { createApp } from 'vue';
import SignIn from './sign-in.vue';

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  const app = createApp(SignIn, { auth });
  app.mount(root);
  return () => app.unmount();
}
