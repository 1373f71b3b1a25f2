import { wantedOfLoss } from './wanted.js';
import { watchCheck } from './watch-check.js';

export const lossAlarm = watchCheck({
  id: 'alarm.loss',
  title: 'Alarms watch both queues, failed invocations, and failures to reach a queue',
  severity: 'fail',
  why: "An event in a queue is a payment that waits for a person; one that reached no queue is lost immediately. Metrics of a rule on a partner bus carry the bus's name and the rule's: an alarm with one of them never fires.",
  nothing: 'the path has neither rule nor queue',
  wanted: wantedOfLoss,
});
