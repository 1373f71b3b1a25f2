import { queueEmpty } from '../checks/queue/empty.js';
import type { CommandPermissions } from '../core/permissions.js';

/** Reading the queues, invoking the handler, and deleting; the drain inside AWS; the archive. */
export const replayPermissions: CommandPermissions = {
  command: 'replay-dlq',
  inspects: [queueEmpty],
  fixes: true,
  iam: [
    'sts:GetCallerIdentity',
    'cloudformation:ListStackResources',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueUrl',
    'lambda:GetFunction',
    'lambda:InvokeFunction',
    'events:DescribeArchive',
    'events:StartReplay',
    'events:DescribeReplay',
    'events:CancelReplay',
  ],
  stripe: ['event_read', 'connected_account_read'],
};
