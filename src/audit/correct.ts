import { type AuditOptions, auditText, type TemplateAudit } from './audit.js';
import { PatchPlan } from './patch/plan.js';
import { applySplices } from './patch/splice.js';

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
  /** What remains in it. */
  after: TemplateAudit;
}

/** Makes every safe patch, until none is left. Every text on the way is read again; one that could not be is not taken. */
export function correct(file: string, text: string, options: CorrectOptions): Correction {
  const before = auditText(file, text, options);
  let after = before;
  let corrected = text;
  for (let round = 0; round < (options.rounds ?? MOST_ROUNDS) && after.patches.length > 0; round++) {
    const plan = new PatchPlan(after.document);
    for (const patch of after.patches) plan.take(patch);
    if (plan.splices.length === 0) break;
    corrected = applySplices(corrected, plan.splices);
    after = auditText(file, corrected, options);
  }
  return { before, text: corrected, after };
}
