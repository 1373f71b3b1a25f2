import { validationError } from '../errors.js';
import type { Output, Stack } from '../state/records.js';
import type { State } from '../state/state.js';
import { resolve } from '../template/intrinsics.js';
import { importersOf } from './imports.js';
import { viewOf } from './stack-scope.js';

/** A stack's outputs as its resources now make them. Throws `ValidationError`, also where exports collide or are in use. */
export function stackOutputs(state: State, stack: Stack): Output[] {
  const { template, scope } = viewOf(state, stack, stack.configuration);
  const outputs: Output[] = [];
  for (const [key, declaration] of Object.entries(template.outputs)) {
    if (declaration.condition !== undefined && !scope.condition(declaration.condition)) continue;
    const value = resolve(declaration.value, scope);
    if (typeof value === 'object')
      throw validationError(
        `Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`,
      );
    outputs.push({
      key,
      value: String(value),
      ...(declaration.description === undefined ? {} : { description: declaration.description }),
      ...(declaration.exportName === undefined
        ? {}
        : { exportName: String(resolve(declaration.exportName, scope)) }),
    });
  }
  checkExports(state, stack, outputs);
  return outputs;
}

function checkExports(state: State, stack: Stack, outputs: Output[]): void {
  const others = state.exports(stack.region).filter((one) => one.stackId !== stack.id);
  for (const { exportName } of outputs) {
    const owner = others.find((one) => one.name === exportName);
    if (owner)
      throw validationError(
        `Export with name ${exportName} is already exported by stack ${state.current(owner.stackId).name}. Rolling back requested by user.`,
      );
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const kept = outputs.find((output) => output.exportName === exportName);
    if (kept?.value === value) continue;
    const importers = importersOf(state, stack.region, exportName);
    const verb = kept ? 'updated' : 'deleted';
    if (importers.length > 0)
      throw validationError(
        `Cannot ${verb.slice(0, -1)} export ${exportName} as it is in use by ${importers.join(' and ')}`,
      );
  }
}
