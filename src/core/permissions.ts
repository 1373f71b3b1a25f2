import type { Check } from './check.js';

/** What a check declares of the permissions that it needs. */
export type Declared = Pick<Check<never>, 'iam' | 'fixIam' | 'stripe' | 'fixStripe'>;

/**
 * What a command needs to be allowed, declared beside its service in `src/<service>/permissions.ts` and listed in
 * `src/policy/commands.ts`. `cachao policy` prints what follows from it; nothing else says what a command may do.
 */
export interface CommandPermissions {
  /** As it is typed, with the flag that needs more than the command alone: `replay-dlq`, `doctor --fix`. */
  command: string;
  /** The checks that it inspects: what they declare it needs too. */
  inspects: readonly Declared[];
  /** Whether it applies their fixes as well. */
  fixes: boolean;
  /** IAM actions of its own, beside those of the checks. */
  iam: readonly string[];
  /** Of these actions, those that it asks of everything, although AWS could decide them thing by thing. */
  everywhere?: readonly string[];
  /** Stripe permissions of its own: `rak_` names without the prefix. */
  stripe: readonly string[];
}
