/**
 * Makes random texts, none of them twice.
 *
 * Where `random` repeats itself, the text is counted up until it is new; so a constant `random` works as well.
 *
 * @returns A function from an alphabet and a length to a text.
 */
export function createUniqueText(random: () => number): (alphabet: string, length: number) => string {
  const used = new Set<string>();
  return (alphabet, length) => {
    const digits = Array.from({ length }, () => Math.floor(random() * alphabet.length));
    let text = toText(digits, alphabet);
    while (used.has(text)) {
      increment(digits, alphabet.length);
      text = toText(digits, alphabet);
    }
    used.add(text);
    return text;
  };
}

function toText(digits: readonly number[], alphabet: string): string {
  return digits.map((digit) => alphabet[digit]).join('');
}

/** Adds 1 to a number that is written in digits of `base`. */
function increment(digits: number[], base: number): void {
  for (let place = digits.length - 1; place >= 0; place--) {
    digits[place] = ((digits[place] ?? 0) + 1) % base;
    if (digits[place] !== 0) return;
  }
}
