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
    summary: 'How the report is written; json is --json.',
    env: 'CACHAO_FORMAT',
    default: 'text',
  }),
  open: Flags.boolean({
    summary: 'Open the console page of what failed first in your browser.',
    env: 'CACHAO_OPEN',
  }),
  strict: Flags.boolean({ summary: 'Warnings count as problems: exit 1.', env: 'CACHAO_STRICT' }),
  since: duration({ atLeastMs: MINUTE, atMostMs: LONGEST_WINDOW })({
    summary: 'How far back checks of what happened lately look: 90m, 7d. A day unless given.',
    helpValue: '24h',
    env: 'CACHAO_SINCE',
  }),
  only: names('Only these checks; those they need are looked at too.', 'CACHAO_ONLY'),
  skip: names('Without these checks.', 'CACHAO_SKIP'),
  deep: Flags.boolean({ summary: 'Also checks that take long.', env: 'CACHAO_DEEP', helpGroup: CHECKS }),
  'end-to-end': Flags.boolean({
    summary: 'Also a test checkout, followed on every path.',
    env: 'CACHAO_END_TO_END',
    helpGroup: CHECKS,
  }),
  'checkout-timeout': seconds({
    summary: 'How long each path may take to deliver it; 120 unless given.',
    helpValue: 'SECONDS',
    env: 'CACHAO_CHECKOUT_TIMEOUT',
    helpGroup: CHECKS,
  }),
  'list-checks': Flags.boolean({
    summary: 'List every check, and look at nothing.',
    env: 'CACHAO_LIST_CHECKS',
    helpGroup: CHECKS,
  }),
  explain: Flags.string({
    summary: 'Say what a check is about, and look at nothing.',
    helpValue: 'ID',
    env: 'CACHAO_EXPLAIN',
    helpGroup: CHECKS,
  }),
  fix: Flags.boolean({
    summary: 'Repair what a machine can: plan, confirm, repair, look again.',
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
    summary: 'With --fix: only show what would be changed.',
    env: 'CACHAO_DRY_RUN',
    helpGroup: REPAIR,
  }),
  'allow-deletions': Flags.boolean({
    summary: 'With --yes: also when something would be deleted, or the stack would replace something.',
    env: 'CACHAO_ALLOW_DELETIONS',
    helpGroup: REPAIR,
  }),
  'confirm-live': Flags.string({
    summary: "Allow live writes, by the Stripe account's id where nobody can type it.",
    helpValue: 'ACCT_ID',
    env: 'CACHAO_CONFIRM_LIVE',
    helpGroup: REPAIR,
  }),
  watch: Flags.boolean({
    char: 'w',
    summary: 'Look again and again, and show what changes. Ctrl-C ends it.',
    env: 'CACHAO_WATCH',
    helpGroup: WATCH,
  }),
  interval: duration({ atLeastMs: 1_000, atMostMs: 24 * 60 * MINUTE })({
    summary: 'Between two looks; 60s unless given.',
    helpValue: '60s',
    env: 'CACHAO_INTERVAL',
    helpGroup: WATCH,
  }),
  ...stageFlags,
  'all-stages': Flags.boolean({
    summary: 'Every stage of the configuration file, in one report.',
    env: 'CACHAO_ALL_STAGES',
    helpGroup: 'STAGE',
  }),
};

export type DoctorFlags = Interfaces.InferredFlags<typeof doctorFlags & typeof globalFlags>;
