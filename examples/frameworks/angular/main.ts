// First: the examples' bundler runs no compiler of Angular's, so the templates are compiled in the browser.
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
