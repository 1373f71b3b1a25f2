/** Marks a record that the query protocol writes as `<entry><key/><value/></entry>`. */
export class XmlMap {
  constructor(readonly entries: Record<string, unknown>) {}
}

/** Marks a list whose items repeat the parent's name instead of `<member>` (S3). */
export class FlatList {
  constructor(readonly items: unknown[]) {}
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

/** `<name>value</name>`: arrays as `<member>`, dates in ISO 8601, `undefined` and `null` left out. */
export function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (value instanceof FlatList) return value.items.map((item) => element(name, item)).join('');
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof XmlMap)
    return Object.entries(value.entries)
      .map(([key, item]) => element('entry', { key, value: item }))
      .join('');
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, item]) => element(key, item))
      .join('');
  return escapeXml(String(value));
}
