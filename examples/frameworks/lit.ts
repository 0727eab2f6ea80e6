import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';

/** In an element: `plex = new PlexAuthController(this, auth)`, and `this.plex.view` in `render`. */
export class PlexAuthController implements ReactiveController {
  #unsubscribe = () => {};
  readonly #auth: PlexAuth;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost, auth: PlexAuth) {
    this.#auth = auth;
    this.#host = host;
    host.addController(this);
  }

  get view(): PlexAuthView {
    return this.#auth.getSnapshot();
  }

  hostConnected(): void {
    this.#unsubscribe = this.#auth.subscribe(() => this.#host.requestUpdate());
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#unsubscribe();
  }
}
