import { validationError } from '../errors.js';
import type { Configuration, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { resolveMembers } from '../template/intrinsics.js';
import { KNOWN_AFTER_APPLY } from '../template/scope.js';
import { viewOf } from './stack-scope.js';

/**
 * Resolves every value of a configuration as far as it can be before anything is made, as CloudFormation does when it
 * is asked: functions that are malformed, keys that no mapping has, resources that are referred to and not made. An
 * export that is missing shows at the execution only. Throws `ValidationError`.
 */
export function checkValues(
  state: State,
  stack: Pick<Stack, 'id' | 'name' | 'region'>,
  configuration: Configuration,
): void {
  let block = 'Resources';
  const later = (logicalId: string) => {
    if (view.enabled(logicalId)) return KNOWN_AFTER_APPLY;
    throw validationError(
      `Template format error: Unresolved resource dependencies [${logicalId}] in the ${block} block of the template`,
    );
  };
  const view = viewOf(state, stack, configuration, {
    ref: later,
    attribute: later,
    importValue: () => KNOWN_AFTER_APPLY,
  });
  const { template, scope } = view;
  for (const name of Object.keys(template.conditions)) scope.condition(name);
  for (const [logicalId, { properties }] of Object.entries(template.resources))
    if (view.enabled(logicalId)) resolveMembers(properties, scope);
  block = 'Outputs';
  for (const { value, exportName, condition } of Object.values(template.outputs)) {
    if (condition !== undefined && !scope.condition(condition)) continue;
    resolveMembers({ value, ...(exportName === undefined ? {} : { exportName }) }, scope);
  }
}
