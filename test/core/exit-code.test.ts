import { describe, expect, it } from 'vitest';
import { exitCodeOf, worstExitCode } from '../../src/core/exit-code.js';
import type { Finding } from '../../src/core/finding.js';

function finding(
  outcome: Finding['outcome'],
  severity: Finding['severity'] = 'fail',
  muted: Finding['muted'] = null,
): Finding {
  return {
    id: 'x',
    title: '',
    area: 'account',
    severity,
    item: null,
    outcome,
    summary: '',
    expected: null,
    actual: null,
    evidence: [],
    remedy: null,
    muted,
    durationMs: 0,
  };
}

describe('exit codes of findings', () => {
  it.each([
    ['all healthy', [finding('pass'), finding('skipped')], 0],
    ['a failure', [finding('pass'), finding('fail')], 1],
    ['a failure beside something that could not be looked at', [finding('unknown'), finding('fail')], 1],
    ['something that could not be looked at', [finding('pass'), finding('unknown')], 3],
    ['advice that could not be looked at', [finding('unknown', 'warn')], 0],
    ['a warning', [finding('warn', 'warn')], 0],
    ['a muted failure', [finding('fail', 'fail', { reason: 'known', until: null })], 0],
  ] as const)('%s: %#', (_name, findings, expected) => {
    expect(exitCodeOf(findings)).toBe(expected);
  });

  it('counts warnings when strict', () => {
    expect(exitCodeOf([finding('warn', 'warn')], { strict: true })).toBe(1);
  });

  it('puts interruption before usage before unanswered before problems before not knowing', () => {
    expect(worstExitCode([0, 3, 1, 4, 2, 130])).toBe(130);
    expect(worstExitCode([0, 3, 1, 4, 2])).toBe(2);
    expect(worstExitCode([0, 3, 1, 4])).toBe(4);
    expect(worstExitCode([0, 3, 1])).toBe(1);
    expect(worstExitCode([0, 3])).toBe(3);
    expect(worstExitCode([])).toBe(0);
  });
});
