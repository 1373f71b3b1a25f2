import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Command, Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { globalFlags } from '../../src/cli/shared/flags.js';
import {
  COMMAND_NAMES,
  commandsInPages,
  filesBelow,
  ROOT,
  type Suggestion,
  withStandIns,
  words,
} from '../support/suggested-commands.js';

const MANIFEST = JSON.parse(readFileSync(path.join(ROOT, 'oclif.manifest.json'), 'utf8')) as {
  commands: Record<string, { flags: Record<string, { type: 'boolean' | 'option' }> }>;
};
const IN_CODE = new RegExp(
  `\\bcachao (?:${COMMAND_NAMES})(?![\\w-])(?:(?: |=)(?:'[^']*'|"[\\w -]*"|[^\\s'"\`|;,)\\]]+))*`,
  'g',
);
/** Commands that are about one thing, which they need to be told. */
const NAMES_ONE = /^(trace|explain)$/;
const SUGGESTIONS = suggestions();

describe('every command that is suggested anywhere', () => {
  it('is found, in code and on pages', () => {
    expect(SUGGESTIONS.filter(({ place }) => place.endsWith('.ts')).length).toBeGreaterThan(120);
    expect(SUGGESTIONS.filter(({ place }) => place.endsWith('.md')).length).toBeGreaterThan(60);
  });

  it('is understood by the command line as it stands', async () => {
    const refused: string[] = [];
    for (const { place, command } of SUGGESTIONS) {
      const reason = await refusal(command);
      if (reason) refused.push(`${place}: ${command}: ${reason}`);
    }
    expect(refused).toEqual([]);
  });

  it('--yes and --dry-run are understood by what could ask or change something', async () => {
    for (const command of [
      'reconcile --apply --dry-run --yes',
      'checkout --yes',
      'replay-dlq --dry-run --yes',
    ])
      expect(await refusal(`cachao ${command}`)).toBeUndefined();
  });

  it('a command line with a mistake in it would be seen', async () => {
    expect(await refusal('cachao doctor --fixx')).toContain('--fixx');
    expect(await refusal('cachao reconcile --since yesterdayish')).toContain('--since');
    expect(await refusal('cachao trace')).toContain('required');
    expect(await refusal('cachao reconcile --include-before')).toContain('--apply');
    expect(await refusal('cachao mend')).toContain('no command');
  });
});

/** Every command that code, template, README and docs name, with stand-ins for what is known only at run time. */
function suggestions(): Suggestion[] {
  return [
    ...filesBelow('src', '.ts').filter((file) => !file.startsWith('src/local-cloud/')),
    ...filesBelow('commands', '.ts'),
    ...filesBelow('handlers', '.ts'),
    'infra/template.yaml',
  ]
    .flatMap((file) => inCode(file))
    .concat(commandsInPages().map(({ place, command }) => ({ place, command: complete(command) })));
}

/** Why the command would end as wrong usage; undefined when it would not. Nothing is run. */
async function refusal(command: string): Promise<string | undefined> {
  const [, name = '', ...argv] = words(command);
  if (name.startsWith('-')) return ['--version', '--help'].includes(name) ? undefined : `no flag ${name}`;
  if (!readdirSync(path.join(ROOT, 'commands')).includes(`${name}.ts`)) return `no command ${name}`;
  if (argv.includes('--help')) return undefined;
  const { default: Loaded } = (await import(`../../commands/${name}.ts`)) as { default: typeof Command };
  try {
    await Parser.parse(argv, {
      flags: { ...globalFlags, ...Loaded.flags },
      args: Loaded.args,
      strict: Loaded.strict,
    });
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n').slice(0, 2).join(' ');
  }
}

/** In literals: what follows a command's name and is no flag, no value and no id is prose. */
function inCode(file: string): Suggestion[] {
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const lines = source.split('\n').filter((line) => !/^\s*(\*|\/\/|\/\*\*)/.test(line));
  return lines.flatMap((line) =>
    [...withStandIns(line).matchAll(IN_CODE)].map(([command]) => ({
      place: file,
      command: withoutProse(command),
    })),
  );
}

/** The command with its flags and their values; an id where the command needs one and a sentence names none. */
function withoutProse(text: string): string {
  const [program = '', name = '', ...rest] =
    text.replace(/[.:](?= |$)/g, '').match(/"[^"]*"|'[^']*'|[^ ]+/g) ?? [];
  const flags = MANIFEST.commands[name]?.flags ?? {};
  const kept = [program, name];
  if (NAMES_ONE.test(name)) kept.push('evt_1');
  const queue = rest.filter((word) => word !== 'evt_1' || rest.some((other) => other.startsWith('-')));
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (!word.startsWith('-') && !(NAMES_ONE.test(name) && word === 'evt_1')) break;
    if (word.startsWith('-')) kept.push(word);
    if (flags[word.slice(2)]?.type === 'option') kept.push(queue.shift() ?? 'evt_1');
  }
  return kept.join(' ');
}

/** `cachao trace` or `explain` named in a sentence: what it needs is not said there. */
function complete(command: string): string {
  return command.replace(/^cachao (trace|explain)(?= --|$)/, '$& evt_1');
}
