import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toXML } from '../../src/emulator/plex-xml.ts';

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads an attribute as an XML parser does. */
function readAttribute(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, number: string | undefined, name: string) =>
    number ? String.fromCharCode(Number(number)) : (entities[name] ?? '?'),
  );
}

/** Whether XML 1.0 can hold the character at all. */
function isXMLChar(char: string): boolean {
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x20) return '\t\n\r'.includes(char);
  return !(point >= 0xd800 && point <= 0xdfff) && point !== 0xfffe && point !== 0xffff;
}

describe('toXML', () => {
  it('keeps any text, except characters that XML does not allow', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 30 }), (text) => {
        const [, attribute] = /<pin product="([^"<>]*)"\/>/.exec(toXML('pin', { product: text })) ?? [];
        expect(readAttribute(attribute ?? 'no match')).toBe([...text].filter(isXMLChar).join(''));
      }),
    );
  });

  it.each([
    [{ a: 1, b: true, c: false, d: null, e: '' }, '<x a="1" b="1" c="0" d="" e=""/>'],
    [{ a: { b: 1 }, c: 2 }, '<x c="2"><a b="1"/></x>'],
    [{ roles: ['p', 'q'] }, '<x><roles><role id="p"/><role id="q"/></roles></x>'],
    [{ services: [] }, '<x><services></services></x>'],
    [true, '<x>true</x>'],
    [null, '<x></x>'],
  ])('writes %j', (value, xml) => {
    expect(toXML('x', value)).toBe(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`);
  });
});
