import { html, LitElement, nothing } from 'lit';
import type { BrowserPlexAuth } from 'plex-auth-flow/browser';
import { followPlexAuth } from './follow-plex-auth.ts';

export class SignIn extends LitElement {
  readonly #auth: BrowserPlexAuth;

  constructor(auth: BrowserPlexAuth) {
    super();
    this.#auth = auth;
    followPlexAuth(this, auth);
  }

  override render() {
    const view = this.#auth.getSnapshot();
    const { startInPopup, cancel, signOut } = this.#auth;
    const isRunning = view.status === 'requestingPin' || view.code !== undefined;
    // The end of the sign-in, or what the engine deals with itself.
    const error = view.status === 'failed' ? view.error : view.lastError;
    return html`
      <section>
        <p role="status">${view.status}</p>
        ${
          view.code
            ? html`<p>
                <code>${view.code}</code>
                <a href=${view.authURL} target="_blank" rel="noreferrer">Approve in a new tab</a>
              </p>`
            : nothing
        }
        ${error ? html`<p role="alert">${error.message}</p>` : nothing}
        ${
          view.status === 'authenticated'
            ? html`<p>Signed in <button type="button" @click=${signOut}>Sign out</button></p>`
            : html`<button type="button" @click=${startInPopup}>Sign in with Plex</button>`
        }
        ${isRunning ? html`<button type="button" @click=${cancel}>Cancel</button>` : nothing}
      </section>
    `;
  }

  /** Renders into the page itself, so that the page's styles apply. */
  protected override createRenderRoot() {
    return this;
  }
}
