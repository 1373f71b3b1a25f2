import { CachaoError } from '../core/errors.js';
import { type AuditOptions, auditText, type Patch, type TemplateAudit } from './audit.js';
import { ResourceBudget } from './patch/budget.js';
import { Pieces } from './patch/pieces.js';
import { PatchPlan } from './patch/plan.js';
import { inOrder } from './patch/splice.js';

/** What one mend makes necessary, the next round sees: a new queue wants its alarm. Far more rounds than that needs. */
const MOST_ROUNDS = 12;
/** Rounds in which nothing came of it, because a patch spoilt the template. */
const MOST_FAILURES = 60;

export interface CorrectOptions extends AuditOptions {
  /** 0: judge only. */
  rounds?: number;
}

export interface Correction {
  /** What was found in the file as it stands. */
  before: TemplateAudit;
  /** The text with every safe patch made, and what was put where. */
  text: string;
  splices: ReturnType<Pieces['splices']>;
  /** What remains in it. */
  after: TemplateAudit;
  /** Findings that could be mended, and were left: the template would have too many resources, or not be one any more. */
  left: string[];
}

/** Makes every safe patch, until none is left. Every text on the way is read again, as anybody would read it. */
export function correct(file: string, text: string, options: CorrectOptions): Correction {
  const before = auditText(file, text, options);
  const run = new Rounds(file, text, options, before);
  const rounds = options.rounds ?? MOST_ROUNDS;
  while (run.done < rounds && run.failed < MOST_FAILURES && run.next()) {}
  const { pieces, after, left } = run;
  return { before, text: pieces.text, splices: pieces.splices(), after, left: [...left] };
}

class Rounds {
  readonly pieces: Pieces;
  readonly left = new Set<string>();
  done = 0;
  failed = 0;
  /** A finding is mended once: one that comes again is not to be had by this patch. */
  readonly #tried = new Set<string>();
  readonly #budget: ResourceBudget;

  constructor(
    readonly file: string,
    text: string,
    readonly options: CorrectOptions,
    public after: TemplateAudit,
  ) {
    this.pieces = new Pieces(text);
    this.#budget = new ResourceBudget(after.document);
  }

  /** Whether there was anything to try. */
  next(): boolean {
    return this.#apply(this.after.patches);
  }

  #mayBeTried({ finding, edits }: Patch): boolean {
    if (this.#tried.has(finding)) return false;
    if (this.#budget.allows(edits)) return true;
    this.left.add(finding);
    return false;
  }

  /** All together; where that gives no template, half of them and the other half, so that one costs only itself. */
  #apply(patches: readonly Patch[]): boolean {
    const plan = new PatchPlan(this.after.document);
    const taken = patches.filter((patch) => {
      if (!this.#mayBeTried(patch) || !plan.take(patch.edits)) return false;
      this.#budget.spend(patch.edits);
      return true;
    });
    if (taken.length === 0) return false;
    const trial = this.pieces.copy();
    trial.apply(inOrder(plan.splices));
    const next = this.#read(trial.text);
    if (next) {
      for (const { finding } of taken) this.#tried.add(finding);
      this.pieces.become(trial);
      this.after = next;
      this.#budget.recount(next.document);
      this.done++;
      return true;
    }
    this.failed++;
    this.#budget.recount(this.after.document);
    if (taken.length > 1) return this.#apply(taken.slice(0, Math.ceil(taken.length / 2)));
    for (const { finding } of taken) {
      this.#tried.add(finding);
      this.left.add(finding);
    }
    return true;
  }

  #read(text: string): TemplateAudit | undefined {
    try {
      return auditText(this.file, text, this.options);
    } catch (error) {
      if (error instanceof CachaoError) return undefined;
      throw error;
    }
  }
}
