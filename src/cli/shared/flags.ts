import { Flags } from '@oclif/core';
import { readDuration, writeDuration } from '../../core/duration.js';

/** The environment twin of a flag: CACHAO_ and its name. */
export const twin = (flag: string): string => `CACHAO_${flag.replaceAll('-', '_').toUpperCase()}`;

const GLOBAL = 'GLOBAL';
const STAGE = 'STAGE';
const SETTINGS = 'SETTINGS';

/** On every command. */
export const globalFlags = {
  json: Flags.boolean({
    summary: 'Print one JSON document on stdout, whatever the outcome.',
    env: twin('json'),
    helpGroup: GLOBAL,
  }),
  verbose: Flags.boolean({
    char: 'v',
    summary: 'Show more: every check, and the origin of each setting.',
    env: twin('verbose'),
    helpGroup: GLOBAL,
  }),
  debug: Flags.boolean({
    summary: 'Log every API call (name, result, duration) to a file in .cachao/log.',
    env: twin('debug'),
    helpGroup: GLOBAL,
  }),
  'no-color': Flags.boolean({
    summary: 'Disable colours, like NO_COLOR.',
    helpGroup: GLOBAL,
  }),
};

/** On every command that works on a stage. */
export const stageFlags = {
  local: Flags.boolean({
    summary: 'Use the embedded AWS and Stripe: no account, no network, no configuration.',
    env: twin('local'),
    helpGroup: STAGE,
  }),
  stage: Flags.string({
    char: 's',
    summary: 'The stage to work on: dev, prod. Each is one complete deployment.',
    helpValue: 'NAME',
    env: twin('stage'),
    helpGroup: STAGE,
  }),
  region: Flags.string({
    summary: 'AWS region (else AWS_REGION, AWS_DEFAULT_REGION, the file, the profile).',
    helpValue: 'REGION',
    env: twin('region'),
    helpGroup: STAGE,
  }),
  profile: Flags.string({
    summary: 'AWS profile (else AWS_PROFILE, the file).',
    helpValue: 'NAME',
    env: twin('profile'),
    helpGroup: STAGE,
  }),
  config: Flags.string({
    summary: 'Configuration file (default: cachao.config.json here or in a parent directory).',
    helpValue: 'FILE',
    env: twin('config'),
    helpGroup: STAGE,
  }),
};

/** On commands that change things. */
export const planFlags = {
  yes: Flags.boolean({
    char: 'y',
    summary: 'Accept the plan without asking. Deleting and live writes need more.',
    env: twin('yes'),
  }),
  'dry-run': Flags.boolean({
    char: 'n',
    summary: 'Only show what would change. Asks nothing, writes nothing.',
    env: twin('dry-run'),
  }),
};

/** On commands that may delete or replace something. */
export const deletionFlags = {
  'allow-deletions': Flags.boolean({
    summary: 'With --yes: also allow deletions and replacements.',
    env: twin('allow-deletions'),
  }),
};

/** On commands that may write where real money is taken. */
export const liveFlags = {
  'confirm-live': Flags.string({
    summary: 'Allow live writes without a prompt; the value is the Stripe account id.',
    helpValue: 'ACCT_ID',
    env: twin('confirm-live'),
  }),
};

const setting = (summary: string, helpValue: string, flag: string) =>
  Flags.string({ summary, helpValue, env: twin(flag), helpGroup: SETTINGS });
const toggle = (summary: string, flag: string) =>
  Flags.boolean({ summary, allowNo: true, env: twin(flag), helpGroup: SETTINGS });

/** On commands that deploy, and on what says how they may. */
export const deployRoleFlags = {
  'deploy-role': setting('Role in whose name CloudFormation works.', 'ROLE_ARN', 'deploy-role'),
};

/** On commands that may have an event delivered to the same handler once more. */
export const idempotentFlags = {
  'handler-is-idempotent': Flags.boolean({
    summary: 'For an unmanaged stack: its handler may receive an event twice without harm.',
    env: twin('handler-is-idempotent'),
  }),
};

