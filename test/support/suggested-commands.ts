import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
/** Of all commands, for a pattern. */
export const COMMAND_NAMES = readdirSync(path.join(ROOT, 'commands'))
  .map((file) => file.replace(/\.ts$/, ''))
  .join('|');

/** Values that stand for others, in texts and help. */
const STAND_INS: [RegExp, string][] = [
  [/(--[a-z-]+)\$\{[^{}]*\}/g, '$1'],
  [/\$\{[^{}]*\}/g, 'evt_1'],
  [/--(since|until) evt_1\w*/g, '--$1 7d'],
  [/\b(ID|EVENT|ORDER)\b/g, 'evt_1'],
  [/\b(FILE|DIR)\b/g, 'file.json'],
];

export interface Suggestion {
  place: string;
  command: string;
}

/** Every command of README, CONTRIBUTING and the pages below docs, with stand-ins for what is known only at run time. */
export function commandsInPages(): Suggestion[] {
  return ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs', '.md')].flatMap((file) => {
    const page = readFileSync(path.join(ROOT, file), 'utf8');
    const inline = [...page.replace(BLOCK, '').matchAll(/`((?:npx )?cachao [^`]+)`/g)];
    return commandsIn([
      ...blocksOf(page),
      ...inline.map(([, code = '']) => code.replace(/\s*\n\s*/g, ' ')),
    ]).map((command) => ({ place: file, command: withStandIns(command) }));
  });
}

/** Generated, and with examples of what goes wrong. */
const GENERATED = /^docs\/(commands\.md|reference\/)/;

/** The commands in blocks of shell, whole, as they are to be typed. */
export function commandsToType(): string[] {
  const pages = ['README.md', ...filesBelow('docs', '.md')].filter((file) => !GENERATED.test(file));
  const found = pages.flatMap((file) => commandsIn(blocksOf(readFileSync(path.join(ROOT, file), 'utf8'))));
  // What has variables of a script is not typed.
  const whole = found.filter((command) => !command.includes('$'));
  return [...new Set(whole.map((command) => command.replace(/ +/g, ' ')))];
}

/** Of any language: one that is passed over would make the text behind it a block. */
const BLOCK = /^```(\w*)\n([\s\S]*?)^```/gm;
const TYPED = ['', 'sh', 'yaml', 'console'];

/** Line by line, with continued lines joined. */
function blocksOf(page: string): string[] {
  return [...page.matchAll(BLOCK)]
    .filter(([, language = '']) => TYPED.includes(language))
    .flatMap(([, , block = '']) => block.replace(/\\\n/g, ' ').split('\n'));
}

function commandsIn(lines: readonly string[]): string[] {
  return lines
    .flatMap((line) => [...line.matchAll(/(?:^|npx |\$ |\(|: |&& )(cachao (?:[a-z-]+)[^#|)&>]*)/g)])
    .map(([, command = '']) => command.trim())
    .filter((command) => new RegExp(`^cachao (?:${COMMAND_NAMES})(?![\\w-])`).test(command));
}

export function withStandIns(text: string): string {
  return STAND_INS.reduce((result, [pattern, value]) => result.replace(pattern, value), text);
}

/** Words as a shell splits them. */
export function words(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/['"]/g, ''));
}

export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));
}
