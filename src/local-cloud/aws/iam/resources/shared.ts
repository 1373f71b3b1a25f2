import type { ResourceContext } from '../../../kernel/resource-type.js';
import { AwsError } from '../../../kernel/service.js';
import type { Tag } from '../state.js';

/** A document as the API takes it: templates give it as an object, or as JSON text. */
export function documentText(document: unknown): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

/** Reverses the URL encoding of documents in IAM's answers. */
export function readDocument(encoded: string): unknown {
  return JSON.parse(decodeURIComponent(encoded));
}

/** The stack's tags, overridden by the resource's own. */
export function allTags(properties: { Tags?: unknown }, context: ResourceContext): Tag[] {
  const own = (properties.Tags ?? []) as Tag[];
  const tags = new Map([
    ...Object.entries(context.tags),
    ...own.map(({ Key, Value }) => [Key, Value] as const),
  ]);
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

export function names(value: unknown): string[] {
  return ((value ?? []) as unknown[]).map(String);
}

/** What the list gained and lost. */
export function difference(next: string[], previous: string[]): { added: string[]; removed: string[] } {
  return {
    added: next.filter((item) => !previous.includes(item)),
    removed: previous.filter((item) => !next.includes(item)),
  };
}

/** The live list, in the template's order where both hold the same: order does not count as drift. */
export function inOrderOf(template: unknown, live: string[]): string[] {
  const stated = names(template).filter((item) => live.includes(item));
  return [...stated, ...live.filter((item) => !stated.includes(item))];
}

/** Runs a call on something that may be gone already: a deletion wants just that. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchEntity') return undefined;
    throw error;
  }
}
