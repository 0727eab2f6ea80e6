type Attributes = Readonly<Record<string, string>>;

/** Makes an HTML element in a document, which may belong to another realm. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  document: Document,
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

/** Makes an SVG element. */
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

/** Makes an icon of 24 by 24, hidden from screen readers. */
export function makeGlyph(document: Document, lines: string): SVGSVGElement {
  const attributes = { viewBox: '0 0 24 24', class: 'glyph', 'aria-hidden': 'true' };
  return makeSVG(document, 'svg', attributes, makeSVG(document, 'path', { d: lines }));
}

/**
 * @param glyph An icon before the label.
 * @param widest The widest label that it will have. The button keeps room for it, so that no label moves what is beside.
 */
export function makeButton(
  document: Document,
  label: string,
  glyph: string | undefined,
  attributes: Attributes,
  widest?: string,
): HTMLButtonElement {
  const text = make(document, 'span', widest ? { 'data-widest': widest } : {}, label);
  const parts = glyph ? [makeGlyph(document, glyph), text] : [text];
  const button = make(document, 'button', { type: 'button', ...attributes }, ...parts);
  button.addEventListener('click', (event) => {
    if (button.getAttribute('aria-disabled') === 'true') event.stopImmediatePropagation();
  });
  return button;
}

/** Switches off a button that {@link makeButton} made. It keeps the focus, which `disabled` would take from a keyboard's user. */
export function switchOff(button: HTMLButtonElement, isOff: boolean): void {
  button.setAttribute('aria-disabled', `${isOff}`);
}

/** Changes the label of a button that {@link makeButton} made. */
export function setLabel(button: HTMLButtonElement, text: string): void {
  const label = button.querySelector('span');
  if (label) setText(label, text);
}

/** Changes a text only if it differs. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes an SVG from a picture that `npm run draw` wrote, and reads only the simple form that such a picture has. Not by
 * `innerHTML`, which a page with Trusted Types refuses.
 */
export function parsePicture(document: Document, markup: string): SVGSVGElement {
  const root = makeSVG(document, 'svg');
  let open: SVGElement = root;
  for (const [, end, name = '', attributes = '', closed, text = ''] of markup.matchAll(
    /<(\/?)(\w+)([^>]*?)(\/?)>([^<]*)/g,
  )) {
    if (end) {
      open = (open.parentElement ?? root) as unknown as SVGElement;
      // Words that continue after a part of them, as in the legend.
      if (text.trim()) open.append(text);
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
