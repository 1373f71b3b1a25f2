import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { itWhere } from '../support/where.js';
import { TEMPLATE_PATH, templateText } from './read-template.js';

const LARGEST_INLINE_BODY = 51_200;
const linter = spawnSync('cfn-lint', ['--version']).status === 0;

it('fits into a CreateChangeSet call, so that the template is never uploaded', () => {
  expect(Buffer.byteLength(templateText)).toBeLessThanOrEqual(LARGEST_INLINE_BODY);
});

itWhere(linter, 'cfn-lint is not installed')('passes cfn-lint, informational rules included', () => {
  const run = spawnSync('cfn-lint', ['--include-checks', 'I', '--', TEMPLATE_PATH], { encoding: 'utf8' });
  expect(run.stdout + run.stderr).toBe('');
  expect(run.status).toBe(0);
});
