import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { positionOfSyntaxError } from './json-position.js';
import type { ConfigurationFile } from './schema.js';

export const FILE_NAME = 'cachao.config.json';

export interface LoadedFile {
  /** Absolute. */
  path: string;
  /** As it stands on disk. */
  text: string;
  content: ConfigurationFile;
}

/**
 * Reads the configuration: the named file, or the nearest `cachao.config.json` upward from `cwd`; null when there
 * is none. Throws CONFIG_UNREADABLE, CONFIG_NOT_FOUND, CONFIG_INVALID with line and column.
 */
export async function loadFile(cwd: string, named?: string): Promise<LoadedFile | null> {
  if (named !== undefined) {
    const path = resolve(cwd, named);
    const text = await read(path);
    if (text === undefined) throw notFound(path);
    return { path, text, content: await parse(path, text) };
  }
  for (let directory = resolve(cwd); ; directory = dirname(directory)) {
    const path = join(directory, FILE_NAME);
    const text = await read(path);
    if (text !== undefined) return { path, text, content: await parse(path, text) };
    if (directory === dirname(directory)) return null;
  }
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CachaoError({
      code: 'CONFIG_UNREADABLE',
      message: `The configuration ${path} cannot be read: ${message}.`,
      next: ['Make the file readable, or name another one with --config.'],
      exitCode: EXIT.usage,
      cause: error,
    });
  }
}

/** Text to content. An empty file is an empty configuration. */
async function parse(path: string, text: string): Promise<ConfigurationFile> {
  const json = syntax(path, text.replace(/^\uFEFF/, ''));
  const { validate } = await import('./validate.js');
  return validate(path, text, json);
}

function syntax(path: string, text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    const at = positionOfSyntaxError(text, error as Error);
    throw new CachaoError({
      code: 'CONFIG_INVALID',
      message: `${path}${at ? `:${at.line}:${at.column}` : ''} is not JSON: ${briefly(error as Error)}.`,
      next: [
        'Correct the file there. JSON has no comments, no comma after the last member, and double quotes.',
      ],
      exitCode: EXIT.usage,
      cause: error,
    });
  }
}

/** Without the position, which the message carries already, and without the file's text, which may be long. */
function briefly(error: Error): string {
  return error.message
    .replace(/ in JSON at position.*$/s, '')
    .replace(/, (?:\.{3})?".*is not valid JSON$/s, '');
}

function notFound(path: string): CachaoError {
  return new CachaoError({
    code: 'CONFIG_NOT_FOUND',
    message: `There is no configuration ${path}.`,
    next: ['Correct --config (or CACHAO_CONFIG), or leave it out: cachao setup writes the file.'],
    exitCode: EXIT.usage,
  });
}
