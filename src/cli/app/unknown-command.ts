import type { CachaoError } from '../../core/errors.js';
import { nearest } from '../../core/nearest.js';
import { usage } from '../shared/usage-error.js';

/** Words by which others call what the commands do. */
const MEANT: Readonly<Record<string, string>> = {
  status: 'doctor',
  check: 'doctor',
  health: 'doctor',
  diagnose: 'doctor',
  watch: 'doctor --watch',
  fix: 'doctor --fix',
  repair: 'doctor --fix',
  init: 'setup',
  install: 'setup',
  configure: 'setup',
  up: 'setup',
  plan: 'setup --dry-run',
  replay: 'replay-dlq',
  redrive: 'replay-dlq',
  resend: 'replay-dlq',
  dlq: 'replay-dlq',
  log: 'trace',
  logs: 'trace',
  follow: 'trace',
  find: 'trace',
  test: 'checkout',
  pay: 'checkout',
  prove: 'checkout',
  lint: 'audit',
  why: 'explain',
  validate: 'audit',
  iam: 'policy',
  permissions: 'policy',
  rotate: 'rotate-secret',
  compare: 'reconcile',
  start: 'local',
  listen: 'local',
  tail: 'local',
  down: 'destroy',
  remove: 'destroy',
  delete: 'destroy',
};

/** A first word that is no command: what was meant, or that the command comes before its flags. */
export function unknownCommand(argv: readonly string[], ids: readonly string[]): CachaoError {
  const [word = ''] = argv;
  if (word.startsWith('-')) {
    const command = argv.find((other) => ids.includes(other));
    // Only the name: what stands behind "=" may be a secret.
    const flag = word.split('=')[0] ?? word;
    return command === undefined
      ? usage('COMMAND_MISSING', `${flag} is where the command should be, and there is no command.`, '')
      : usage('COMMAND_MISSING', `${flag} comes before the command: put "${command}" first.`, command);
  }
  const meant = MEANT[word.toLowerCase()];
  const near = meant && ids.includes(meant.split(' ')[0] ?? '') ? meant : nearest(word, ids);
  const guess = near === undefined ? '' : ` Did you mean "cachao ${near}"?`;
  return usage('COMMAND_UNKNOWN', `There is no command "${word}".${guess}`, '');
}
