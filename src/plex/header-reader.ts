/** Gives the value of a header by its lower-case name; empty if there is none. */
export type HeaderReader = (name: string) => string;

/** Reads headers of any class: the platform's, a `Map` or a plain object with names in any case, or one with only `get`. */
export function createHeaderReader(headers: unknown): HeaderReader {
  const given = Object(headers);
  return (name) => {
    const value = typeof given.get === 'function' ? given.get(name) : undefined;
    if (value != null || given instanceof Headers) return `${value ?? ''}`;
    const entries: [unknown, unknown][] = Symbol.iterator in given ? [...given] : Object.entries(given);
    return `${entries.find(([other]) => `${other}`.toLowerCase() === name)?.[1] ?? ''}`;
  };
}
