const mostTexts = 1000;

/** Makes a function that returns one copy of equal texts. Each message brings new copies, which would fill the memory. */
export function createTextPool(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    if (texts.size >= mostTexts) texts.clear();
    texts.set(text, text);
    return text;
  };
}
