import { requirement } from '../../requirements/requirement.js';
import { wantedOfLoss } from './required-metrics.js';
import { watchCheck } from './watch-check.js';

export const lossAlarm = watchCheck({
  ...requirement('alarm.loss'),
  nothing: 'the path has neither rule nor queue',
  wanted: wantedOfLoss,
});
