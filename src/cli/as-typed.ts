import type { Finding } from '../core/finding.js';

/** Commands by which checks name what a machine can do. */
const MAKERS = ['cachao setup', 'cachao deploy', 'cachao doctor --fix'];
/** Flags that say which stage, account and clouds are meant. */
const WHERE = ['stage', 'region', 'profile', 'config'] as const;

type Where = { local: boolean } & { [F in (typeof WHERE)[number]]?: string | undefined };

/** The flags that this run was told where to look with: a command that follows from it has to look there too. */
export function whereFlags(flags: Where): string {
  const named = WHERE.filter((name) => flags[name] !== undefined).map(
    (name) => `--${name} ${quoted(flags[name] ?? '')}`,
  );
  return [...(flags.local ? ['--local'] : []), ...named].map((flag) => ` ${flag}`).join('');
}

/**
 * Findings whose commands can be run as they stand, from where this run was started; `repair` is the command for all
 * that a machine can put right.
 */
export function asTyped(findings: readonly Finding[], where: string, repair: string): Finding[] {
  return findings.map((finding) => {
    const { remedy } = finding;
    if (!remedy) return finding;
    const others = remedy.commands.filter((command) => !MAKERS.includes(command));
    const commands = remedy.fixable ? [repair, ...others] : remedy.commands;
    return {
      ...finding,
      remedy: { ...remedy, commands: commands.map((command) => located(command, where)) },
    };
  });
}

/** The command, told where to look; unless it says so itself. */
export function located(command: string, where: string): string {
  const [program, name, ...rest] = command.split(' ');
  if (program !== 'cachao' || command.includes(' --stage') || command.includes(' --local')) return command;
  return [`${program} ${name}`, ...rest].join(' ') + where;
}

const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
