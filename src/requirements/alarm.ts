import type { RequirementTable } from './types.js';

/** What must hold for the area `alarm`. */
export const ALARM = {
  'alarm.actions': {
    severity: 'fail',
    item: 5,
    title: 'Every alarm notifies a confirmed subscription, and no unknown one',
    why: 'An alarm that nobody receives is no alarm: an address that was never confirmed gets no e-mail, and a topic that CloudWatch may not publish to loses every message without an error.',
  },
  'alarm.function-errors': {
    severity: 'fail',
    item: 5,
    title: "An alarm watches the handler's errors, by the function's name",
    why: 'An alarm whose dimension is anything else than the name, an ARN for instance, watches a metric that does not exist: it never fires, and looks healthy.',
  },
  'alarm.loss': {
    severity: 'fail',
    item: 5,
    title: 'Alarms watch both queues, failed invocations, and failures to reach a queue',
    why: "An event in a queue is a payment that waits for a person; one that reached no queue is lost immediately. Metrics of a rule on a partner bus carry the bus's name and the rule's: an alarm with one of them never fires.",
  },
  'alarm.state': {
    severity: 'fail',
    item: 5,
    title: 'No alarm of the path is ringing',
    why: 'A ringing alarm says that payments are being lost or held up now. That none rings proves little: whether they can ring is what the other checks of alarms look at.',
  },
  'alarm.webhook': {
    severity: 'warn',
    item: 5,
    title: "An alarm watches the webhook's server errors",
    why: 'Stripe repeats what the webhook failed on, for days and then no more; without an alarm nobody knows until it has stopped.',
  },
} as const satisfies RequirementTable;
