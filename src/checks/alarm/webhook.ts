import { wantedOfWebhook } from './wanted.js';
import { watchCheck } from './watch-check.js';

export const webhookAlarm = watchCheck({
  id: 'alarm.webhook',
  title: "An alarm watches the webhook's server errors",
  severity: 'warn',
  why: 'Stripe repeats what the webhook failed on, for days and then no more; without an alarm nobody knows until it has stopped.',
  nothing: 'the path has no webhook',
  wanted: wantedOfWebhook,
});
