/**
 * Writes a value as one line of JSON, in which text from others cannot control a terminal.
 *
 * Where there is only ASCII, all else is escaped too, which parses to the same value.
 */
export function toJSONLine(value: unknown, { hasUnicode }: { readonly hasUnicode: boolean }): string {
  const toEscape = (text: string) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const line = JSON.stringify(value, withMessage).replace(steering, toEscape);
  return `${hasUnicode ? line : line.replace(/[^\0-~]/g, toEscape)}\n`;
}

const steering = /[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu;

/** Adds an error's message, which JSON leaves out because it is not enumerable. */
function withMessage(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name: _name, message, ...fields } = value;
  return { ...fields, message };
}
