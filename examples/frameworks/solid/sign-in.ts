import type { PlexAuthView } from 'plex-auth-flow';
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { type Accessor, Show } from 'solid-js';
import html from 'solid-js/html';
import { createView } from './create-view.ts';

type Waiting = Extract<PlexAuthView, { code: string }>;
type Failed = Extract<PlexAuthView, { status: 'failed' }>;

export function SignIn({ auth }: { auth: BrowserPlexAuth }) {
  const view = createView(auth);
  const only = (name: 'code' | 'error') => () => name in view() && view();
  const isSignedIn = () => view().status === 'authenticated';
  return html`
    <section>
      <p role="status">${() => view().status}</p>
      <${Show} when=${only('code')}>
        ${(now: Accessor<Waiting>) => html`
          <p>
            <code>${() => now().code}</code>
            <a href=${() => now().authURL} target="_blank" rel="noreferrer">Approve in a new tab</a>
          </p>
        `}
      <//>
      <${Show} when=${only('error')}>
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
