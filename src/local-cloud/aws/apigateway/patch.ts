import { badRequest } from './errors.js';

export interface PatchOperation {
  op: string;
  path: string;
  value?: string;
}

/** What a patch may touch: a handler by pattern; captured groups are handed on as they are, with `~1` for `/`. */
export type Patchable<T> = [
  pattern: RegExp,
  apply: (record: T, value: string | undefined, captured: string[], op: string) => T,
];

/** Applies JSON-patch-like operations as API Gateway reads them. Throws `BadRequestException`. */
export function applyPatch<T>(
  record: T,
  operations: PatchOperation[] | undefined,
  patchable: Patchable<T>[],
): T {
  return (operations ?? []).reduce((current, { op, path, value }) => {
    if (!['add', 'remove', 'replace'].includes(op))
      throw badRequest(`Invalid patch operation specified. Must be one of: [add, remove, replace]`);
    for (const [pattern, apply] of patchable) {
      const match = pattern.exec(path);
      if (match) return apply(current, op === 'remove' ? undefined : value, match.slice(1), op);
    }
    throw badRequest(`Invalid patch path '${path}' specified for op '${op}'.`);
  }, record);
}

/** `~1` stands for `/`, `~0` for `~`. */
export function decodePointer(text: string): string {
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

export function toBoolean(value: string | undefined): boolean {
  return value === 'true';
}
