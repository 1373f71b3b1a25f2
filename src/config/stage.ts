import { basename } from 'node:path';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { nearest } from '../core/nearest.js';
import type { LoadedFile } from './file.js';
import type { Origin } from './settings.js';

const STAGE_NAME = /^[a-z0-9][a-z0-9-]{0,19}$/;
export const LOCAL_STAGE = 'local';
const FIRST_STAGE = 'dev';

export interface ChosenStage {
  name: string;
  origin: Origin;
  /** Who named it: "--stage", "CACHAO_STAGE", the file. */
  source: string;
}

/**
 * Which stage is meant: flag, environment, the file's default or only one, else `dev`. On the local cloud the file's
 * default counts for nothing, and the last resort is `local`.
 * Throws STAGE_INVALID, and STAGE_UNKNOWN when the file does not have it and `mayBeNew` is false.
 */
export function chooseStage(
  given: { flag?: string | undefined; variable?: string | undefined },
  file: LoadedFile | null,
  options: { local: boolean; mayBeNew: boolean },
): ChosenStage {
  const stages = Object.keys(file?.content.stages ?? {});
  const chosen = firstNamed(given, file, stages, options.local);
  if (!STAGE_NAME.test(chosen.name)) throw malformed(chosen);
  const named = chosen.origin === 'flag' || chosen.origin === 'environment' || chosen.origin === 'file';
  if (file && named && !options.mayBeNew && !options.local && !stages.includes(chosen.name))
    throw unknownStage(chosen, file, stages);
  return chosen;
}

function firstNamed(
  given: { flag?: string | undefined; variable?: string | undefined },
  file: LoadedFile | null,
  stages: readonly string[],
  local: boolean,
): ChosenStage {
  if (given.flag !== undefined) return { name: given.flag, origin: 'flag', source: '--stage' };
  if (given.variable) return { name: given.variable, origin: 'environment', source: 'CACHAO_STAGE' };
  // The only stage there is, is meant everywhere; of several, none is the local clouds' own.
  const real = stages.filter((name) => local || name !== LOCAL_STAGE);
  const only = real.length === 1 ? real[0] : undefined;
  const inFile = (local ? undefined : file?.content.defaultStage) ?? only;
  if (file && inFile !== undefined) return { name: inFile, origin: 'file', source: basename(file.path) };
  return { name: local ? LOCAL_STAGE : FIRST_STAGE, origin: 'default', source: 'default' };
}

function malformed(chosen: ChosenStage): CachaoError {
  return new CachaoError({
    code: 'STAGE_INVALID',
    message: `"${chosen.name}" (from ${chosen.source}) is not a stage name.`,
    why: 'The name becomes part of stack, queue and parameter names.',
    next: ['Use 1 to 20 lower case letters, digits and dashes, not a dash first: dev, prod, eu-2.'],
    exitCode: EXIT.usage,
  });
}

function unknownStage(chosen: ChosenStage, file: LoadedFile, stages: readonly string[]): CachaoError {
  const near = nearest(chosen.name, stages);
  return new CachaoError({
    code: 'STAGE_UNKNOWN',
    message: `There is no stage "${chosen.name}" (from ${chosen.source}) in ${file.path}.${near ? ` Did you mean "${near}"?` : ''}`,
    why: stages.length > 0 ? `The file has: ${stages.join(', ')}.` : 'The file has no stage yet.',
    next: [`Make it: cachao setup --stage ${chosen.name}`],
    exitCode: EXIT.usage,
  });
}
