import type { State } from '../state/state.js';
import { resolve } from '../template/intrinsics.js';
import { intrinsic, isObject, type Json } from '../template/model.js';
import { viewOf } from './stack-scope.js';

/** Names of the stacks of a region that import an export. */
export function importersOf(state: State, region: string, exportName: string): string[] {
  return state.stacks
    .values()
    .filter(
      (stack) =>
        stack.region === region &&
        stack.status !== 'DELETE_COMPLETE' &&
        stack.status !== 'REVIEW_IN_PROGRESS',
    )
    .filter((stack) => {
      const { template, scope, enabled } = viewOf(state, stack, stack.configuration);
      const used = Object.entries(template.resources)
        .filter(([id]) => enabled(id))
        .map(([, resource]) => resource.properties as Json);
      return importedNames([...used, ...Object.values(template.outputs).map((output) => output.value)]).some(
        (name) => {
          try {
            return resolve(name, scope) === exportName;
          } catch {
            return false;
          }
        },
      );
    })
    .map((stack) => stack.name);
}

function importedNames(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(importedNames);
  if (!isObject(value)) return [];
  const call = intrinsic(value);
  return [
    ...(call?.[0] === 'Fn::ImportValue' ? [call[1]] : []),
    ...Object.values(value).flatMap(importedNames),
  ];
}
