import { expect, it } from 'vitest';
import { markSkipped } from './skip-reason.js';
import { summarise } from './summary-reporter.js';

type Module = Parameters<typeof summarise>[0][number];
type State = 'passed' | 'failed' | 'skipped' | 'pending';

/** A file as the runner reports it, with its tests' states by their full names. */
function fileOf(relativeModuleId: string, tests: Record<string, State>, state: State = 'passed'): Module {
  const all = Object.entries(tests).map(([fullName, of]) => ({ fullName, result: () => ({ state: of }) }));
  return {
    relativeModuleId,
    state: () => state,
    children: { allTests: () => all.values() },
  } as unknown as Module;
}

it('counts what passed, failed and was skipped', () => {
  const files = [fileOf('a', { one: 'passed', two: 'failed' }, 'failed'), fileOf('b', { three: 'passed' })];
  expect(summarise(files)).toBe('2 passed, 1 failed, 0 skipped');
});

it('tells each reason once, with its files in order and how many tests it kept out', () => {
  const off = (title: string) => `${markSkipped('MariaDB', 'no MariaDB listens')} > ${title}`;
  const files = [
    fileOf('z.test.ts', { [off('one')]: 'skipped', [off('two')]: 'skipped' }),
    fileOf('a.test.ts', {
      [off('one')]: 'skipped',
      [markSkipped('moto', 'moto is not installed')]: 'skipped',
    }),
  ];
  expect(summarise(files).split('\n')).toEqual([
    'Skipped, and why:',
    '  moto is not installed: 1 skipped in a.test.ts',
    '  no MariaDB listens: 3 skipped in a.test.ts, z.test.ts',
    '',
    '0 passed, 0 failed, 4 skipped',
  ]);
});

it('says so where no reason is given', () => {
  expect(summarise([fileOf('a.test.ts', { bare: 'skipped' })])).toContain(
    '  no reason is given: 1 skipped in a.test.ts',
  );
});

it('counts a test that the run did not come to as skipped', () => {
  expect(summarise([fileOf('a.test.ts', { cut: 'pending' })])).toContain('0 passed, 0 failed, 1 skipped');
});

it('counts a file that cannot be loaded as a failure', () => {
  expect(summarise([fileOf('broken.test.ts', {}, 'failed')])).toBe('0 passed, 1 failed, 0 skipped');
});
