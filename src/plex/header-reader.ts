/** Gives the value of a header by its lower-case name; empty if there is none, or if it cannot be read. */
export type HeaderReader = (name: string) => string;

/**
 * Reads headers of any class: the platform's, a `Map` or a plain object with names in any case, or one with only `get`.
 *
 * Asks for each header once, and never throws, since an answer is read in timers and listeners too.
 */
export function createHeaderReader(headers: unknown): HeaderReader {
  const values = new Map<string, string>();
  return (name) => {
    const value = values.get(name) ?? readHeader(headers, name);
    values.set(name, value);
    return value;
  };
}

function readHeader(headers: unknown, name: string): string {
  try {
    const given = Object(headers);
    const value = typeof given.get === 'function' ? given.get(name) : undefined;
    if (value != null || given instanceof Headers) return `${value ?? ''}`;
    const entries: [unknown, unknown][] = Symbol.iterator in given ? [...given] : Object.entries(given);
    return `${entries.find(([other]) => String(other).toLowerCase() === name)?.[1] ?? ''}`;
  } catch {
    return '';
  }
}
