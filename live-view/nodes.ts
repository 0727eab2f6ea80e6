type Attributes = Readonly<Record<string, string>>;

/** Makes an element of HTML in a document that may be another realm's. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

/** Makes an element of SVG. */
export function makeSVG<Name extends keyof SVGElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Name] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled<Kind extends Element>(
  node: Kind,
  attributes: Attributes,
  children: readonly (Node | string)[],
): Kind {
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.append(...children);
  return node;
}

/** Draws a glyph of 24 by 24, which is only for the eye. */
export function makeGlyph(document: Document, lines: string): SVGSVGElement {
  const attributes = { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true' };
  return makeSVG(document, 'svg', attributes, makeSVG(document, 'path', { d: lines }));
}

/** Makes a button that looks as its class says; a glyph may come before its label. */
export function makeButton(
  document: Document,
  label: string,
  glyph: string | undefined,
  attributes: Attributes,
): HTMLButtonElement {
  const text = make(document, 'span', {}, label);
  const parts = glyph ? [makeGlyph(document, glyph), text] : [text];
  return make(document, 'button', { type: 'button', ...attributes }, ...parts);
}

/** Changes a text only where it differs. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes an SVG from a picture of `npm run draw`, which is this package's own and of one simple form. Without `innerHTML`,
 * so that a page with Trusted Types takes it.
 */
export function parsePicture(document: Document, markup: string): SVGSVGElement {
  const root = makeSVG(document, 'svg');
  let open: SVGElement = root;
  for (const [, end, name = '', attributes = '', closed, text = ''] of markup.matchAll(
    /<(\/?)(\w+)([^>]*?)(\/?)>([^<]*)/g,
  )) {
    if (end) {
      open = (open.parentElement ?? root) as unknown as SVGElement;
    } else {
      const node =
        name === 'svg' ? root : makeSVG(document, name as keyof SVGElementTagNameMap, {}, text.trim());
      for (const [, attribute = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) {
        if (attribute !== 'xmlns') node.setAttribute(attribute, value);
      }
      if (node !== root) open.append(node);
      if (!closed) open = node;
    }
  }
  return root;
}
