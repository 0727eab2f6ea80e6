/** Writes a value as TypeScript source: single quotes, and `1_800_000`. */
export function toSource(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return 'Number.POSITIVE_INFINITY';
  if (typeof value === 'number')
    return String(value).replace(/\B(?=(\d{3})+$)/g, Math.abs(value) < 10_000 ? '' : '_');
  if (typeof value === 'string') return `'${value.replace(/[^\w .:/-]/g, '')}'`;
  if (Array.isArray(value)) return `[${value.map(toSource).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{ ${fields.map(([name, field]) => `${name}: ${toSource(field)}`).join(', ')} }`;
}
