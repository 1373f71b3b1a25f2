import type { z } from 'zod';
import { CachaoError } from '../core/errors.js';
import { EXIT } from '../core/exit-code.js';
import { redact } from '../core/secret.js';
import type { SettingEntry, SettingValue } from './catalogue.js';
import { databaseUrlProblem } from './database-url.js';

const YES = ['1', 'true', 'yes', 'on'];
const NO = ['0', 'false', 'no', 'off'];

/**
 * Reads a setting from the text of a flag, a variable or an answer, and checks it by the file's own schema.
 * `source` is named in the error: "--region", "CACHAO_REGION". Throws SETTING_INVALID, PASSWORD_IN_URL.
 */
export async function readValue(entry: SettingEntry, text: string, source: string): Promise<SettingValue> {
  const { stageFields } = await import('./schema.js');
  const field = entry.key.split('.').reduce<unknown>(member, { shape: stageFields }) as z.ZodType;
  const value = fromText(entry, text.trim(), source, field);
  const result = field.safeParse(value);
  if (result.success) return value;
  const problem = entry.key === 'database' ? databaseUrlProblem(text) : undefined;
  throw problem ?? invalid(source, text, result.error.issues[0]?.message ?? 'not allowed');
}

/** `stack`, then `name`: through the wrappers that zod puts around an object. */
function member(schema: unknown, name: string): unknown {
  let inner = schema as { shape?: Record<string, unknown>; unwrap?: () => unknown };
  while (!inner.shape && inner.unwrap) inner = inner.unwrap() as typeof inner;
  return inner.shape?.[name];
}

function fromText(entry: SettingEntry, text: string, source: string, field: z.ZodType): SettingValue {
  if (text === 'none' && field.safeParse(null).success) return null;
  switch (entry.kind) {
    case 'number': {
      const number = Number(text);
      if (text === '' || !Number.isFinite(number)) throw invalid(source, text, 'a number is expected');
      return number;
    }
    case 'boolean':
      return readBoolean(text, source);
    case 'list':
      if (text === 'none') return [];
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return text;
  }
}

/** 1, true, yes, on or 0, false, no, off. Throws SETTING_INVALID. */
export function readBoolean(text: string, source: string): boolean {
  const word = text.toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw invalid(source, text, 'yes or no is expected (1, true, yes, on; 0, false, no, off)');
}

export function invalid(source: string, text: string, reason: string): CachaoError {
  return new CachaoError({
    code: 'SETTING_INVALID',
    message: `${source} is "${redact(text)}": ${reason}.`,
    next: [`Correct ${source}.`],
    exitCode: EXIT.usage,
  });
}
