import { makeSVG } from './dom.ts';

/** The properties that a picture needs as attributes once its style sheet is gone. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-linejoin',
  'paint-order',
  'opacity',
  'visibility',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];

/** Writes a picture as an SVG file, as it looks once nothing in it moves. */
export function toSVGFile(document: Document, svg: SVGSVGElement): string {
  const view = document.defaultView as Window;
  // A colour on its way to another one belongs to neither state.
  for (const change of svg.getAnimations({ subtree: true })) change.finish();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, original] of [svg, ...svg.querySelectorAll('*')].entries()) {
    const style = view.getComputedStyle(original);
    const node = copies[index];
    node?.removeAttribute('style');
    node?.removeAttribute('pathLength');
    if (original.localName === 'title') continue;
    for (const property of properties) node?.setAttribute(property, style.getPropertyValue(property));
  }
  const [, , width = '0', height = '0'] = (svg.getAttribute('viewBox') ?? '').split(' ');
  copy.setAttribute('width', width);
  copy.setAttribute('height', height);
  const background = view.getComputedStyle(svg).getPropertyValue('--card').trim() || '#fff';
  const backdrop = makeSVG(document, 'rect', { width: '100%', height: '100%', rx: '12' });
  backdrop.setAttribute('fill', toPlainColor(document, background));
  copy.prepend(backdrop);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new (view as Window & typeof globalThis).XMLSerializer().serializeToString(copy)}\n`;
}

/** Computes the colour of a custom property: `light-dark()` means nothing outside this page. */
function toPlainColor(document: Document, color: string): string {
  const probe = makeSVG(document, 'rect');
  document.body.append(probe);
  probe.style.setProperty('fill', color);
  const fill = document.defaultView?.getComputedStyle(probe).fill ?? '#fff';
  probe.remove();
  return fill;
}
