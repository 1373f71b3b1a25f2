import type { CachaoError } from '../core/errors.js';
import { nearest } from '../core/nearest.js';
import { usage } from './usage-error.js';

/** A first word that is no command: what was meant, or that the command comes before its flags. */
export function unknownCommand(argv: readonly string[], ids: readonly string[]): CachaoError {
  const [word = ''] = argv;
  if (word.startsWith('-')) {
    const command = argv.find((other) => ids.includes(other));
    // Only the name: what stands behind "=" may be a secret.
    const flag = word.split('=')[0] ?? word;
    return command === undefined
      ? usage('COMMAND_MISSING', `${flag} stands where the command belongs, and there is no command.`, '')
      : usage('COMMAND_MISSING', `${flag} stands before the command: put "${command}" first.`, command);
  }
  const near = nearest(word, ids);
  const guess = near === undefined ? '' : ` Did you mean "cachao ${near}"?`;
  return usage('COMMAND_UNKNOWN', `There is no command "${word}".${guess}`, '');
}
