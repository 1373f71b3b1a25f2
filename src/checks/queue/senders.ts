import {
  findDeniedSenders,
  findOtherSenders,
  type QueueAccess,
  type QueueSenders,
  takesPlainHttp,
} from '../../../handlers/contract/queue-trust/senders.js';
import { mergeStatements, statementsOf } from '../../world/policy-document.js';

const SEND = 'sqs:SendMessage';
const NO_REDRIVE = JSON.stringify({ redrivePermission: 'denyAll' });

/** What a queue leaves open, one sentence each. */
export interface Openings {
  /** What the fix closes. */
  missing: string[];
  /** What it cannot close without undoing a person's decision. */
  extra: string[];
}

export function openings(queue: QueueAccess, expected: QueueSenders): Openings {
  const now = told(queue, expected);
  const fixed = told({ ...queue, ...closing(queue, expected) }, expected);
  return {
    missing: now.filter((one) => !fixed.includes(one)),
    extra: now.filter((one) => fixed.includes(one)),
  };
}

function told(queue: QueueAccess, expected: QueueSenders): string[] {
  return [
    ...findOtherSenders(queue, expected),
    ...findDeniedSenders(queue, expected).map((sender) => `${sender} may not send`),
    ...(takesPlainHttp(queue) ? ['messages may come without TLS'] : []),
  ];
}

/** The attributes that let in the expected senders, and whom a person let in besides. */
export function closing(
  queue: QueueAccess,
  expected: QueueSenders,
): { policy: string; redriveAllowPolicy: string } {
  return { policy: closed(queue, expected), redriveAllowPolicy: NO_REDRIVE };
}

/** The policy with our statements merged in. A sender that a person let in stays let in. */
function closed(queue: QueueAccess, expected: QueueSenders): string {
  const ours = statementsOf(queue.policy).find(({ sid }) => sid === 'NobodyElseSends');
  const kept = (key: string) => Object.values(ours?.conditions ?? {}).flatMap((keys) => keys[key] ?? []);
  const exceptions = {
    'aws:SourceArn': [...new Set([...expected.rules, ...kept('aws:sourcearn')])],
    'aws:PrincipalArn': [...new Set([...expected.roles, ...kept('aws:principalarn')])],
  };
  const common = { Resource: queue.arn };
  const deny = { Effect: 'Deny', Principal: '*', ...common };
  return mergeStatements(queue.policy, [
    ...(expected.rules.length > 0
      ? [
          {
            Sid: 'RuleSends',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: SEND,
            ...common,
            Condition: { ArnEquals: { 'aws:SourceArn': single(expected.rules) } },
          },
        ]
      : []),
    ...(expected.roles.length > 0
      ? [
          {
            Sid: 'HandlerSends',
            Effect: 'Allow',
            Principal: { AWS: single(expected.roles) },
            Action: SEND,
            ...common,
          },
        ]
      : []),
    {
      Sid: 'NobodyElseSends',
      ...deny,
      Action: SEND,
      Condition: {
        ArnNotEquals: Object.fromEntries(
          Object.entries(exceptions)
            .filter(([, arns]) => arns.length > 0)
            .map(([key, arns]) => [key, single(arns)]),
        ),
      },
    },
    {
      Sid: 'OnlyOverTls',
      ...deny,
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
}

/** As a template writes it: one value stands alone. */
function single(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
