import type { z } from 'zod';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { nearest } from '../core/nearest.js';
import { positionOfPath } from './json-position.js';
import { type ConfigurationFile, configurationFile, stageFields } from './schema.js';

type Issue = z.core.$ZodIssue;

/** The file's content, checked. Throws CONFIG_INVALID (or PASSWORD_IN_URL) naming every mistake with its line. */
export function validate(path: string, text: string, json: unknown): ConfigurationFile {
  const result = configurationFile.safeParse(json);
  if (result.success) return result.data;
  const mistakes = result.error.issues.flatMap((issue) => describe(issue, json));
  const lines = mistakes.map((mistake) => {
    const at = positionOfPath(text, mistake.path);
    return `${path}${at ? `:${at.line}:${at.column}` : ''}: ${mistake.text}`;
  });
  throw new CachaoError({
    code: hasPassword(result.error.issues) ? 'PASSWORD_IN_URL' : 'CONFIG_INVALID',
    message: lines.join('\n'),
    next: [
      hasPassword(result.error.issues)
        ? 'Remove the password from the file, change it, and set CACHAO_DATABASE_PASSWORD instead.'
        : 'Correct the file; editors that read its "$schema" line help with the names.',
    ],
    exitCode: EXIT.usage,
  });
}

function hasPassword(issues: readonly Issue[]): boolean {
  return issues.some((issue) => issue.code === 'custom' && issue.params?.code === 'PASSWORD_IN_URL');
}

interface Mistake {
  path: PropertyKey[];
  text: string;
}

function describe(issue: Issue, json: unknown): Mistake[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      text: `"${key}" is not known here${suggestion(key, issue.path)}`,
    }));
  const where = issue.path.join('.') || 'the file';
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => ({ path: [...issue.path], text: `${where}: ${inner.message}` }));
  const value = valueAt(json, issue.path);
  if (value === undefined) return [{ path: [...issue.path], text: `${where} is missing` }];
  const shown = issue.path.includes('database') ? '' : ` (it is ${JSON.stringify(value)})`;
  return [{ path: [...issue.path], text: `${where}: ${issue.message}${shown}` }];
}

function suggestion(key: string, path: readonly PropertyKey[]): string {
  const names = knownAt(path);
  const near = nearest(key, names);
  return near ? `; did you mean "${near}"?` : `; there are ${names.join(', ')}`;
}

/** The member names that are known at a path of the file. */
function knownAt(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return Object.keys(configurationFile.shape);
  const last = path.at(-1);
  if (typeof last === 'number') return ['check', 'reason', 'until'];
  if (path.length === 2) return [...Object.keys(stageFields), 'mute'];
  const members: Record<string, string[]> = {
    stack: Object.keys(stageFields.stack.shape),
    throttle: Object.keys(stageFields.throttle.shape),
    vpc: ['subnetIds', 'securityGroupIds'],
  };
  return members[String(last)] ?? [];
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    json,
  );
}
