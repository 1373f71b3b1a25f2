import type { TemplateDocument } from '../document/document.js';
import { isMap, scalarText, valueAt } from '../document/node.js';
import { LARGEST } from '../document/parse.js';
import type { Edit } from './edit.js';

/** CloudFormation takes no template with more resources. */
const MOST_RESOURCES = 500;
/** Roughly what a resource that a patch adds needs as text. */
const RESOURCE_BYTES = 1_000;

/** How many resources a template may still get before CloudFormation refuses it. */
export class ResourceBudget {
  #left: number;

  constructor(document: TemplateDocument) {
    this.#left = leftIn(document);
  }

  recount(document: TemplateDocument): void {
    this.#left = leftIn(document);
  }

  /** Takes what the edits need, if it is there. */
  allows(edits: readonly Edit[]): boolean {
    const needed = edits.filter((edit) => edit.kind === 'section' && edit.section === 'Resources').length;
    return needed <= this.#left;
  }

  spend(edits: readonly Edit[]): void {
    this.#left -= edits.filter((edit) => edit.kind === 'section' && edit.section === 'Resources').length;
  }
}

function leftIn({ root, text }: TemplateDocument): number {
  const resources = valueAt(root, 'Resources');
  const bodies = isMap(resources) ? [...resources.entries.values()].map((entry) => entry.value) : [];
  const used = bodies.reduce((sum, body) => sum + expandedTo(body), 0);
  return Math.min(MOST_RESOURCES - used, Math.floor((LARGEST - text.length) / RESOURCE_BYTES));
}

/** What SAM makes of a function: its role, and for each event a permission and perhaps a rule. */
function expandedTo(body: Parameters<typeof scalarText>[0]): number {
  if (scalarText(valueAt(body, 'Type')) !== 'AWS::Serverless::Function') return 1;
  const events = valueAt(body, 'Properties', 'Events');
  return 2 + 2 * (isMap(events) ? events.entries.size : 0);
}
