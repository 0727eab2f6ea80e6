/** Texts that mean something else to a terminal, a page or a URL than to a reader. Each holds the word INJECTED. */
export const hostileTexts: Readonly<Record<string, string>> = {
  tag: '<script>INJECTED()</script>',
  image: '<img src=x onerror=INJECTED()>',
  attribute: '"><svg/onload=INJECTED()>',
  singleQuote: "' onfocus='INJECTED()' autofocus='",
  entity: '&lt;INJECTED&gt;&#x3c;',
  comment: '--><!-- INJECTED -->',
  script: '</script><script>INJECTED()</script>',
  template: `$\{INJECTED}{{INJECTED}}\`INJECTED\``,
  scheme: 'javascript:INJECTED()',
  parameter: 'x&code=INJECTED&forwardUrl=https://evil.example#INJECTED',
  path: '../../INJECTED?x=1#y',
  percent: '%0d%0aINJECTED%2e%%',
  format: '%s%n%d{INJECTED}',
  shell: '`INJECTED`;$(INJECTED)|&',
};

/** Texts that steer a terminal or turn its writing round. */
export const steeringTexts: Readonly<Record<string, string>> = {
  colour: '\u001b[31mINJECTED\u001b[0m',
  clear: '\u001b[2J\u001b[HINJECTED',
  title: '\u001b]0;INJECTED\u0007',
  link: '\u001b]8;;https://evil.example\u001b\\INJECTED\u001b]8;;\u001b\\',
  clipboard: '\u001b]52;c;SU5KRUNURUQ=\u0007INJECTED',
  c1: '\u009b31mINJECTED\u009d0;x\u009c',
  backspaces: 'ABCD\b\b\b\bINJECTED\u007f',
  lines: 'ABCD\r\nINJECTED\u2028INJECTED\u0085INJECTED',
  zero: 'AB\u0000INJECTED',
};

/** Marks that turn the direction of writing, and hide what is written. */
export const bidiTexts: Readonly<Record<string, string>> = {
  override: '\u202eINJECTED\u202c',
  embedding: '\u202aINJECTED\u202b\u202d',
  isolate: '\u2066INJECTED\u2067\u2068\u2069',
  marks: '\u200eINJECTED\u200f',
};

/** Characters that steer a terminal, but for the end of a line. */
const steering = /[\p{Cc}\u2028\u2029]/u;
/** Marks of the direction of writing. */
const bidi = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Whether a text, but for its own ends of lines, steers a terminal or turns its writing round. */
export function isSteering(text: string): boolean {
  const lines = text.replaceAll('\n', '');
  return steering.test(lines) || bidi.test(lines);
}

/** Whether a URL holds nothing but what the standard lets stand in one. */
export function isPlainURL(url: string): boolean {
  return /^https?:\/\/[\w.:-]+(?:[/?#][\w\-.~:/?#[\]@!$&'()*+,;=%]*)?$/.test(url) && URL.canParse(url);
}
