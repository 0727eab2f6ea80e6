/** A value of an answer; plex.tv writes the same value as JSON or XML. */
export type PlexValue = string | number | boolean | null | PlexValue[] | { [field: string]: PlexValue };

/**
 * Writes a value as plex.tv's XML: scalars become attributes (null an empty one), objects and lists child elements.
 *
 * The elements of a list have its name in the singular. A scalar in a list becomes the attribute `id`. A list whose name
 * has a capital, as in plex.tv's older answers, has no element of its own.
 */
export function toXML(name: string, value: PlexValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${toElement(name, value)}\n`;
}

function toElement(name: string, value: PlexValue): string {
  if (Array.isArray(value)) {
    const items = value.map((item) =>
      toElement(name.replace(/s$/, ''), isObject(item) ? item : { id: item }),
    );
    return `<${name}>${items.join('')}</${name}>`;
  }
  if (!isObject(value)) return `<${name}>${escapeXML(String(value ?? ''))}</${name}>`;
  let attributes = '';
  let children = '';
  for (const [field, part] of Object.entries(value)) {
    if (Array.isArray(part) && /^[A-Z]/.test(field))
      children += part.map((item) => toElement(field, item)).join('');
    else if (isObject(part) || Array.isArray(part)) children += toElement(field, part);
    else attributes += ` ${field}="${escapeXML(toAttribute(part))}"`;
  }
  return children ? `<${name}${attributes}>${children}</${name}>` : `<${name}${attributes}/>`;
}

function isObject(value: PlexValue): value is { [field: string]: PlexValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toAttribute(value: string | number | boolean | null): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value ?? '');
}

/** Escapes text for attributes and elements, and removes the characters that XML 1.0 does not allow. */
function escapeXML(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (char) => entities[char] ?? char)
    .replace(/[\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}
