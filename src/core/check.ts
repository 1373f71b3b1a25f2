import type { Verdict } from './finding.js';
import type { Requirement } from './requirement.js';

/** A value that exists only once an earlier change has been made. */
export const KNOWN_AFTER_APPLY = '(known after apply)';

/** One thing that a fix would do, or did. */
export interface Change {
  /** The check it makes true. */
  check: string;
  action: 'create' | 'update' | 'replace' | 'delete' | 'run' | 'wait';
  /** What kind of thing: "Stripe event destination", "event bus". */
  resource: string;
  /** Which one; `KNOWN_AFTER_APPLY` when its name depends on an earlier change. */
  name: string;
  /** What differs, one line each: "enabled_events: + checkout.session.expired". */
  details: string[];
  url?: string;
}

/** Tells the person who waits what is happening. Never carries a secret. */
export interface Progress {
  note(text: string): void;
}

/** A change, and how it is made. `B` is the workbench: the read side and the verbs that change things. */
export interface PlannedChange<B> extends Change {
  /** Logical ids of our stack's resources whose manual changes it reverts. */
  reverts?: readonly string[];
  /**
   * Makes it, idempotently. The check is inspected again afterwards: only that decides.
   * @param agreed everything that the person agreed to in this run
   */
  apply(bench: B, progress: Progress, agreed: readonly PlannedChange<B>[]): Promise<unknown>;
}

/** What would make the check true, from what is known now. Only reads. Empty: nothing to do. */
export type Fix<W, B> = (world: W) => Promise<PlannedChange<B>[]>;

/** One thing that must hold in the world, and how to find out. */
export interface Check<W, B = never> extends Requirement {
  /** When it comes to the other of `fail` and `warn`: the end of a sentence that begins with "when". For `--explain`. */
  otherwise?: string;
  /** Checks that must pass first; else this one is skipped and says which. */
  needs: readonly string[];
  /** Checks that must hold before its fix is made, though it can be looked at without them. */
  fixNeeds?: readonly string[];
  /** IAM actions that `inspect` uses. */
  iam: readonly string[];
  /** IAM actions that the fix uses besides. */
  fixIam?: readonly string[];
  /** Stripe permissions (`rak_` names without the prefix) that `inspect` uses. */
  stripe?: readonly string[];
  fixStripe?: readonly string[];
  /** Says how it has been going, not how it is set up: setup does not look at it. */
  operational?: boolean;
  /** Takes long, so doctor looks at it only with --deep, and setup never. */
  deep?: boolean;
  /** Hard deadline; 30 s unless given. */
  timeoutMs?: number;
  /** Only looks. May throw: AccessDeniedError and CannotLookError become `unknown`. */
  inspect(world: W, signal: AbortSignal): Promise<Verdict>;
  fix?: Fix<W, B>;
  /** The fix deploys, so it repairs nothing of a stack that cachao does not deploy. */
  fixOwnStackOnly?: boolean;
  /** What the fix does not repair, though the check finds it. For `--explain`. */
  fixLeaves?: string;
}
