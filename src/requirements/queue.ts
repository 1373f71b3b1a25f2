import type { RequirementTable } from './types.js';

/** What must hold for the area `queue`. */
export const QUEUE = {
  'queue.empty': {
    severity: 'fail',
    item: 2,
    title: 'No message waits in a dead-letter queue',
    why: 'Each message is a payment whose order is not settled. SQS deletes it when it expires, without a notice. At most ten messages of each queue are read and returned immediately; their receive count rises.',
  },
  'queue.encrypted': {
    severity: 'warn',
    item: 2,
    title: 'The dead-letter queues are encrypted',
    why: "The messages carry customers' names and addresses. (With a key that EventBridge may not use they never arrive at all: eventbridge.dlq.)",
  },
  'queue.policy': {
    severity: 'warn',
    item: 2,
    title: 'Only the expected senders may send to the dead-letter queues, over TLS',
    why: 'Messages in these queues are delivered again as payments: anybody who may send to them can mark orders paid.',
  },
  'queue.retention': {
    severity: 'warn',
    item: 2,
    title: 'The dead-letter queues keep messages for 14 days, and pass none on',
    why: 'A message that was not replayed in time is deleted by SQS, and with it the payment; the default is four days: a long weekend.',
  },
} as const satisfies RequirementTable;
