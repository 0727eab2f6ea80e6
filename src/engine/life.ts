/** The time of one engine, from its creation to its end. */
export interface Life {
  readonly isOver: boolean;
  /** Aborted at the end. Created when it is first read: Cloudflare's workers allow no signal while a module loads. */
  readonly signal: AbortSignal;
  /** @param run Called at the end, before the signal is aborted. */
  onEnd(run: () => void): void;
  end(): void;
}

/** Begins the life of an engine. */
export function createLife(): Life {
  return new EngineLife();
}

class EngineLife implements Life {
  isOver = false;
  readonly #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.isOver) this.#controller.abort();
    return this.#controller.signal;
  }

  onEnd(run: () => void): void {
    this.#listeners.push(run);
  }

  end(): void {
    this.isOver = true;
    for (const run of this.#listeners) run();
    this.#controller?.abort();
  }
}
