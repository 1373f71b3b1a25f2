import { ACCOUNT } from '../../../kernel/cloud.js';
import type { Call, Operation } from '../../../kernel/service.js';
import { COMPUTED, defaultAttributes, mergeAttributes, SETTABLE } from '../attributes.js';
import {
  invalidParameter,
  invalidValue,
  missingParameter,
  purgeInProgress,
  queueDeletedRecently,
  queueDoesNotExist,
  queueNameExists,
  unknownAttribute,
  unsupported,
} from '../errors.js';
import { type Queues, queueArn } from '../queues.js';
import type { QueueRecord } from '../records.js';
import { onQueue } from './on-queue.js';
import { page } from './paging.js';

/** For this long a deleted queue's name is not free, and a second purge is refused. */
export const ONE_MINUTE = 60_000;

interface CreateQueueInput {
  QueueName?: string;
  Attributes?: Record<string, unknown>;
  tags?: Record<string, string>;
}

/** Operations on queues as such. */
export function queueOperations(queues: Queues): Record<string, Operation> {
  const { tables, cloud } = queues;
  return {
    CreateQueue: {
      handle: (input: CreateQueueInput, call) => ({ QueueUrl: queues.url(createQueue(queues, input, call)) }),
      resource: (input: CreateQueueInput, call) => queueArn(call.region, String(input.QueueName ?? '')),
    },
    GetQueueUrl: {
      handle: (input: { QueueName?: string; QueueOwnerAWSAccountId?: string }, call) => {
        if (!input.QueueName) throw missingParameter('QueueName');
        if (input.QueueOwnerAWSAccountId !== undefined && input.QueueOwnerAWSAccountId !== ACCOUNT)
          throw queueDoesNotExist();
        return { QueueUrl: queues.url(queues.byArn(queueArn(call.region, input.QueueName))) };
      },
      resource: (input: { QueueName?: string }, call) => queueArn(call.region, String(input.QueueName ?? '')),
      resourcePolicy: (input: { QueueName?: string }, call) =>
        tables.queues.get(queueArn(call.region, String(input.QueueName ?? '')))?.attributes.Policy,
    },
    GetQueueAttributes: onQueue(queues, (queue, input: { QueueUrl?: string; AttributeNames?: string[] }) => {
      const attributes = readAttributes(queues, queue, input.AttributeNames ?? []);
      return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
    }),
    SetQueueAttributes: onQueue(
      queues,
      (queue, input: { QueueUrl?: string; Attributes?: Record<string, unknown> }) => {
        if (!input.Attributes) throw missingParameter('Attributes');
        const attributes = mergeAttributes(queue.attributes, input.Attributes);
        if (input.Attributes.RedrivePolicy) queues.checkRedriveTarget(attributes, queue.arn);
        tables.queues.set(queue.arn, { ...queue, attributes, modifiedAt: cloud.clock.now() });
        return {};
      },
    ),
    ListQueues: {
      handle: (input: { QueueNamePrefix?: string; MaxResults?: number; NextToken?: string }, call) => {
        const names = queues
          .all(call.region)
          .filter((queue) => queue.name.startsWith(input.QueueNamePrefix ?? ''));
        const { items, NextToken } = page(
          names.sort((a, b) => (a.name < b.name ? -1 : 1)),
          (queue) => queue.name,
          input,
        );
        return {
          ...(items.length > 0 ? { QueueUrls: items.map((queue) => queues.url(queue)) } : {}),
          NextToken,
        };
      },
      resource: (_input, call) => queueArn(call.region, '*'),
    },
    DeleteQueue: onQueue(queues, (queue) => {
      queues.remove(queue);
      tables.deletions.set(queue.arn, { arn: queue.arn, at: cloud.clock.now() });
      cloud.clock.after(ONE_MINUTE, () => forgetDeletion(queues, queue.arn));
      return {};
    }),
    PurgeQueue: onQueue(queues, (queue) => {
      if (queue.purging) throw purgeInProgress(queue.name);
      queues.open(queue).purge();
      queues.metrics.touch(queue.arn);
      tables.queues.set(queue.arn, { ...queue, purging: true });
      cloud.clock.after(ONE_MINUTE, () => endPurge(queues, queue.arn));
      return {};
    }),
  };
}

export function forgetDeletion(queues: Queues, arn: string): void {
  queues.tables.deletions.delete(arn);
  queues.cloud.store.flush();
}

export function endPurge(queues: Queues, arn: string): void {
  const queue = queues.tables.queues.get(arn);
  if (!queue?.purging) return;
  const { purging: _, ...rest } = queue;
  queues.tables.queues.set(arn, rest);
  queues.cloud.store.flush();
}

function createQueue(queues: Queues, input: CreateQueueInput, call: Call): QueueRecord {
  const name = input.QueueName;
  if (!name) throw missingParameter('QueueName');
  if (name.endsWith('.fifo'))
    throw unsupported(`The local cloud does not support FIFO queues (queue name ${name}).`);
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
    throw invalidParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const arn = queueArn(call.region, name);
  const existing = queues.tables.queues.get(arn);
  if (existing) return sameQueue(existing, input.Attributes ?? {});
  if (queues.tables.deletions.has(arn)) throw queueDeletedRecently();
  const attributes = mergeAttributes(defaultAttributes(), input.Attributes ?? {});
  queues.checkRedriveTarget(attributes, arn);
  const now = call.cloud.clock.now();
  return queues.tables.queues.set(arn, {
    arn,
    region: call.region,
    name,
    createdAt: now,
    modifiedAt: now,
    attributes,
    tags: { ...input.tags },
  });
}

/** Creating a queue again is harmless as long as what is asked for is what it is. */
function sameQueue(existing: QueueRecord, asked: Record<string, unknown>): QueueRecord {
  const wanted = mergeAttributes(existing.attributes, asked);
  for (const name of Object.keys(asked))
    if (canonical(wanted[name]) !== canonical(existing.attributes[name])) throw queueNameExists(name);
  return existing;
}

function canonical(value: string | undefined): string | undefined {
  if (value === undefined || !value.startsWith('{')) return value;
  const sorted = (node: unknown): unknown =>
    typeof node === 'object' && node !== null && !Array.isArray(node)
      ? Object.fromEntries(
          Object.entries(node)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => [key, sorted(item)]),
        )
      : node;
  return JSON.stringify(sorted(JSON.parse(value)));
}

function readAttributes(queues: Queues, queue: QueueRecord, names: string[]): Record<string, string> {
  for (const name of names)
    if (name !== 'All' && !SETTABLE.includes(name) && !COMPUTED.includes(name)) throw unknownAttribute(name);
  if (names.length === 0) return {};
  const { visible, inFlight, delayed } = queues.open(queue).counts();
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ...queue.attributes,
  };
  if (names.includes('All')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

export function checkRange(
  value: unknown,
  parameter: string,
  least: number,
  greatest: number,
  reason: string,
): void {
  if (value === undefined || value === null) return;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > greatest)
    throw invalidValue(value, parameter, reason);
}
