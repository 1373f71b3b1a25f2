import { wantedOfFunctions } from './wanted.js';
import { watchCheck } from './watch-check.js';

export const functionErrorsAlarm = watchCheck({
  id: 'alarm.function-errors',
  title: "An alarm watches the handler's errors, by the function's name",
  severity: 'fail',
  why: 'An alarm whose dimension is anything else than the name, an ARN for instance, watches a metric that does not exist: it never fires, and looks healthy.',
  nothing: 'the path has no handler',
  wanted: (_world, path) => wantedOfFunctions(path),
});
