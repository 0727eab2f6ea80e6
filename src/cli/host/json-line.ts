/** Writes a value as one line of JSON, in which text from others cannot control a terminal. */
export function toJSONLine(value: unknown): string {
  const toEscape = (text: string) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, withMessage).replace(/[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu, toEscape)}\n`;
}

/** Adds an error's message, which JSON leaves out because it is not enumerable. */
function withMessage(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name: _name, message, ...fields } = value;
  return { ...fields, message };
}