/** A stage's settings, on commands that make it: setup, deploy. The configuration reads and checks their texts. */
export const settingFlags = {
  mode: setting('test or live: whether the stage takes real money.', 'MODE', 'mode'),
  currency: setting("The shop's currency, as Stripe writes it.", 'EUR', 'currency'),
  database: setting(
    'Orders database, without a password; ?tls=off where a test server has no TLS.',
    'MYSQL://USER@HOST/SHOP',
    'database',
  ),
  'database-ca': setting(
    "Certificates (PEM) of the authority that signs the database's own.",
    'FILE',
    'database-ca',
  ),
  email: setting('Receives the alarms ("none" for no e-mail).', 'ADDRESS', 'email'),
  webhook: toggle('Have the webhook as a second path.', 'webhook'),
  'delivery-path': setting(
    'Beside an unmanaged stack: eventbridge or webhook, where neither delivers yet.',
    'PATH',
    'delivery-path',
  ),
  ...idempotentFlags,
  'stack-name': setting('CloudFormation stack; cachao-<stage> unless given.', 'NAME', 'stack-name'),
  managed: toggle("Whether the stack is cachao's own to deploy.", 'managed'),
  'reserved-concurrency': setting(
    'Executions reserved for the handler; "none": none.',
    'NUMBER',
    'reserved-concurrency',
  ),
  'log-retention-days': setting('How long logs are kept.', 'DAYS', 'log-retention-days'),
  'throttle-rate': setting('Webhook requests a second in the long run.', 'NUMBER', 'throttle-rate'),
  'throttle-burst': setting('Burst limit of webhook requests.', 'NUMBER', 'throttle-burst'),
  'subnet-ids': setting('Subnets for a database inside a VPC.', 'ID,ID', 'subnet-ids'),
  'security-group-ids': setting('Their security groups.', 'ID,ID', 'security-group-ids'),
  'silence-alarm-hours': setting(
    'Alarm when no event came for so long; "none": no alarm.',
    'HOURS',
    'silence-alarm-hours',
  ),
  'shared-stripe-account': toggle('Other products share the Stripe account.', 'shared-stripe-account'),
  'acknowledged-handlers': setting(
    'Handlers that may take the same events beside ours.',
    'ARN,URL',
    'acknowledged-handlers',
  ),
  'permissions-boundary': setting(
    'Policy that bounds the roles of the functions.',
    'POLICY_ARN',
    'permissions-boundary',
  ),
  ...deployRoleFlags,
};

/** On commands that pay a test order. */
export const checkoutFlags = {
  browser: Flags.boolean({
    summary: 'Pay by hand: print the payment page and wait.',
    env: twin('browser'),
  }),
  open: Flags.boolean({
    summary: 'Pay by hand, and open the payment page in your browser.',
    env: twin('open'),
  }),
};

/** How long each path may take to deliver; a person with a browser needs longer to pay. */
export const checkoutTimeout = (browser: boolean): number => (browser ? 15 : 2) * 60_000;

/** A number of seconds as a flag; milliseconds in the code. */
export const seconds = Flags.custom<number>({
  parse: async (text) => {
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value * 1000;
    throw new Error(`Expected a number of seconds, not "${text}".`);
  },
});

/** A duration as a flag (`90m`, `24h`, `7d`), within bounds; milliseconds in the code. */
export const duration = (bounds: { atLeastMs: number; atMostMs: number }) =>
  Flags.custom<number>({
    parse: async (text) => {
      const value = readDuration(text);
      if (value !== undefined && value >= bounds.atLeastMs && value <= bounds.atMostMs) return value;
      const [least, most] = [bounds.atLeastMs, bounds.atMostMs].map(writeDuration);
      throw new Error(`Expected a duration such as 90m, 24h or 7d, from ${least} to ${most}, not "${text}".`);
    },
  });
