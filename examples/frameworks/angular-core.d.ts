/** The part of Angular's signals that the example uses; `@angular/core` itself is not installed here. */
declare module '@angular/core' {
  export type Signal<T> = () => T;
  export interface WritableSignal<T> extends Signal<T> {
    set(value: T): void;
    asReadonly(): Signal<T>;
  }
  export function signal<T>(initialValue: T): WritableSignal<T>;
  export abstract class DestroyRef {
    abstract onDestroy(callback: () => void): () => void;
  }
  export function inject<T>(token: abstract new () => T): T;
}
