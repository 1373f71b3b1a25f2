import { RULES } from '../../audit/rules/registry.js';
import { CATALOGUE, type SettingEntry } from '../../config/catalogue.js';
import { describe } from '../../doctor/describe.js';
import { DESCRIBED } from '../doctor/stage.js';
import type { Manifest } from '../help/manifest.js';

const page = (title: string, intro: string, ...parts: string[]): string =>
  `${[`# ${title}`, `Written by \`npm run generate\`. ${intro}`, ...parts].join('\n\n')}\n`;
const code = (text: string): string => `\`${text}\``;
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** Every check of doctor. */
export function checksPage(): string {
  const parts = DESCRIBED.map(describe).map((check) => {
    const facts = [
      `severity: ${check.severity}${check.otherwise === null ? '' : `, and ${check.severity === 'fail' ? 'warn' : 'fail'} when ${check.otherwise}`}`,
      `repaired by --fix: ${check.fixable ? 'yes' : 'no'}${check.fixLeaves === null ? '' : `, but not ${check.fixLeaves}`}`,
      ...(check.needs.length > 0 ? [`needs: ${check.needs.map(code).join(', ')}`] : []),
      ...(check.deep ? ['runs only with --deep or by its id'] : []),
    ];
    return `## ${check.id}\n\n${check.title}.\n\n${check.why}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
  });
  return page(
    'Checks of doctor',
    `${parts.length} checks. \`cachao explain ID\` shows the same with the permissions.`,
    ...parts,
  );
}

/** Every rule of audit. */
export function auditRulesPage(): string {
  const parts = RULES.map(
    ({ id, title, severity, why }) => `## ${id}\n\n${title}.\n\n${why}\n\n- severity: ${severity}`,
  );
  return page(
    'Rules of audit',
    `${parts.length} rules. A finding is accepted with a comment in the template: \`# cachao-audit-ignore RULE: the reason\`.`,
    ...parts,
  );
}

/** What of a JSON schema is read here. */
interface Described {
  description?: string;
  properties?: Record<string, Described>;
  anyOf?: Described[];
}

/**
 * Every setting, and every environment variable of the commands.
 * @param stage JSON schema of one stage in the configuration file
 */
export function settingsPage(stage: Described, manifest: Manifest): string {
  const settings = CATALOGUE.map((entry) => [
    code(entry.key),
    descriptionOf(entry.key, stage),
    code(`--${entry.flag}`),
    entry.variables.map(code).join(', '),
    fallbackOf(entry),
  ]);
  return page(
    'Settings and variables',
    'A value comes from the first of: a flag, a variable, `cachao.config.json`, a default.',
    '## Settings of a stage',
    table(['setting', 'meaning', 'flag', 'variables', 'default'], settings),
    '## Environment variables of flags',
    table(['variable', 'flag', 'commands'], twins(manifest)),
    '## Other environment variables',
    table(['variable', 'meaning'], others(manifest)),
  );
}

/** Of a nested setting its own description, else that of the setting around it. */
function descriptionOf(key: string, stage: Described): string {
  const [outer = '', inner] = key.split('.');
  const around = stage.properties?.[outer];
  const shapes = [around, ...(around?.anyOf ?? [])];
  const own = inner && shapes.map((shape) => shape?.properties?.[inner]?.description).find(Boolean);
  return own || around?.description || '';
}

function fallbackOf({ fallback }: SettingEntry): string {
  if (fallback === undefined) return 'asked';
  if (typeof fallback === 'function') return code(String(fallback('STAGE')));
  return Array.isArray(fallback) && fallback.length === 0 ? 'none' : code(String(fallback ?? 'none'));
}

function twins({ commands }: Manifest): string[][] {
  const found = new Map<string, { flag: string; commands: string[] }>();
  for (const { id, flags } of Object.values(commands))
    for (const { name, env, hidden } of Object.values(flags)) {
      if (env === undefined || hidden) continue;
      const known = found.get(env) ?? { flag: name, commands: [] };
      found.set(env, { ...known, commands: [...known.commands, id.replaceAll(':', ' ')] });
    }
  const all = Object.keys(commands).length;
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([env, { flag, commands: ids }]) => [
      code(env),
      code(`--${flag}`),
      ids.length === all ? 'all' : ids.join(', '),
    ]);
}

function others({ commands }: Manifest): string[][] {
  const found = new Map(
    Object.values(commands).flatMap(({ environment = {} }) => Object.entries(environment)),
  );
  return [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, meaning]) => [code(name), meaning]);
}
