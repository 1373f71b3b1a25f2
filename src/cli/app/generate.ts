import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { configurationFile, stageFields } from '../../config/schema.js';
import { Canvas } from '../../terminal/canvas.js';
import { renderCommandHelp } from '../help/command.js';
import type { Manifest } from '../help/manifest.js';
import { renderRootHelp } from '../help/root.js';
import { SCHEMA_BASE } from '../shared/result.js';
import { sourcePlugin } from './main.js';
import { errorCodesPage } from './reference-errors.js';
import { auditRulesPage, checksPage, settingsPage } from './reference-pages.js';

const PAGE = new Canvas({ colour: false, unicode: true, width: 80 });
const README_BEGIN = '<!-- commands -->';
const README_END = '<!-- commands end -->';

/** What is derived from the code and kept in the repository: path below the root, and text. */
export async function generatedFiles(root: string): Promise<Record<string, string>> {
  const plugin = await sourcePlugin(root, './commands');
  const manifest = asBuilt(plugin.manifest as unknown as Manifest);
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  return {
    'oclif.manifest.json': asJson(manifest),
    'schemas/config.schema.json': asJson(configurationSchema()),
    'docs/commands.md': commandsPage(manifest),
    'docs/reference/error-codes.md': errorCodesPage(),
    'docs/reference/checks.md': checksPage(),
    'docs/reference/audit-rules.md': auditRulesPage(),
    'docs/reference/settings.md': settingsPage(
      z.toJSONSchema(z.strictObject(stageFields), { io: 'input' }) as Parameters<typeof settingsPage>[0],
      manifest,
    ),
    ...(readme.includes(README_BEGIN) ? { 'README.md': withCommands(readme, manifest) } : {}),
  };
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The manifest as the built package needs it: commands lie in `dist`. */
function asBuilt(manifest: Manifest): Manifest {
  const commands = Object.fromEntries(
    Object.entries(manifest.commands)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, command]) => [
        id,
        { ...command, relativePath: ['dist', 'commands', ...`${id}.js`.split(':')] },
      ]),
  );
  return { ...manifest, commands };
}

/** JSON Schema of `cachao.config.json`, for editors and other tools. */
function configurationSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(configurationFile, { io: 'input' });
  return {
    $schema,
    $id: `${SCHEMA_BASE}config.schema.json`,
    title: 'cachao.config.json',
    description:
      'Settings of cachao by stage. Flags and CACHAO_* variables are stronger. No secret belongs here.',
    ...schema,
  };
}

function commandsPage(manifest: Manifest): string {
  const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;
  const pages = visible(manifest).map(
    (command) => `## cachao ${command.id.replaceAll(':', ' ')}\n\n${block(renderCommandHelp(command, PAGE))}`,
  );
  const intro =
    'Written by `npm run generate` from the commands themselves; `cachao COMMAND --help` shows the same.';
  return `${['# Commands', intro, block(renderRootHelp(manifest, PAGE)), ...pages].join('\n\n')}\n`;
}

/** The README's table of commands, between its two marks. */
function withCommands(readme: string, manifest: Manifest): string {
  const rows = visible(manifest).map(
    ({ id, summary }) => `| [\`cachao ${id}\`](docs/commands.md#cachao-${id}) | ${summary ?? ''} |`,
  );
  const table = ['| command | what it does |', '|---|---|', ...rows].join('\n');
  const begin = readme.indexOf(README_BEGIN) + README_BEGIN.length;
  const end = readme.indexOf(README_END);
  if (end < begin) throw new Error(`README.md has ${README_BEGIN} but no ${README_END} after it`);
  return `${readme.slice(0, begin)}\n${table}\n${readme.slice(end)}`;
}

function visible(manifest: Manifest) {
  return Object.values(manifest.commands).filter((command) => !command.hidden);
}
