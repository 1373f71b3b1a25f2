import { statSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where the files are that take longest, the longest first: whole programs and clouds run in them. */
const LONGEST = [
  'test/e2e/sweep',
  'test/e2e',
  'test/doctor/breaks',
  'test/load',
  'test/conformance',
  'test/package',
];

/**
 * Long files first, so that the workers end together; larger ones before smaller ones. The order is the same on every
 * machine, and does not depend on how long a run before took.
 */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return orderFiles(
      files.map((spec) => ({
        spec,
        file: path.relative(this.ctx.config.root, spec.moduleId).replaceAll('\\', '/'),
        bytes: statSync(spec.moduleId).size,
      })),
    ).map(({ spec }) => spec);
  }
}

export function orderFiles<T extends { file: string; bytes: number }>(files: readonly T[]): T[] {
  return [...files].sort(
    (a, b) => rankOf(a.file) - rankOf(b.file) || b.bytes - a.bytes || (a.file < b.file ? -1 : 1),
  );
}

function rankOf(file: string): number {
  const rank = LONGEST.findIndex((folder) => file.startsWith(`${folder}/`));
  return rank < 0 ? LONGEST.length : rank;
}
