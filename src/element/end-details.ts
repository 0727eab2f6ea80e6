import { internalsOf } from '../engine/engine-internals.ts';
import type { PlexUser } from '../user.ts';
import type { BackendAuthView, PlexAuthView } from '../view.ts';
import type { ElementAuth } from './engine-source.ts';
import type { LaterTools } from './later-tools.ts';
import type { ShownUser } from './user-picture.ts';

/**
 * What is shown at the end of a sign-in and asked for only then: who is signed in, which comes a moment after the end, or how
 * long the limit was. Without it, less is shown.
 */
export class EndDetails {
  readonly #root: ShadowRoot;
  readonly #tools: LaterTools;
  readonly #onChange: () => void;
  #view: PlexAuthView | BackendAuthView | undefined;
  #engine: ElementAuth | undefined;
  /** The limit of a sign-in that took too long. */
  limitMs: number | undefined;
  userName: string | undefined;

  constructor(root: ShadowRoot, tools: LaterTools, onChange: () => void) {
    this.#root = root;
    this.#tools = tools;
    this.#onChange = onChange;
  }

  update(view: PlexAuthView | BackendAuthView, engine: ElementAuth): void {
    if (this.#view?.status === view.status && this.#engine === engine) return;
    this.#engine = engine;
    this.#view = view;
    this.userName = undefined;
    this.limitMs = view.status === 'expired' ? internalsOf(engine)?.giveUpAfterMs : undefined;
    // The next user may have neither a name nor a picture.
    this.#root.getElementById('avatar')?.remove();
    if (view.status === 'authenticated') void this.#readUser(view, engine);
  }

  async #readUser(view: PlexAuthView | BackendAuthView, engine: ElementAuth): Promise<void> {
    // The application may take the tag away, or hide it, in the event: then nobody is asked who it is.
    await new Promise((next) => setTimeout(next));
    if (view !== this.#view || !this.#root.host.getClientRects().length) return;
    const user = 'user' in view ? view.user : await askForUser(engine);
    const shown = user && toShownUser(user);
    if (!shown || view !== this.#view) return;
    const part = await import('./user-picture.ts').catch(() => undefined);
    if (view !== this.#view) return;
    part?.showUserPicture(this.#root, shown, this.#tools);
    this.userName = shown.name;
    this.#onChange();
  }
}

async function askForUser(engine: ElementAuth): Promise<PlexUser | undefined> {
  try {
    const answer = await engine.verify();
    return answer.status === 'valid' ? answer.user : undefined;
  } catch {
    // An engine of the application's own may not know.
    return undefined;
  }
}

/** @returns Undefined for somebody without a name. */
function toShownUser({ username, friendlyName, title, thumb }: PlexUser): ShownUser | undefined {
  const name = username || friendlyName || title;
  // Nothing secret is in a user's picture; what has something in it is another address.
  const picture = /^https?:\/\/[^?]+(\?c=\w+)?$/.test(thumb ?? '') ? thumb : '';
  return name ? { name, picture } : undefined;
}
