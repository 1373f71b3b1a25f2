import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { auditText, type TemplateAudit } from '../../src/audit/audit.js';
import { type Correction, correct } from '../../src/audit/correct.js';
import { unifiedDiff } from '../../src/audit/patch/diff.js';
import { RULES } from '../../src/audit/rules/registry.js';

export const file = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
export const read = (name: string): string => readFileSync(file(name), 'utf8');

/** Runtimes end on days: tests stand still on this one. */
export const TODAY = '2026-11-28';

export const audit = (text: string, name = 'template.yaml'): TemplateAudit =>
  auditText(name, text, { rules: RULES, today: TODAY });

export const mend = (text: string, name = 'template.yaml'): Correction =>
  correct(name, text, { rules: RULES, today: TODAY });

/** What `--diff` prints. */
export const diffOf = ({ before, splices }: Correction): string =>
  unifiedDiff(before.file, before.document.lines, splices, (line) => before.mask.hides(line));

/** The ids that count, each once, in order. */
export const idsOf = (found: TemplateAudit): string[] =>
  [...new Set(found.findings.filter((finding) => !finding.muted).map((finding) => finding.id))].sort();

/** What one rule says about a template. */
export const said = (text: string, id: string, name?: string): string[] =>
  audit(text, name)
    .findings.filter((finding) => finding.id === id && !finding.muted)
    .map((finding) => finding.summary);
