import { deliveryComplete } from '../checks/delivery/complete.js';
import type { CommandPermissions } from '../core/permissions.js';

/** What deciding needs is what the check of deliveries needs; the rest shows the way. */
export const tracePermissions: CommandPermissions = {
  command: 'trace',
  inspects: [deliveryComplete],
  fixes: false,
  iam: [
    'cloudformation:DescribeStacks',
    'cloudwatch:GetMetricData',
    'events:DescribeEventSource',
    'events:DescribeRule',
    'lambda:GetFunction',
    'logs:FilterLogEvents',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
  ],
  stripe: [],
};
