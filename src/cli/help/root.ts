import type { Canvas } from '../../terminal/canvas.js';
import { EXIT_CODES, rows, section } from './layout.js';
import type { CommandEntry, Manifest } from './manifest.js';

/** How the commands are shown: what for, in the order in which one meets them. */
const GROUPS: readonly [string, readonly string[]][] = [
  ['SET UP', ['setup', 'deploy', 'audit', 'policy']],
  ['WATCH', ['doctor', 'checkout', 'trace', 'explain', 'local']],
  ['RECOVER', ['replay-dlq', 'reconcile', 'rotate-secret']],
  ['CLEAN UP', ['destroy']],
];
const GROUPED = new Set(GROUPS.flatMap(([, ids]) => ids));

/** What cachao is, what to try first, and every command. */
export function renderRootHelp(manifest: Manifest, canvas: Canvas): string {
  const visible = Object.values(manifest.commands).filter((command) => !command.hidden);
  const others = visible.filter((command) => !GROUPED.has(command.id));
  const byIds = (ids: readonly string[]): CommandEntry[] =>
    ids.flatMap((id) => visible.filter((command) => command.id === id));
  const groups: [string, CommandEntry[]][] = [
    ...GROUPS.map(([title, ids]): [string, CommandEntry[]] => [title, byIds(ids)]),
    ['MORE', others],
  ];
  return [
    canvas.wrap(
      `${canvas.ink('bold', 'cachao')} sets up, verifies and keeps working the path from a Stripe payment to a paid order on AWS: event destination, EventBridge, Lambda, database.`,
    ),
    ...(visible.some((command) => command.id === 'setup') ? [firstSteps(canvas)] : []),
    section('USAGE', '  $ cachao COMMAND [FLAGS]', canvas),
    ...groups
      .filter(([, commands]) => commands.length > 0)
      .map(([title, commands]) => section(title, listed(commands, visible, canvas), canvas)),
    section('EXIT CODES', rows(Object.entries(EXIT_CODES), canvas), canvas),
    canvas.wrap(
      'More on one command: cachao COMMAND --help. Settings come from flags, then CACHAO_* variables, then cachao.config.json.',
    ),
  ].join('\n\n');
}

function firstSteps(canvas: Canvas): string {
  return [
    'Try it first, with no account, no network and no configuration:',
    `  $ ${canvas.ink('cyan', 'cachao setup --local')}`,
  ].join('\n');
}

function listed(commands: readonly CommandEntry[], all: readonly CommandEntry[], canvas: Canvas): string {
  const width = Math.max(...all.map((command) => command.id.length));
  return rows(
    commands.map((command) => [canvas.ink('cyan', canvas.pad(command.id, width)), command.summary ?? '']),
    canvas,
    width,
  );
}
