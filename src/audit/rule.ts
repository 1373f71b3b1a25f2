import type { Evidence, Severity } from '../core/finding.js';
import type { Requirement } from '../core/requirement.js';
import type { Span } from './document/node.js';
import type { Template } from './model/template.js';
import type { Edit } from './patch/edit.js';

/** What one rule says about one place. */
export interface Judgement {
  at: Span;
  /** One line: the state, with the value that was found. */
  summary: string;
  /** When it is less, or more, than the rule's own. */
  severity?: Severity;
  expected?: string;
  actual?: string;
  /** How payments are lost by it, where that is not what the rule says. */
  why?: string;
  /** Facts that it rests on. */
  evidence?: readonly Evidence[];
  /** What to do, for a person. */
  advice: string;
  /** A change that is safe to make; left out where a person must decide. */
  patch?: readonly Edit[] | undefined;
}

/** One thing that a template can show to be right or wrong. Its id is that of doctor's check, or `audit.<what>`. */
export interface AuditRule extends Requirement {
  judge(template: Template): Iterable<Judgement>;
}
