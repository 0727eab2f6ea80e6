/** Removes what could control the terminal or reverse the line, from text that others wrote. */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '');
}
