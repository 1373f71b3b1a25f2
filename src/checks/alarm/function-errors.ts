import { requirement } from '../../requirements/requirement.js';
import { wantedOfFunctions } from './required-metrics.js';
import { watchCheck } from './watch-check.js';

export const functionErrorsAlarm = watchCheck({
  ...requirement('alarm.function-errors'),
  nothing: 'the path has no handler',
  wanted: (_world, path) => wantedOfFunctions(path),
});
