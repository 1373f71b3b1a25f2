import type { LocalCloud } from '../../kernel/cloud.js';
import { ACCOUNT } from '../../kernel/cloud.js';
import type { Call, Principal } from '../../kernel/service.js';
import { accessDenied, invalidMember, invalidParameter } from './errors.js';
import type { FunctionRecord } from './function-record.js';

/** The session as which a function, and Lambda on its behalf, acts. */
export function rolePrincipal(record: Pick<FunctionRecord, 'role' | 'name'>): Principal {
  const roleName = record.role.split('/').at(-1) as string;
  return {
    kind: 'role',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/${record.name}`,
    roleArn: record.role,
  };
}

/** Refuses what the caller may not do besides the operation itself (`iam:PassRole`, `lambda:TagResource`). */
export function requireAction(
  call: Call,
  action: string,
  resource: string,
  context?: Record<string, string>,
): void {
  const { principal } = call;
  if (principal.kind === 'service') return;
  const allowed = call.cloud
    .port('iam')
    .allows({ principal, action, resource, ...(context === undefined ? {} : { context }) });
  if (!allowed) throw accessDenied(principal.arn, action, resource);
}

/** The caller may pass the role, and Lambda can assume it. */
export function checkRole(call: Call, role: unknown): string {
  const arn = String(role ?? '');
  if (!/^arn:aws:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/.test(arn))
    throw invalidMember(
      'role',
      arn,
      'Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    );
  requireAction(call, 'iam:PassRole', arn, { 'iam:PassedToService': 'lambda.amazonaws.com' });
  if (!call.cloud.port('iam').assumableBy(arn, 'lambda.amazonaws.com'))
    throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
  return arn;
}

/** Whether the function's role may do it. */
export function roleAllows(
  cloud: LocalCloud,
  record: Pick<FunctionRecord, 'role' | 'name'>,
  action: string,
  resource: string,
): boolean {
  return cloud.port('iam').allows({ principal: rolePrincipal(record), action, resource });
}

/** AWS tries the role's permission when the queue or topic is configured. */
export function checkDeadLetterTarget(
  cloud: LocalCloud,
  record: Pick<FunctionRecord, 'role' | 'name'>,
  target: string,
): void {
  const kind = /^arn:aws:(sqs|sns):/.exec(target)?.[1];
  if (kind === undefined)
    throw invalidParameter(`The dead letter target ${target} is neither an SQS queue nor an SNS topic.`);
  if (target.endsWith('.fifo'))
    throw invalidParameter('FIFO queues and topics are not supported as a dead letter target of a function.');
  const [action, verb, service] =
    kind === 'sqs' ? ['sqs:SendMessage', 'SendMessage', 'SQS'] : ['sns:Publish', 'Publish', 'SNS'];
  if (!roleAllows(cloud, record, action as string, target))
    throw invalidParameter(
      `The provided execution role does not have permissions to call ${verb} on ${service}`,
    );
}
