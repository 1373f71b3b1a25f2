import { Flags, type Interfaces } from '@oclif/core';
import { duration, type globalFlags, seconds, stageFlags } from '../shared/flags.js';

export const FORMATS = ['text', 'json', 'junit', 'sarif', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

const CHECKS = 'CHECKS';
const REPAIR = 'REPAIR';
const WATCH = 'WATCH';
const MINUTE = 60_000;
/** Stripe keeps its events no longer. */
const LONGEST_WINDOW = 30 * 24 * 60 * MINUTE;

const names = (summary: string, env: string) =>
  Flags.string({ summary, env, helpValue: 'ID,AREA', helpGroup: CHECKS, multiple: true, delimiter: ',' });

export const doctorFlags = {
  format: Flags.option({ options: FORMATS })({
    summary: 'Report format (for json, use --json).',
    env: 'CACHAO_FORMAT',
    default: 'text',
  }),
  open: Flags.boolean({
    summary: 'Open the console page of the first failure in your browser.',
    env: 'CACHAO_OPEN',
  }),
  strict: Flags.boolean({ summary: 'Warnings count as problems: exit 1.', env: 'CACHAO_STRICT' }),
  since: duration({ atLeastMs: MINUTE, atMostMs: LONGEST_WINDOW })({
    summary: 'Time window for checks of recent events: 90m, 7d (default 24h).',
    helpValue: '24h',
    env: 'CACHAO_SINCE',
  }),
  only: names('Only these checks, and the checks they depend on.', 'CACHAO_ONLY'),
  skip: names('Without these checks.', 'CACHAO_SKIP'),
  deep: Flags.boolean({ summary: 'Include slow checks.', env: 'CACHAO_DEEP', helpGroup: CHECKS }),
  'end-to-end': Flags.boolean({
    summary: 'Include a test checkout, followed on every path.',
    env: 'CACHAO_END_TO_END',
    helpGroup: CHECKS,
  }),
  'checkout-timeout': seconds({
    summary: 'Time limit for each delivery path (default 120).',
    helpValue: 'SECONDS',
    env: 'CACHAO_CHECKOUT_TIMEOUT',
    helpGroup: CHECKS,
  }),
  'list-checks': Flags.boolean({
    summary: 'List every check, without running any.',
    env: 'CACHAO_LIST_CHECKS',
    helpGroup: CHECKS,
  }),
  explain: Flags.string({
    summary: 'Explain a check, without running it.',
    helpValue: 'ID',
    env: 'CACHAO_EXPLAIN',
    helpGroup: CHECKS,
  }),
  fix: Flags.boolean({
    summary: 'Fix what can be fixed automatically: plan, confirm, apply, check again.',
    env: 'CACHAO_FIX',
    helpGroup: REPAIR,
  }),
  yes: Flags.boolean({
    char: 'y',
    summary: 'Accept the plan without asking. Deleting and live writes need more.',
    env: 'CACHAO_YES',
    helpGroup: REPAIR,
  }),
  'dry-run': Flags.boolean({
    char: 'n',
    summary: 'With --fix: only show what would change.',
    env: 'CACHAO_DRY_RUN',
    helpGroup: REPAIR,
  }),
  'allow-deletions': Flags.boolean({
    summary: 'With --yes: also allow deletions, and replacements in the stack.',
    env: 'CACHAO_ALLOW_DELETIONS',
    helpGroup: REPAIR,
  }),
  'confirm-live': Flags.string({
    summary: 'Allow live writes without a prompt; the value is the Stripe account id.',
    helpValue: 'ACCT_ID',
    env: 'CACHAO_CONFIRM_LIVE',
    helpGroup: REPAIR,
  }),
  watch: Flags.boolean({
    char: 'w',
    summary: 'Check repeatedly and show what changes, until Ctrl-C.',
    env: 'CACHAO_WATCH',
    helpGroup: WATCH,
  }),
  interval: duration({ atLeastMs: 1_000, atMostMs: 24 * 60 * MINUTE })({
    summary: 'Interval between checks (default 60s).',
    helpValue: '60s',
    env: 'CACHAO_INTERVAL',
    helpGroup: WATCH,
  }),
  ...stageFlags,
  'all-stages': Flags.boolean({
    summary: 'Check every stage in the configuration file, in one report.',
    env: 'CACHAO_ALL_STAGES',
    helpGroup: 'STAGE',
  }),
};

export type DoctorFlags = Interfaces.InferredFlags<typeof doctorFlags & typeof globalFlags>;
