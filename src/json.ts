/** Parses JSON, with or without a byte order mark before it. @returns Undefined if the text is not JSON. */
export function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
