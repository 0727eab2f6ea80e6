import type { PlexAuthView } from 'plex-auth-flow';
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { type Accessor, Show } from 'solid-js';
import html from 'solid-js/html';
import { createView } from './create-view.ts';

type Failed = Extract<PlexAuthView, { status: 'failed' }>;

export function SignIn({ auth }: { auth: BrowserPlexAuth }) {
  const view = createView(auth);
  const failed = () => view().status === 'failed' && view();
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
      <${Show} when=${failed}>
        ${(now: Accessor<Failed>) => html`<p role="alert">${() => now().error.message}</p>`}
      <//>
      <${Show} when=${isSignedIn}>
        <p>Signed in <button type="button" onclick=${auth.signOut}>Sign out</button></p>
      <//>
      <${Show} when=${() => !isSignedIn()}>
        <button type="button" onclick=${auth.startInPopup}>Sign in with Plex</button>
      <//>
    </section>
  `;
}
