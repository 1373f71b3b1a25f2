import { z } from 'zod';
import { ORDER_AMOUNTS } from '../../handlers/contract/order-transition.js';
import { isCurrency } from './currencies.js';
import { databaseUrlProblem } from './database-url.js';

/** Days that CloudWatch Logs accepts as retention. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const STAGE_NAME = /^[a-z0-9][a-z0-9-]{0,19}$/;

export const stageName = z
  .string()
  .regex(STAGE_NAME, 'a stage name has 1 to 20 lower case letters, digits and dashes, not a dash first');

const mute = z
  .strictObject({
    check: z.string().min(1).describe('Id of the check, as the report shows it.'),
    reason: z
      .string()
      .regex(/\S/, 'needs a reason, in words')
      .describe('Why this finding is accepted; shown with it.'),
    until: z.iso.date().optional().describe('Day after which the finding counts again.'),
  })
  .describe('A finding that is known and accepted.');

/** One field per setting; every one is optional in the file. The descriptions become the editor's help. */
export const stageFields = {
  mode: z.enum(['test', 'live']).describe('Whether the stage takes real money.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region looks like eu-west-1')
    .describe('AWS region, as in eu-west-1.'),
  profile: z.string().min(1).nullable().describe('AWS profile; null: the usual credential chain.'),
  stack: z
    .strictObject({
      name: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'a stack name has letters, digits and dashes, a letter first')
        .optional()
        .describe('CloudFormation stack name; cachao-<stage> unless given.'),
      managed: z
        .boolean()
        .optional()
        .describe('false: the stack is deployed with another tool, and cachao deploys nothing.'),
    })
    .describe('The CloudFormation stack.'),
  currency: z
    .string()
    .regex(/^[a-z]{3}$/, 'a currency has three lower case letters, as Stripe writes it: eur')
    .refine(
      (code) => !/^[a-z]{3}$/.test(code) || isCurrency(code),
      'Stripe takes no payments in this currency',
    )
    .describe("The shop's currency: ISO 4217 in lower case, as Stripe writes it."),
  database: z
    .string()
    .superRefine((url, context) => {
      const problem = databaseUrlProblem(url);
      if (problem)
        context.addIssue({ code: 'custom', message: problem.message, params: { code: problem.code } });
    })
    .nullable()
    .describe(
      'Orders database, mysql://user@host:3306/shop. Never with a password. ?tls=verify (the default) uses TLS and verifies the server; ?tls=off does without, for a test stage whose server has none.',
    ),
  databaseCa: z
    .string()
    .min(1)
    .nullable()
    .describe(
      "File with the certificates (PEM) of the authority that signs the database's; null: a public one, or Amazon RDS's.",
    ),
  webhook: z.boolean().describe('Whether the webhook is used as a second path beside EventBridge.'),
  deliveryPath: z
    .enum(['eventbridge', 'webhook'])
    .nullable()
    .describe(
      'Beside an unmanaged stack: the one way by which payments come where none is there yet; null: what the wiring of the stack says.',
    ),
  handlerIsIdempotent: z
    .boolean()
    .describe(
      'For an unmanaged stack: its handlers take an event twice without harm, so that EventBridge and the webhook may both deliver.',
    ),
  email: z.email('this is not an e-mail address').nullable().describe('Receives the alarms.'),
  reservedConcurrency: z
    .int()
    .min(1)
    .max(1000)
    .nullable()
    .describe('Concurrent executions reserved for the event handler; null: none reserved.'),
  logRetentionDays: z
    .union(
      RETENTION_DAYS.map((days) => z.literal(days)),
      `CloudWatch Logs accepts ${RETENTION_DAYS.join(', ')} days`,
    )
    .describe('How long logs are kept, in days.'),
  throttle: z
    .strictObject({
      rate: z.number().positive().max(10_000).optional().describe('Requests a second in the long run.'),
      burst: z.int().positive().max(5_000).optional().describe('Burst limit: requests at the same time.'),
    })
    .describe("The webhook's throttle."),
  vpc: z
    .strictObject({
      subnetIds: z.array(z.string().regex(/^subnet-[0-9a-z]+$/, 'a subnet id looks like subnet-0abc')).min(1),
      securityGroupIds: z
        .array(z.string().regex(/^sg-[0-9a-z]+$/, 'a security group id looks like sg-0abc'))
        .min(1),
    })
    .nullable()
    .describe('Where the functions reach a database inside a VPC.'),
  silenceAlarmHours: z
    .int()
    .min(1)
    .max(24)
    .nullable()
    .describe('Alarm when no event came for so many hours; null: no such alarm.'),
  sharedStripeAccount: z
    .boolean()
    .describe('Other products share the Stripe account: a session without order_id is not an error.'),
  connectedAccounts: z
    .boolean()
    .describe(
      "Payments of connected accounts (Stripe Connect) pay this stage's orders. Otherwise they are refused.",
    ),
  orderAmount: z
    .enum(ORDER_AMOUNTS)
    .describe(
      "Which of a Checkout Session's amounts an order's total_amount is: what was charged (total), the same without the tax that Stripe added (total-without-tax), or the list price before discounts, taxes and shipping (subtotal).",
    ),
  acknowledgedHandlers: z
    .array(z.string().min(1))
    .describe(
      'ARNs of functions and URLs of endpoints that may handle the same events beside ours; and ARNs of subscriptions, and of actions, that may get the alarms.',
    ),
  permissionsBoundary: z
    .string()
    .regex(
      /^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/,
      'a policy looks like arn:aws:iam::123456789012:policy/name',
    )
    .nullable()
    .describe('Policy that bounds the roles of the functions (cachao policy --boundary prints one).'),
  deployRole: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'a role looks like arn:aws:iam::123456789012:role/name')
    .nullable()
    .describe("Role in whose name CloudFormation works; null: in the caller's."),
} as const;

const stage = z.strictObject({ ...stageFields, mute: z.array(mute) }).partial();

/** `cachao.config.json`. */
export const configurationFile = z.strictObject({
  $schema: z.string().optional(),
  defaultStage: stageName.optional().describe('The stage that is meant when none is named.'),
  stages: z.record(stageName, stage).optional().describe('Settings by stage.'),
  mute: z.array(mute).optional().describe('Findings that are accepted on every stage.'),
});

export type ConfigurationFile = z.infer<typeof configurationFile>;
export type StageInFile = z.infer<typeof stage>;
