import { makeSVG } from './dom.ts';

/** What a picture has to say for itself once the style sheet is gone. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-linejoin',
  'paint-order',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
];

/** Writes a picture as a file of its own, as it looks at this moment. */
export function toSVGFile(document: Document, svg: SVGSVGElement): string {
  const view = document.defaultView as Window;
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
  const paper = view.getComputedStyle(svg).getPropertyValue('--card').trim() || '#fff';
  const ground = makeSVG(document, 'rect', { width: '100%', height: '100%', rx: '12' });
  ground.setAttribute('fill', resolved(document, paper));
  copy.prepend(ground);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new (view as Window & typeof globalThis).XMLSerializer().serializeToString(copy)}\n`;
}

/** The colour that a custom property comes to: `light-dark()` is no colour outside this page. */
function resolved(document: Document, color: string): string {
  const probe = makeSVG(document, 'rect');
  document.body.append(probe);
  probe.style.setProperty('fill', color);
  const fill = document.defaultView?.getComputedStyle(probe).fill ?? '#fff';
  probe.remove();
  return fill;
}
