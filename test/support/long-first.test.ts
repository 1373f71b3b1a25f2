import { expect, it } from 'vitest';
import { orderFiles } from './long-first.js';

it('begins with the folders that take longest, and in each with the larger files', () => {
  const files = [
    { file: 'test/core/large.test.ts', bytes: 90_000 },
    { file: 'test/doctor/breaks/rule.test.ts', bytes: 8_000 },
    { file: 'test/e2e/large.test.ts', bytes: 9_000 },
    { file: 'test/e2e/sweep/small.test.ts', bytes: 500 },
    { file: 'test/audit/b.test.ts', bytes: 100 },
    { file: 'test/audit/a.test.ts', bytes: 100 },
  ];
  expect(orderFiles(files.reverse()).map(({ file }) => file)).toEqual([
    'test/e2e/sweep/small.test.ts',
    'test/e2e/large.test.ts',
    'test/doctor/breaks/rule.test.ts',
    'test/core/large.test.ts',
    'test/audit/a.test.ts',
    'test/audit/b.test.ts',
  ]);
});
