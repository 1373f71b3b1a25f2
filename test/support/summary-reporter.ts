import type { Reporter, TestModule } from 'vitest/node';
import { skipReason } from './skip-reason.js';

/** The end of a test run: what was skipped and why, in one place, and the counts. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    process.stdout.write(`\n${summarise(modules)}\n`);
  }
}

export function summarise(
  modules: readonly Pick<TestModule, 'children' | 'relativeModuleId' | 'state'>[],
): string {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const left = new Map<string, { tests: number; files: Set<string> }>();
  for (const module of modules) {
    let tests = 0;
    for (const test of module.children.allTests()) {
      tests += 1;
      const { state } = test.result();
      if (state === 'passed' || state === 'failed') counts[state] += 1;
      else {
        counts.skipped += 1;
        const reason = skipReason(test.fullName) ?? 'no reason is given';
        const of = left.get(reason) ?? { tests: 0, files: new Set() };
        left.set(reason, { tests: of.tests + 1, files: of.files.add(module.relativeModuleId) });
      }
    }
    // A file that cannot even be loaded has no test that could fail.
    if (tests === 0 && module.state() === 'failed') counts.failed += 1;
  }
  const lines = [...left].map(
    ([reason, { tests, files }]) => `  ${reason}: ${tests} skipped in ${[...files].sort().join(', ')}`,
  );
  const heading = lines.length > 0 ? ['Skipped, and why:', ...lines.sort(), ''] : [];
  return [...heading, `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`].join(
    '\n',
  );
}
