import type { PlexAuthError } from 'plex-auth-flow';
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { type Accessor, Show } from 'solid-js';
import html from 'solid-js/html';
import { createView } from './create-view.ts';

export function SignIn({ auth }: { auth: BrowserPlexAuth }) {
  const view = createView(auth);
  const isRunning = () => view().status === 'requestingPin' || view().code !== undefined;
  // The end of the sign-in, or what the engine deals with itself.
  const error = () => {
    const now = view();
    return now.status === 'failed' ? now.error : now.lastError;
  };
  const isSignedIn = () => view().status === 'authenticated';
  return html`
    <section>
      <p role="status">${() => view().status}</p>
      <${Show} when=${() => view().code}>
        <p>
          <code>${() => view().code}</code>
          <a href=${() => view().authURL} target="_blank" rel="noreferrer">Approve in a new tab</a>
        </p>
      <//>
      <${Show} when=${error}>
        ${(now: Accessor<PlexAuthError>) => html`<p role="alert">${() => now().message}</p>`}
      <//>
      <${Show} when=${isSignedIn}>
        <p>Signed in <button type="button" onclick=${auth.signOut}>Sign out</button></p>
      <//>
      <${Show} when=${() => !isSignedIn()}>
        <button type="button" onclick=${auth.startInPopup}>Sign in with Plex</button>
      <//>
      <${Show} when=${isRunning}>
        <button type="button" onclick=${auth.cancel}>Cancel</button>
      <//>
    </section>
  `;
}
