// Must come first: the examples' bundler does not run Angular's compiler, so the browser compiles the templates.
import '@angular/compiler';
import { createApplication } from '@angular/platform-browser';
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { plexAuth, SignIn } from './sign-in.ts';

export function mount(root: HTMLElement, auth: BrowserPlexAuth): () => void {
  const host = root.appendChild(document.createElement('app-sign-in'));
  const app = createApplication({ providers: [{ provide: plexAuth, useValue: auth }] });
  void app.then((ready) => ready.bootstrap(SignIn, host));
  return () => void app.then((ready) => ready.destroy());
}
