import type { TemplateDocument } from '../document/document.js';
import type { Edit } from './edit.js';
import { Occupied } from './occupied.js';
import { type Splice, spliceOf } from './splice.js';
import { Call, type Value } from './value.js';

/** Gathers patches that can be made together; one that is in the way of an earlier one waits for the next round. */
export class PatchPlan {
  readonly splices: Splice[] = [];
  /** What has been claimed, and with which content. */
  readonly #claims = new Map<string, string>();
  readonly #occupied = new Occupied();

  constructor(readonly document: TemplateDocument) {}

  /** Whether the whole patch was taken. */
  take(edits: readonly Edit[]): boolean {
    const made: Splice[] = [];
    const claims = new Map<string, string>();
    for (const edit of edits) {
      const content = contentOf(edit);
      const names = claimsOf(this.document, edit);
      const known = names.map((name) => this.#claims.get(name) ?? claims.get(name));
      if (known.every((one) => one === content)) continue;
      if (known.some((one) => one !== undefined)) return false;
      const splice = spliceOf(this.document, edit);
      if (!splice || !this.#occupied.isFree(splice) || made.some((other) => overlap(other, splice)))
        return false;
      made.push(splice);
      for (const name of names) claims.set(name, content);
    }
    for (const splice of made) this.#occupied.add(splice);
    this.splices.push(...made);
    for (const [name, content] of claims) this.#claims.set(name, content);
    return true;
  }
}

/** The splices of one patch alone; undefined when it cannot be written. */
export function splicesOf(document: TemplateDocument, edits: readonly Edit[]): Splice[] | undefined {
  const plan = new PatchPlan(document);
  return plan.take(edits) ? plan.splices : undefined;
}

/** What an edit needs for itself. Two that fill the same emptiness are in each other's way. */
function claimsOf({ root }: TemplateDocument, edit: Edit): string[] {
  switch (edit.kind) {
    case 'add':
      return [
        `${edit.map.start}/${edit.key}`,
        ...(edit.map.entries.size === 0 ? [`fill ${edit.map.start}`] : []),
      ];
    case 'append':
      return [
        `append ${edit.list.start} ${contentOf(edit)}`,
        ...nameOf(edit.value).map((name) => `name ${edit.list.start} ${name}`),
        ...(edit.list.items.length === 0 ? [`fill ${edit.list.start}`] : []),
      ];
    case 'replace':
      return [`replace ${edit.node.start}`];
    case 'rename':
      return [`${edit.map.start}/${edit.from}`, `${edit.map.start}/${edit.key}`];
    case 'remove':
      return [`${edit.map.start}/${edit.key}`];
    case 'section': {
      const section = root.entries.get(edit.section)?.value;
      const there = section?.kind === 'map' && section.entries.size > 0;
      return [`${edit.section}/${edit.key}`, ...(there ? [] : [`fill ${edit.section}`])];
    }
  }
}

/** Of two policies with one name a role has only the last. */
function nameOf(value: Value): string[] {
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Call) return [];
  const { PolicyName } = value as { [key: string]: Value };
  return typeof PolicyName === 'string' ? [PolicyName] : [];
}

const contentOf = (edit: Edit): string =>
  'value' in edit ? `${edit.kind} ${JSON.stringify(edit.value, named)}` : edit.kind;

/** A function's name is part of what it says. */
function named(_key: string, value: Value): unknown {
  return value instanceof Call ? { [value.name]: value.argument } : value;
}

function overlap(one: Splice, other: Splice): boolean {
  if (one.start === one.end && other.start === other.end) return false;
  return one.start < other.end && other.start < one.end;
}
