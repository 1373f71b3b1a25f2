import type { Canvas } from '../../terminal/canvas.js';
import { EXIT_CODES, rows, section } from './layout.js';
import type { ArgumentEntry, CommandEntry, FlagEntry } from './manifest.js';

/** Groups of flags, in the order in which they are shown; those without one come first. */
const GROUPS: readonly [string | undefined, string][] = [
  [undefined, 'FLAGS'],
  ['CHECKS', 'WHICH CHECKS'],
  ['REPAIR', 'REPAIR'],
  ['WATCH', 'WATCH'],
  ['MESSAGES', 'WHICH MESSAGES'],
  ['STAGE', 'WHICH STAGE'],
  ['SETTINGS', 'SETTINGS (kept in cachao.config.json)'],
  ['GLOBAL', 'OUTPUT'],
];

/** Everything about one command. */
export function renderCommandHelp(command: CommandEntry, canvas: Canvas): string {
  const args = Object.values(command.args).filter((arg) => !arg.hidden);
  const flags = Object.values(command.flags).filter((flag) => !flag.hidden);
  const blocks = [
    canvas.wrap(command.summary ?? ''),
    section('USAGE', `  $ ${usageLine(command, args)}`, canvas),
    ...(command.description
      ? [section('DESCRIPTION', canvas.wrap(filledIn(command.description.trim(), command), '  '), canvas)]
      : []),
    ...(args.length > 0 ? [section('ARGUMENTS', rows(args.map(argumentRow), canvas), canvas)] : []),
    ...flagSections(flags, canvas),
    ...(command.examples?.length ? [section('EXAMPLES', examples(command, canvas), canvas)] : []),
    section(
      'EXIT CODES',
      rows(
        Object.entries({ ...EXIT_CODES, ...command.exitCodes }).filter(([, meaning]) => meaning !== ''),
        canvas,
      ),
      canvas,
    ),
    environment(command, flags, canvas),
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function usageLine(command: CommandEntry, args: readonly ArgumentEntry[]): string {
  const words = args.map(({ name, required, multiple }) => {
    const word = `${name.toUpperCase()}${multiple ? '...' : ''}`;
    return required ? word : `[${word}]`;
  });
  return ['cachao', command.id.replaceAll(':', ' '), ...words, '[FLAGS]'].join(' ');
}

function argumentRow({ name, description, options }: ArgumentEntry): [string, string] {
  const choices = options ? ` (${options.join(', ')})` : '';
  return [name.toUpperCase(), `${description ?? ''}${choices}`];
}

function flagSections(flags: readonly FlagEntry[], canvas: Canvas): string[] {
  const named = new Set(GROUPS.map(([group]) => group));
  const inGroup = (group: string | undefined): FlagEntry[] =>
    flags.filter((flag) => (named.has(flag.helpGroup) ? flag.helpGroup : undefined) === group);
  return GROUPS.flatMap(([group, title]) => {
    const members = inGroup(group);
    return members.length === 0 ? [] : [section(title, rows(members.map(flagRow), canvas, 28), canvas)];
  });
}

function flagRow(flag: FlagEntry): [string, string] {
  const short = flag.char ? `-${flag.char}, ` : '    ';
  const name = flag.allowNo ? `--[no-]${flag.name}` : `--${flag.name}`;
  const value = flag.type === 'option' ? `=${valueName(flag)}` : '';
  const notes = [
    flag.required ? 'Required.' : '',
    flag.default === undefined || flag.default === false ? '' : `Default: ${String(flag.default)}.`,
    flag.multiple ? 'May be given more than once.' : '',
  ].filter((note) => note !== '');
  return [`${short}${name}${value}`, [flag.summary ?? flag.description ?? '', ...notes].join(' ')];
}

function valueName(flag: FlagEntry): string {
  if (flag.options) return flag.options.join('|');
  return [flag.helpValue ?? 'VALUE'].flat().join(' ');
}

function examples(command: CommandEntry, canvas: Canvas): string {
  return (command.examples ?? [])
    .map((example) => {
      const { description, command: line } =
        typeof example === 'string' ? { description: '', command: example } : example;
      const shown = `  $ ${canvas.ink('cyan', filledIn(line, command))}`;
      return description === '' ? shown : `${canvas.wrap(description, '  ')}\n${shown}`;
    })
    .join('\n\n');
}

/** The two placeholders that oclif's own texts use. */
function filledIn(text: string, command: CommandEntry): string {
  return text
    .replaceAll('<%= config.bin %>', 'cachao')
    .replaceAll('<%= command.id %>', command.id.replaceAll(':', ' '));
}

/** The twins of flags in one sentence; what else is read, one by one. */
function environment(command: CommandEntry, flags: readonly FlagEntry[], canvas: Canvas): string {
  const own = Object.entries(command.environment ?? {});
  const first = flags.find((flag) => flag.env !== undefined);
  const twins = first
    ? canvas.wrap(`Flags can be given as variables too: --${first.name} as ${first.env}.`, '  ')
    : '';
  const body = [twins, own.length > 0 ? rows(own, canvas) : ''].filter((part) => part !== '').join('\n');
  return body === '' ? '' : section('ENVIRONMENT', body, canvas);
}
