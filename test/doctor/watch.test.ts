import { describe, expect, it } from 'vitest';
import type { Finding, Outcome } from '../../src/core/finding.js';
import type { Diagnosis } from '../../src/doctor/diagnose.js';
import { type ChangedFinding, changesBetween, watch } from '../../src/doctor/watch.js';

const finding = (id: string, outcome: Outcome, summary = 'as it is'): Finding => ({
  id,
  title: id,
  area: 'queue',
  severity: 'fail',
  item: null,
  outcome,
  summary,
  expected: null,
  actual: null,
  evidence: [],
  remedy: null,
  muted: null,
  durationMs: 1,
});

const diagnosis = (...findings: Finding[]): Diagnosis => ({
  stage: 'dev',
  mode: 'test',
  region: 'eu-west-1',
  outcome: 'ok',
  exitCode: 0,
  deployed: null,
  findings,
  alsoInspected: [],
});

describe('watching', () => {
  it('tells what stands otherwise than at the look before, until the signal comes', async () => {
    const looks = [
      diagnosis(finding('a', 'pass'), finding('b', 'pass')),
      diagnosis(finding('a', 'fail'), finding('b', 'pass')),
      diagnosis(finding('a', 'fail'), finding('b', 'pass')),
      diagnosis(finding('a', 'pass'), finding('b', 'pass')),
    ];
    const interruption = new AbortController();
    const told: string[][] = [];
    const last = await watch({
      look: async () => looks.shift() as Diagnosis,
      intervalMs: 1,
      seen: (_, changed) => {
        told.push(changed.map(written));
        if (looks.length === 0) interruption.abort();
      },
      signal: interruption.signal,
    });
    expect(told).toEqual([[], ['a: pass -> fail'], [], ['a: fail -> pass']]);
    expect(last.findings[0]?.outcome).toBe('pass');
  });

  it('is quiet about numbers alone, and about how a healthy thing is worded', () => {
    const changes = (before: Finding, after: Finding) => changesBetween([before], [after]).length;
    expect(changes(finding('a', 'fail', '3 wait, 5 min'), finding('a', 'fail', '4 wait, 6 min'))).toBe(0);
    expect(changes(finding('a', 'pass', 'x'), finding('a', 'pass', 'y'))).toBe(0);
    expect(changes(finding('a', 'fail', 'no rule'), finding('a', 'fail', 'no bus'))).toBe(1);
  });
});

const written = ({ before, after }: ChangedFinding) => `${after.id}: ${before?.outcome} -> ${after.outcome}`;
