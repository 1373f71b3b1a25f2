import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { TEMPLATE_PATH, templateText } from './read-template.js';

const LARGEST_INLINE_BODY = 51_200;
const linter = spawnSync('cfn-lint', ['--version']).status === 0;

it('fits into a CreateChangeSet call, so that the template is never uploaded', () => {
  expect(Buffer.byteLength(templateText)).toBeLessThanOrEqual(LARGEST_INLINE_BODY);
});

it.runIf(linter)('passes cfn-lint, informational rules included', { timeout: 120_000 }, () => {
  const run = spawnSync('cfn-lint', ['--include-checks', 'I', '--', TEMPLATE_PATH], { encoding: 'utf8' });
  expect(run.stdout + run.stderr).toBe('');
  expect(run.status).toBe(0);
});
