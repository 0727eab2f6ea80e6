import type { Icon } from './scene.ts';

/**
 * An element of the element: its name, its attributes as `name=value;name=value`, its children. One description for the page
 * and for the server.
 */
export type Branch = readonly [name: string, attributes: string, ...children: (Branch | string)[]];

/** Drawn for this element; none of it is Plex's. */
export const glyphs: Readonly<Partial<Record<Icon, string>>> = {
  person: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c.8-3.6 4-5.5 8-5.5s7.2 1.9 8 5.5',
  window: 'M3 4h18v16H3zM3 9h18M9.5 12l5 5m0-5-5 5',
  done: 'M4 12.5l5.5 5.5L20 6.5',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2',
  fault: 'M12 4v10M12 19.5v.1',
};

/** The picture that stands for the state. */
export const badge: Branch = [
  'span',
  'id=badge;part=badge;aria-hidden=true',
  [
    'svg',
    'id=ring;viewBox=0 0 64 64',
    ['circle', 'id=track;cx=32;cy=32;r=29'],
    ['circle', 'id=arc;part=ring;cx=32;cy=32;r=29;pathLength=1'],
  ],
  ['slot', 'name=logo;id=logo', ['svg', 'id=glyph;viewBox=0 0 24 24', ['path', 'id=lines']]],
  ['b', 'id=number;hidden'],
  ['small', 'id=unit;hidden'],
];

/** @param first What the card begins with. */
export function toCard(...first: Branch[]): Branch {
  return [
    'div',
    'id=card;part=card;role=group;aria-labelledby=heading',
    [
      'div',
      'id=body',
      ...first,
      [
        'div',
        'id=words',
        ['h2', 'id=heading;part=heading;tabindex=-1'],
        ['slot', 'name=intro;id=intro', ['p', 'id=text;part=text']],
      ],
      ['div', 'id=steps;hidden'],
      ['p', 'id=note;part=note;class=heard'],
      [
        'div',
        'id=actions;part=actions',
        ['button', 'id=main;part=button;type=button;class=main;hidden'],
        ['a', 'id=link;part=button;rel=noreferrer;hidden'],
        ['button', 'id=quiet;part=quiet;type=button;hidden'],
        ['slot', 'name=footnote;id=foot', ['p', 'id=footnote;part=footnote;hidden']],
      ],
    ],
    ['div', 'id=scan;part=qr;hidden'],
  ];
}

/** Where a screen reader hears what changes: outside the card, which may be closed. */
export const live: Branch = ['p', 'id=live;role=status;class=heard'];

function attributesOf(text: string): string[][] {
  return text ? text.split(';').map((attribute) => attribute.split('=')) : [];
}

/** Makes the description's elements. Without `innerHTML`, so that a page with Trusted Types takes it. */
export function toNode([name, attributes, ...children]: Branch, document: Document): HTMLElement {
  const space = /svg|circle|path/.test(name) ? '2000/svg' : '1999/xhtml';
  const node = document.createElementNS(`http://www.w3.org/${space}`, name) as HTMLElement;
  for (const [attribute = '', value = ''] of attributesOf(attributes)) node.setAttribute(attribute, value);
  for (const child of children) node.append(typeof child === 'string' ? child : toNode(child, document));
  return node;
}

/** Writes the description as HTML. */
export function toHTML([name, attributes, ...children]: Branch): string {
  const inside = children.map((child) => (typeof child === 'string' ? escapeHTML(child) : toHTML(child)));
  return `<${name}${toAttributes(Object.fromEntries(attributesOf(attributes)))}>${inside.join('')}</${name}>`;
}

/** Writes attributes, each with a space before it. */
export function toAttributes(attributes: Record<string, string | undefined>): string {
  return Object.entries(attributes)
    .map(([name, value = '']) => ` ${name}="${escapeHTML(value)}"`)
    .join('');
}

function escapeHTML(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
