import { type AuditOptions, auditText, type TemplateAudit } from './audit.js';
import { Pieces } from './patch/pieces.js';
import { PatchPlan } from './patch/plan.js';
import { inOrder, type Splice } from './patch/splice.js';

/** What one mend makes necessary, the next round sees: a new queue wants its alarm. Far more rounds than that needs. */
const MOST_ROUNDS = 12;

export interface CorrectOptions extends AuditOptions {
  /** 0: judge only. */
  rounds?: number;
}

export interface Correction {
  /** What was found in the file as it stands. */
  before: TemplateAudit;
  /** The text with every safe patch made. */
  text: string;
  /** What was put where, in the text as it was. */
  splices: Splice[];
  /** What remains in it. */
  after: TemplateAudit;
}

/** Makes every safe patch, until none is left. Every text on the way is read again, as anybody would read it. */
export function correct(file: string, text: string, options: CorrectOptions): Correction {
  const before = auditText(file, text, options);
  const pieces = new Pieces(text);
  let after = before;
  for (let round = 0; round < (options.rounds ?? MOST_ROUNDS) && after.patches.length > 0; round++) {
    const plan = new PatchPlan(after.document);
    for (const patch of after.patches) plan.take(patch);
    if (plan.splices.length === 0) break;
    pieces.apply(inOrder(plan.splices));
    after = auditText(file, pieces.text, options);
  }
  return { before, text: pieces.text, splices: pieces.splices(), after };
}
