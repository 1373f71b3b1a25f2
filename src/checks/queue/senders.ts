import { paymentPath } from '../../world/payment-path.js';
import {
  isForEverybody,
  mergeStatements,
  type Statement,
  speaksOf,
  statementsOf,
} from '../../world/policy-document.js';
import type { World } from '../../world/world.js';
import type { FoundQueue } from './queues.js';

const SEND = 'sqs:SendMessage';
const NOT_EQUAL = ['ArnNotEquals', 'ArnNotLike', 'StringNotEquals', 'StringNotLike'];

/** Who is meant to put messages into a queue: rules by ARN, and the handler's role. */
export interface Senders {
  rules: string[];
  roles: string[];
}

export async function expectedSenders(world: World, queue: FoundQueue): Promise<Senders> {
  const path = await paymentPath(world);
  const handlers = (path?.functions ?? []).filter(({ role }) => role === 'event');
  const functions = queue.purposes.includes('function')
    ? await Promise.all(handlers.map(({ name }) => world.lambda.function(name)))
    : [];
  return {
    rules: queue.purposes.includes('delivery') ? (path?.rules ?? []).map((rule) => rule.arn) : [],
    roles: [...new Set(functions.filter((found) => found !== undefined).map((found) => found.roleArn))],
  };
}

/** What a queue's policy leaves open, one sentence each. `extra` cannot be closed without undoing a person's decision. */
export function openings(queue: FoundQueue, expected: Senders): { missing: string[]; extra: string[] } {
  const statements = statementsOf(queue.policy);
  const wanted = [...expected.rules, ...expected.roles];
  const excepted = statements.map(exceptedSenders).filter((senders) => senders !== undefined);
  // Every denial must let a sender through; it is kept out by any one that does not.
  const shutOut = wanted.filter((sender) => excepted.some((senders) => !senders.includes(sender)));
  const [first, ...rest] = excepted;
  const extra = (first ?? []).filter(
    (sender) => !wanted.includes(sender) && rest.every((senders) => senders.includes(sender)),
  );
  return {
    missing: [
      ...(excepted.length === 0 ? ['anybody in the account whose own policy allows it may send'] : []),
      ...shutOut.map((sender) => `${sender} may not send`),
      ...(statements.some(asksForTls) ? [] : ['messages may come without TLS']),
    ],
    extra: extra.map((sender) => `${sender} may send as well`),
  };
}

/** The policy with our statements merged in. A sender that a person let in stays let in. */
export function closed(queue: FoundQueue, expected: Senders): string {
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

/** Whom a statement that keeps everybody from sending lets through; undefined when it is none. */
function exceptedSenders(statement: Statement): string[] | undefined {
  if (statement.effect !== 'Deny' || !isForEverybody(statement) || !speaksOf(statement, SEND))
    return undefined;
  const operators = Object.entries(statement.conditions);
  if (operators.length === 0) return [];
  const keys = operators.flatMap(([operator, values]) =>
    Object.entries(values).map(([key, arns]) => ({ operator, key, arns })),
  );
  const bySender = keys.every(
    ({ operator, key }) =>
      NOT_EQUAL.includes(operator) && (key === 'aws:sourcearn' || key === 'aws:principalarn'),
  );
  return bySender ? keys.flatMap(({ arns }) => arns) : undefined;
}

function asksForTls(statement: Statement): boolean {
  const conditions = Object.entries(statement.conditions);
  const secure = statement.conditions.Bool?.['aws:securetransport'];
  return (
    statement.effect === 'Deny' &&
    isForEverybody(statement) &&
    speaksOf(statement, SEND) &&
    conditions.length === 1 &&
    secure?.join() === 'false'
  );
}

/** As a template writes it: one value stands alone. */
function single(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
