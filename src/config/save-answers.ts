import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CachaoError } from '../core/errors.js';
import type { SettingKey, SettingValue } from './catalogue.js';
import { FILE_NAME, loadFile } from './file.js';
import { LOCAL_STAGE } from './stage.js';

const SCHEMA_IN_PACKAGE = join('node_modules', 'cachao', 'schemas', 'config.schema.json');

export interface SaveTarget {
  /** The file that was read, or named by `--config`; null: `cachao.config.json` in `cwd`. */
  path: string | null;
  cwd: string;
}

/**
 * Merges answers into a stage of the configuration file, in one atomic step; makes the file when there is none.
 * Everything else in it stays, in its order and with its indentation. Nothing is written when nothing changes.
 * Returns the file's path. Throws CONFIG_INVALID when the file does not hold up, CONFIG_NOT_SAVED.
 */
export async function saveAnswers(
  target: SaveTarget,
  stage: string,
  answers: Partial<Record<SettingKey, SettingValue>>,
): Promise<string> {
  const path = target.path ?? join(resolve(target.cwd), FILE_NAME);
  const before = existsSync(path) ? ((await loadFile(dirname(path), path))?.text ?? '') : '';
  const content = before.trim() === '' ? {} : parsed(before);
  merge(content, path, stage, answers);
  const after = `${JSON.stringify(content, null, indentationOf(before))}\n`;
  if (JSON.stringify(content) !== JSON.stringify(before.trim() === '' ? {} : parsed(before)))
    await replace(path, after);
  return path;
}

type Members = Record<string, unknown>;

const parsed = (text: string): Members => JSON.parse(text.replace(/^\uFEFF/, '')) as Members;

function merge(content: Members, path: string, stage: string, answers: Partial<Record<SettingKey, unknown>>) {
  if (Object.keys(content).length === 0) content.$schema = schemaLine(path);
  // What is meant where no stage is named is one of real accounts.
  if (stage !== LOCAL_STAGE) content.defaultStage ??= stage;
  const settings = memberOf(memberOf(content, 'stages'), stage);
  for (const [key, value] of Object.entries(answers)) {
    const names = key.split('.');
    const last = names.pop() as string;
    const parent = names.reduce((members, name) => memberOf(members, name), settings);
    parent[last] = value;
  }
}

function memberOf(members: Members, name: string): Members {
  const existing = members[name];
  if (typeof existing === 'object' && existing !== null) return existing as Members;
  const made: Members = {};
  members[name] = made;
  return made;
}

/** Where the nearest installed cachao keeps the schema, as seen from the file. */
function schemaLine(path: string): string {
  const from = dirname(path);
  for (let directory = from; ; directory = dirname(directory)) {
    const candidate = join(directory, SCHEMA_IN_PACKAGE);
    if (existsSync(candidate)) return asReference(relative(from, candidate));
    if (directory === dirname(directory)) return asReference(SCHEMA_IN_PACKAGE);
  }
}

const asReference = (path: string): string => {
  const slashed = path.split(sep).join('/');
  return slashed.startsWith('.') ? slashed : `./${slashed}`;
};

function indentationOf(text: string): string {
  return /^\{\r?\n([ \t]+)"/.exec(text.replace(/^\uFEFF/, ''))?.[1] ?? '  ';
}

/** Writes beside it, then renames: a reader sees the old file or the new one. A link is followed, the mode kept. */
async function replace(path: string, text: string): Promise<void> {
  const real = await realpath(path).catch(() => path);
  const temporary = `${real}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const mode = await stat(real).then(
      (existing) => existing.mode & 0o777,
      () => undefined,
    );
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (mode !== undefined) await chmod(temporary, mode);
    await rename(temporary, real);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new CachaoError({
      code: 'CONFIG_NOT_SAVED',
      message: `The answers could not be saved to ${path}: ${(error as Error).message}.`,
      next: ['Make the directory writable, or name another file with --config.'],
      cause: error,
    });
  }
}
