import { Component, computed, InjectionToken, inject } from '@angular/core';
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { injectPlexAuth } from './inject-plex-auth.ts';

/** The application provides the engine under this token. */
export const plexAuth = new InjectionToken<BrowserPlexAuth>('plexAuth');

@Component({
  selector: 'app-sign-in',
  template: `
    @let now = view();
    <section>
      <p role="status">{{ now.status }}</p>
      @if (now.code) {
        <p>
          <code>{{ now.code }}</code>
          <a [href]="now.authURL" target="_blank" rel="noreferrer">Approve in a new tab</a>
        </p>
      }
      @if (error(); as error) {
        <p role="alert">{{ error.message }}</p>
      }
      @if (now.status === 'authenticated') {
        <p>Signed in <button type="button" (click)="auth.signOut()">Sign out</button></p>
      } @else {
        <button type="button" (click)="auth.startInPopup()">Sign in with Plex</button>
      }
      @if (now.status === 'requestingPin' || now.code) {
        <button type="button" (click)="auth.cancel()">Cancel</button>
      }
    </section>
  `,
})
export class SignIn {
  readonly auth = inject(plexAuth);
  readonly view = injectPlexAuth(this.auth);
  /** The end of the sign-in, or what the engine deals with itself. */
  readonly error = computed(() => {
    const view = this.view();
    return view.status === 'failed' ? view.error : view.lastError;
  });
}
