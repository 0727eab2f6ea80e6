/** Writes a value as one line of JSON in which nothing steers a terminal: what others wrote may show in one. */
export function toJSONLine(value: unknown): string {
  const toEscape = (text: string) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, withMessage).replace(/[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu, toEscape)}\n`;
}

/** Lets an error's message into the JSON, which is no field of its own there. */
function withMessage(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name: _name, message, ...fields } = value;
  return { ...fields, message };
}
