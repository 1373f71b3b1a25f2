import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKS } from '../../../src/checks/registry.js';
import type { Finding, Outcome } from '../../../src/core/finding.js';
import { describe } from '../../../src/doctor/describe.js';
import { askAdmin } from '../../support/local-cloud.js';
import { type SetUpStage, type StageOptions, setUpStage } from './set-up-stage.js';

/** One way to lose payments, and what doctor has to say about it. */
export interface Breakage {
  /** "The rule is disabled": the test's name. */
  broken: string;
  /** The check that must find it. */
  check: string;
  /** What it must say. */
  reason: RegExp;
  /** Unless given, as the check's severity says. */
  outcome?: Outcome;
  /**
   * Other checks that rightly see the very same fact, and what they make of it. Those that are skipped because one of
   * these, or `check`, does not hold need no mention.
   */
  also?: Record<string, Outcome>;
  break(stage: SetUpStage): Promise<unknown>;
  /** Whether its fix repairs it. Where it does not, `undo` has to. */
  fixed: boolean;
  /** It lets alarms ring, for as long as their metrics remember it: whether they do is not looked at. */
  rings?: boolean;
  /** What the fix leaves; `pass` unless given: where the rest is up to a person. */
  left?: Outcome;
  /** What the fix's plan must say. */
  planned?: RegExp;
  /** Checks whose fixes are applied after it, where the repair takes more than one. */
  next?: readonly string[];
  /** Puts back what the fix does not; looked at afterwards: everything must be as it was. */
  undo?(stage: SetUpStage): Promise<unknown>;
  /** Asserts something about the repaired world, before `undo`. */
  repaired?(stage: SetUpStage): Promise<void>;
}

/**
 * Tests of one set-up stage in which one thing is broken at a time: the right check fails for the right reason, no
 * unrelated check fails, the fix repairs it, and afterwards everything is as it was.
 */
export function breakIt(
  breakages: readonly Breakage[],
  options: StageOptions & { prepare?(stage: SetUpStage): Promise<unknown> } = {},
): void {
  let stage: SetUpStage;
  let healthy: Map<string, Outcome>;
  beforeAll(async () => {
    stage = await setUpStage(options);
    await options.prepare?.(stage);
    healthy = outcomes(await stage.inspect());
  });
  afterAll(() => stage?.close());

  it('is healthy before anything is broken', () => {
    expect([...healthy].filter(([, outcome]) => outcome === 'fail' || outcome === 'unknown')).toEqual([]);
  });

  for (const breakage of breakages)
    it(`${breakage.broken}: ${breakage.check}`, () => brokenAndRepaired(stage, healthy, breakage));
}

async function brokenAndRepaired(
  stage: SetUpStage,
  healthy: ReadonlyMap<string, Outcome>,
  breakage: Breakage,
): Promise<void> {
  const changed = (findings: readonly Finding[]) =>
    differences(
      healthy,
      findings.filter(({ id }) => !breakage.rings || id !== 'alarm.state'),
    );
  await breakage.break(stage);
  try {
    const findings = await stage.inspect();
    const found = findings.find((finding) => finding.id === breakage.check);
    expect(found?.summary ?? 'no such check').toMatch(breakage.reason);
    expect(changed(findings)).toEqual({
      [breakage.check]: breakage.outcome ?? found?.severity,
      ...breakage.also,
    });
    expect(findings.flatMap(contradictions), 'what --explain says of the checks').toEqual([]);
    if (breakage.fixed) {
      expect(found?.remedy?.fixable, `${breakage.check} says that it can be fixed`).toBe(true);
      await repair(stage, breakage);
      await breakage.repaired?.(stage);
    } else
      expect(found?.remedy?.fixable ?? false, `${breakage.check} says that it cannot be fixed`).toBe(false);
  } catch (error) {
    // So that one failing test is one failing test; what failed first is what is told.
    await stage.repair().catch(() => undefined);
    throw error;
  } finally {
    await breakage.undo?.(stage);
    await stage.refresh();
  }
  expect(changed(await stage.inspect()), 'afterwards all is as it was').toEqual({});
}

/** What `doctor --explain` says of a check's severity and fix, and the finding does not. */
export function contradictions({ id, outcome, remedy }: Finding): string[] {
  const check = CHECKS.find((one) => one.id === id);
  if (!check || (outcome !== 'fail' && outcome !== 'warn')) return [];
  const { severity, otherwise, fixable, fixLeaves } = describe(check);
  return [
    ...(outcome !== severity && otherwise === null ? [`${id} never comes to ${outcome}`] : []),
    ...(remedy?.fixable && !fixable ? [`${id} has no fix`] : []),
    ...(remedy && !remedy.fixable && fixable && fixLeaves === null ? [`${id} is always fixed`] : []),
  ];
}

async function repair(stage: SetUpStage, breakage: Breakage): Promise<void> {
  await allowOnlyDeclared(stage, breakage.check);
  const { finding, changes } = await stage.repair(breakage.check).finally(() => enforce(stage, null));
  expect(`${finding.outcome}: ${finding.summary}`).toMatch(new RegExp(`^${breakage.left ?? 'pass'}: `));
  const plan = changes
    .map((change) => `${change.resource} ${change.name}: ${change.details.join('; ')}`)
    .join('\n');
  expect(plan).toMatch(breakage.planned ?? /./);
  for (const id of breakage.next ?? []) {
    const after = await stage.repair(id);
    expect(`${after.finding.id} ${after.finding.outcome}: ${after.finding.summary}`).toMatch(/ pass/);
  }
}

/** A fix must do with what its check declares. What CloudFormation does in the caller's name is declared elsewhere. */
async function allowOnlyDeclared(stage: SetUpStage, id: string): Promise<void> {
  const { iam = [], fixIam = [] } = CHECKS.find((check) => check.id === id) ?? {};
  if (fixIam.includes('cloudformation:ExecuteChangeSet')) return;
  const Statement = [
    { Effect: 'Allow', Action: [...iam, ...fixIam, 'sts:GetCallerIdentity'], Resource: '*' },
  ];
  await enforce(stage, { Version: '2012-10-17', Statement });
}

async function enforce({ cloud }: SetUpStage, policy: object | null): Promise<void> {
  const answer = await askAdmin(cloud, 'enforcement', 'PUT', { policy });
  expect(answer.status).toBe(200);
}

const outcomes = (findings: readonly Finding[]) =>
  new Map(findings.map((finding) => [finding.id, finding.outcome]));

/** What is other than in the healthy world, without what is skipped because of it. */
export function differences(
  healthy: ReadonlyMap<string, Outcome>,
  findings: readonly Finding[],
): Record<string, Outcome> {
  const now = outcomes(findings);
  const explained = (id: string): boolean => {
    const needs = CHECKS.find((check) => check.id === id)?.needs ?? [];
    return needs.some((need) => {
      const outcome = now.get(need);
      return outcome === 'fail' || outcome === 'unknown' || (outcome === 'skipped' && explained(need));
    });
  };
  return Object.fromEntries(
    findings
      .filter(({ id, outcome }) => outcome !== healthy.get(id) && !(outcome === 'skipped' && explained(id)))
      .map(({ id, outcome }) => [id, outcome]),
  );
}
