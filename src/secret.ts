/**
 * Holds a token so that nothing shows it by accident.
 *
 * `String`, `JSON.stringify`, `console.log`, `structuredClone`, an inspector and a debugger's object view all show
 * `[redacted]`. Only {@link Secret.reveal} gives the string.
 */
export class Secret {
  /** What a copy or a dump of this object shows. */
  readonly secret = '[redacted]';

  /**
   * Returns the string. Call it where the token is sent, and do not keep the result in a variable that lives longer.
   *
   * A closure instead of a private field, so that it works through the proxy that a user interface may put around it.
   */
  declare readonly reveal: () => string;

  /** @param value The string to hold. */
  constructor(value: string) {
    Object.defineProperty(this, 'reveal', { value: () => value });
  }

  toString(): string {
    return this.secret;
  }

  toJSON(): string {
    return this.secret;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.secret;
  }
}
