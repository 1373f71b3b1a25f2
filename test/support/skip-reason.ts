const MARK = /\[not here: ([^\]]+)\]/;

/** A title that says why its tests are skipped. */
export function markSkipped(title: string, reason: string): string {
  return `${title} [not here: ${reason}]`;
}

/** Why, from the full name of a skipped test; undefined when it does not say. */
export function skipReason(fullName: string): string | undefined {
  return MARK.exec(fullName)?.[1];
}
