/** For the live log: ids only. */
export function idOf(detail: unknown): string {
  const id = typeof detail === 'object' && detail !== null ? (detail as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id : 'an event';
}
