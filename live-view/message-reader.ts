/** Texts of a message are cut to this length. */
const longestText = 200;

/** A text field of a message, cut if it is too long. */
export function textIn(value: unknown, name: string, longest: number = longestText): string | undefined {
  const text = fieldIn(value, name);
  return typeof text === 'string' ? text.slice(0, longest) : undefined;
}

export function numberIn(value: unknown, name: string): number | undefined {
  const number = fieldIn(value, name);
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** An object field of a message. Empty if there is none. */
export function objectIn(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const object = fieldIn(value, name);
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>) : {};
}

/** A field of a message, which may be of any shape. Not what it inherits. */
export function fieldIn(value: unknown, name: string): unknown {
  return Object.getOwnPropertyDescriptor(Object(value), name)?.value;
}

/** The name of a state: `idle`, `requestingPin.asking`. Parallel states are joined. */
export function nameOfState(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value.slice(0, longestText);
  if (typeof value !== 'object' || value === null || depth > 8) return undefined;
  const names = Object.entries(value).map(([parent, child]) => {
    const inside = nameOfState(child, depth + 1);
    return inside ? `${parent}.${inside}` : parent;
  });
  return names.join(' + ').slice(0, longestText) || undefined;
}
