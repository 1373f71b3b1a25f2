import { requirement } from '../../requirements/requirement.js';
import { wantedOfWebhook } from './required-metrics.js';
import { watchCheck } from './watch-check.js';

export const webhookAlarm = watchCheck({
  ...requirement('alarm.webhook'),
  nothing: 'the path has no webhook',
  wanted: wantedOfWebhook,
});
