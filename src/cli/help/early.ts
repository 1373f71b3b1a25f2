/** What can be answered from the manifest alone, without loading a command. */
export type EarlyQuestion = { ask: 'version' } | { ask: 'help'; command: string | null };

const HELP_FLAGS = ['--help', '-h'];

/** Whether the command line asks for help or the version; undefined when it wants something done. */
export function earlyQuestion(argv: readonly string[]): EarlyQuestion | undefined {
  const end = argv.indexOf('--');
  const words = (end === -1 ? argv : argv.slice(0, end)).filter((word) => word !== '--json');
  const [first, second] = words.filter((word) => !HELP_FLAGS.includes(word));
  const asked = words[0] ?? '';
  const alone = words.length === 1 && (asked === '-v' || asked === '-V');
  if (asked === '--version' || asked === 'version' || alone) return { ask: 'version' };
  if (words[0] === 'help') return { ask: 'help', command: second ?? null };
  if (words.length === 0) return { ask: 'help', command: null };
  if (!words.some((word) => HELP_FLAGS.includes(word))) return undefined;
  return { ask: 'help', command: first === undefined || first.startsWith('-') ? null : first };
}
