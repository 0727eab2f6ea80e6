/** Removes what could control the terminal or reverse the line, from text that others wrote. */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '');
}

/** Makes text from others, such as a name, ready for this terminal: printable, and where there is only ASCII, that. */
export function toShownText(text: string, { hasUnicode }: { readonly hasUnicode: boolean }): string {
  const printable = toPrintable(text);
  if (hasUnicode) return printable;
  const withoutAccents = printable.normalize('NFD').replace(/\p{M}/gu, '');
  return withoutAccents.replace(/[^\0-~]/gu, '?');
}
