import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Correction } from '../../src/audit/correct.js';
import { fc } from '../support/property-tests.js';
import { hand, template, written } from './random-template.js';
import { file, mend } from './support.js';

/** Templates of every kind that teams have; and whatever a directory of one's own holds. */
const DIRECTORIES = [
  file('test/fixtures/audit'),
  file('test/fixtures/checklist'),
  process.env.CACHAO_AUDIT_CORPUS,
];

export interface Case {
  name: string;
  text: string;
  made: Correction;
}

/** Some that nobody wrote: every hand, every shape of a value, the mistakes that people make. */
const GENERATED = fc
  .sample(fc.tuple(template, hand), { seed: 18, numRuns: 8 })
  .map(([value, as], index): Case => {
    const name = `generated-${index + 1}.${as.form === 'yaml' ? 'yaml' : 'json'}`;
    const text = written({ Transform: 'AWS::Serverless-2016-10-31', ...value }, as);
    return { name, text, made: mend(text, name) };
  });

const KEPT: readonly Case[] = DIRECTORIES.flatMap((directory) => {
  if (directory === undefined) return [];
  return readdirSync(directory)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .map((name): Case => {
      const text = readFileSync(path.join(directory, name), 'utf8');
      return { name, text, made: mend(text, name) };
    });
});

export const CORPUS: readonly Case[] = [...KEPT, ...GENERATED];

/** Puts every template down as it was and as it is mended. */
export function putDown(directory: string): { before: Map<string, string>; after: Map<string, string> } {
  const put = (folder: string, text: (one: Case) => string): Map<string, string> => {
    mkdirSync(path.join(directory, folder), { recursive: true });
    return new Map(
      CORPUS.map((one) => {
        const target = path.join(directory, folder, one.name);
        writeFileSync(target, text(one));
        return [one.name, target];
      }),
    );
  };
  return { before: put('before', (one) => one.text), after: put('after', (one) => one.made.text) };
}
