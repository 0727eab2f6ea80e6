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
    const { startInPopup, signOut } = this.#auth;
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
        ${view.status === 'failed' ? html`<p role="alert">${view.error.message}</p>` : nothing}
        ${
          view.status === 'authenticated'
            ? html`<p>Signed in <button type="button" @click=${signOut}>Sign out</button></p>`
            : html`<button type="button" @click=${startInPopup}>Sign in with Plex</button>`
        }
      </section>
    `;
  }

  /** Renders into the page itself, so that the page's styles apply. */
  protected override createRenderRoot() {
    return this;
  }
}
