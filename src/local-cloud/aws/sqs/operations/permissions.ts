import type { Operation } from '../../../kernel/service.js';
import { invalidValue, missingParameter } from '../errors.js';
import type { Queues } from '../queues.js';
import type { QueueRecord } from '../records.js';
import { onQueue } from './on-queue.js';

interface Policy {
  Version: string;
  Id?: string;
  Statement: { Sid?: string }[];
}

interface AddPermissionInput {
  QueueUrl?: string;
  Label?: string;
  AWSAccountIds?: string[];
  Actions?: string[];
}

/** AddPermission and RemovePermission: statements of the queue's policy, by label. */
export function permissionOperations(queues: Queues): Record<string, Operation> {
  const save = (queue: QueueRecord, policy: Policy) => {
    const { Policy: _, ...others } = queue.attributes;
    const attributes = policy.Statement.length > 0 ? { ...others, Policy: JSON.stringify(policy) } : others;
    queues.tables.queues.set(queue.arn, { ...queue, attributes, modifiedAt: queues.cloud.clock.now() });
  };
  return {
    AddPermission: onQueue(queues, (queue, input: AddPermissionInput) => {
      const label = input.Label;
      if (!label) throw missingParameter('Label');
      if (!input.AWSAccountIds?.length) throw missingParameter('AWSAccountIds');
      if (!input.Actions?.length) throw missingParameter('Actions');
      const policy = policyOf(queue);
      if (policy.Statement.some(({ Sid }) => Sid === label))
        throw invalidValue(label, 'Label', 'Already exists.');
      const principals = input.AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`);
      const actions = input.Actions.map((action) => `SQS:${action}`);
      const statement = {
        Sid: label,
        Effect: 'Allow',
        Principal: { AWS: oneOrMany(principals) },
        Action: oneOrMany(actions),
        Resource: queue.arn,
      };
      save(queue, { ...policy, Statement: [...policy.Statement, statement] });
      return {};
    }),
    RemovePermission: onQueue(queues, (queue, input: { QueueUrl?: string; Label?: string }) => {
      const label = input.Label;
      if (!label) throw missingParameter('Label');
      const policy = policyOf(queue);
      const kept = policy.Statement.filter(({ Sid }) => Sid !== label);
      if (kept.length === policy.Statement.length) throw invalidValue(label, 'Label', "can't find label.");
      save(queue, { ...policy, Statement: kept });
      return {};
    }),
  };
}

function policyOf(queue: QueueRecord): Policy {
  if (queue.attributes.Policy === undefined)
    return { Version: '2008-10-17', Id: `${queue.arn}/SQSDefaultPolicy`, Statement: [] };
  const policy = JSON.parse(queue.attributes.Policy) as Policy;
  return { ...policy, Statement: [policy.Statement].flat() };
}

function oneOrMany(values: string[]): string | string[] {
  return values.length === 1 ? (values[0] as string) : values;
}
