import type { ErrorTable } from './types.js';

/** Dead-letter queues, archives and comparisons with Stripe. */
export const REPLAY_ERRORS = {
  ARCHIVE_MISSING: {
    what: 'The stack keeps no archive of its events.',
    why: 'It was deployed without one, or it was deleted.',
    next: 'Compare with Stripe instead, which keeps events for 30 days: cachao reconcile',
    example: 'The stack cachao-dev keeps no archive of its events.',
  },
  ARCHIVE_UNTRUSTED: {
    what: 'The archive holds the events of another bus.',
    why: 'Only Stripe can put events on the partner bus; on another bus they may be forged.',
    next: 'Compare with Stripe instead: cachao reconcile',
    example: "The archive events holds the events of event-bus/default, not of this stage's partner bus.",
  },
  DIFFERS_FROM_STRIPE: {
    what: "A message says something else than Stripe's own event of this id.",
    why: 'It was changed or forged on its way.',
    next: 'Find who can send to the queue: cachao doctor --only queue.policy. Then quarantine the message.',
    example: 'DIFFERS_FROM_STRIPE: evt_1 is not what Stripe says',
  },
  DRAIN_LEFT_ON: {
    what: 'The drain could not be switched off after a replay.',
    why: 'It costs invocations, and goes on delivering what comes into the queue.',
    next: 'Switch it off with cachao doctor --fix, or by hand as the message says.',
    example: 'The drain could not be switched off: the event source mapping still takes messages.',
  },
  DRAIN_MISSING: {
    what: 'The stack has no drain function.',
    why: 'It was deployed by an older cachao, or by another tool.',
    next: 'Deploy it with cachao deploy, or replay from here: leave --engine out.',
    example: 'The stack cachao-dev has no drain function.',
  },
  DRAIN_UNTRUSTED: {
    what: 'Others may send to the queue, so the drain does not deliver from it.',
    why: 'A message there could be forged, and the drain has no Stripe key to compare it.',
    next: 'Replay from here, which asks Stripe: leave --engine out. Close the queues with cachao doctor --fix.',
    example: 'Others than the rule and the handler may send to EventsQueue',
  },
  HANDLER_MISSING: {
    what: 'No rule of the stack leads to a function.',
    why: 'There is nothing to deliver to.',
    next: 'Run cachao doctor to see what is missing.',
    example: 'No rule of the stack cachao-dev leads to a function, so there is nothing to deliver to.',
  },
  HANDLER_SWITCHED_OFF: {
    what: 'The function has a reserved concurrency of 0.',
    why: 'Lambda never runs it. Nothing is lost while the messages wait.',
    next: 'Give it concurrency again: in the Lambda console, or with cachao setup --reserved-concurrency.',
    example: 'The function cachao-dev-event has a reserved concurrency of 0: Lambda never runs it.',
  },
  HANDLER_UNKNOWN: {
    what: 'The message does not say which of several functions should have taken it.',
    why: 'cachao delivers to no function by guess.',
    next: 'Look at it with cachao replay-dlq --show ID; cachao reconcile finds and delivers its payment.',
    example: 'HANDLER_UNKNOWN: the message does not say which handler should have taken it',
  },
  JOURNAL_UNWRITABLE: {
    what: 'The journal of the run cannot be written.',
    why: 'What a run does to messages is written down first.',
    next: 'Make room, or name another file with --journal.',
    example: 'The journal .cachao/replay/1.jsonl cannot be written: ENOSPC.',
  },
  MESSAGE_NOT_FOUND: {
    what: 'No such message, and none of this event, is in the queues.',
    why: 'It was replayed or expired, or another consumer holds it at present.',
    next: 'List what waits: cachao replay-dlq --list',
    example: 'No message with the id 1f2e, or of the event 1f2e, is in the dead-letter queues.',
  },
  NOT_DELETED: {
    what: 'The function takes the events, but SQS does not delete the messages.',
    why: 'A permission is missing, or SQS is disturbed. A later delivery changes nothing, because the ledger knows the event.',
    next: 'Have sqs:DeleteMessage allowed, and run the command again.',
    example: 'NOT_DELETED: the function takes the events, but SQS does not delete the messages',
  },
  QUARANTINE_UNWRITABLE: {
    what: 'The directory of the quarantine cannot be written.',
    why: 'A message leaves its queue only after it was written to a file.',
    next: 'Name another directory with --quarantine.',
    example: 'The quarantine ./held cannot be written: EACCES.',
  },
  QUEUES_MISSING: {
    what: 'The stack has no dead-letter queue.',
    why: 'What fails there is dropped. Stripe still knows it.',
    next: 'Run cachao reconcile to find what was lost, and cachao doctor to see what is missing.',
    example: 'Neither the rules nor the functions of the stack shop have a dead-letter queue.',
  },
  UNKNOWN_TO_STRIPE: {
    what: 'Stripe has no event of this id in this account.',
    why: 'It is forged, of another account, or older than 30 days.',
    next: 'Look at it with cachao replay-dlq --show ID, then quarantine it.',
    example: 'UNKNOWN_TO_STRIPE: evt_1',
  },
  UNREADABLE: {
    what: 'No event can be read in a message.',
    why: 'Something else than EventBridge or Lambda sent it.',
    next: 'Look at it with cachao replay-dlq --show ID, then quarantine it.',
    example: 'UNREADABLE: this is no JSON',
  },
  UNVERIFIED: {
    what: 'The drain left a message, because it could not be taken at its word.',
    why: 'It must be compared with Stripe, and the drain has no Stripe key.',
    next: 'Replay from this machine: leave --engine out.',
    example: 'UNVERIFIED: the queue lets others in',
  },
  WINDOW_EMPTY: {
    what: 'The time to compare is empty.',
    why: 'It ends before it begins, or lies more than 30 days back; Stripe keeps events for 30 days.',
    next: 'Give --since a time before --until, at most 30 days ago: --since 7d',
    example: 'There is nothing to compare from 2026-11-02 to 2026-11-01.',
  },
  WRONG_MODE: {
    what: 'A message has a test event on a live stage, or the other way round.',
    why: 'A test payment must never mark a real order paid.',
    next: 'Find who sends it: cachao doctor --only stripe,queue. Then quarantine it.',
    example: 'WRONG_MODE: a test event on a live stage',
  },
} as const satisfies ErrorTable;
