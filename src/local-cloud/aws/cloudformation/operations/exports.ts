import type { Call } from '../../../kernel/service.js';
import { importersOf } from '../engine/imports.js';
import { validationError } from '../errors.js';
import { page, type QueryInput, requiredText, text } from '../input.js';
import type { State } from '../state/state.js';

/** ListExports. */
export function listExports(state: State, input: QueryInput, call: Call): object {
  const { items, next } = page(state.exports(call.region), text(input, 'NextToken'), 100);
  return {
    Exports: items.map(({ name, value, stackId }) => ({
      ExportingStackId: stackId,
      Name: name,
      Value: value,
    })),
    NextToken: next,
  };
}

/** ListImports. */
export function listImports(state: State, input: QueryInput, call: Call): object {
  const name = requiredText(input, 'ExportName');
  const importers = importersOf(state, call.region, name);
  if (importers.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
  return { Imports: importers };
}
