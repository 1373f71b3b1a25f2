import { describe, expect, it } from 'vitest';
import { renderJunit } from '../../../src/cli/doctor/render-junit.js';
import { renderMarkdown } from '../../../src/cli/doctor/render-markdown.js';
import { renderSarif } from '../../../src/cli/doctor/render-sarif.js';
import { renderDoctor } from '../../../src/cli/doctor/render-text.js';
import { resultOf } from '../../../src/cli/doctor/result.js';
import type { Finding } from '../../../src/core/finding.js';
import type { CheckDescription } from '../../../src/doctor/describe.js';
import type { DoctorReport } from '../../../src/doctor/report.js';
import { Canvas } from '../../../src/terminal/canvas.js';

const finding = (given: Partial<Finding>): Finding => ({
  id: 'eventbridge.rule-enabled',
  title: 'The rule is enabled',
  area: 'eventbridge',
  severity: 'fail',
  item: 1,
  outcome: 'pass',
  summary: 'shop is ENABLED',
  expected: null,
  actual: null,
  evidence: [],
  remedy: null,
  muted: null,
  durationMs: 12,
  ...given,
});

const FAILED = finding({
  outcome: 'fail',
  summary: 'shop <"&|`*> is DISABLED\u0007',
  expected: 'ENABLED',
  actual: 'DISABLED',
  evidence: [{ label: 'rule', value: 'shop', url: 'https://console.example.com/rule' }],
  remedy: { text: 'Enable it.', commands: ['cachao doctor --fix'], fixable: true },
});

const check = (given: Pick<Finding, 'id' | 'title' | 'area' | 'severity'>): CheckDescription => ({
  ...given,
  otherwise: null,
  item: null,
  why: 'Payments are lost.',
  needs: [],
  fixable: true,
  fixLeaves: null,
  operational: false,
  deep: false,
  permissions: { look: [], fix: [] },
});

function report(findings: Finding[]): DoctorReport {
  return {
    outcome: 'problem',
    exitCode: 1,
    stages: [
      {
        stage: 'prod',
        exitCode: 1,
        checkout: null,
        error: null,
        diagnosis: {
          stage: 'prod',
          mode: 'live',
          region: 'eu-west-1',
          outcome: 'problem',
          exitCode: 1,
          deployed: null,
          findings,
          alsoInspected: [],
        },
      },
      {
        stage: 'dev',
        exitCode: 3,
        diagnosis: null,
        checkout: null,
        error: { code: 'ANSWERS_NEEDED', message: 'An answer is missing: AWS region.', why: null, next: [] },
      },
    ],
    changes: [],
    error: null,
    strict: false,
    checks: findings.map(check),
    version: '1.2.3',
  };
}

const FINDINGS = [
  FAILED,
  finding({ id: 'eventbridge.bus', title: 'The bus exists' }),
  finding({ id: 'eventbridge.retry', severity: 'warn', outcome: 'warn', summary: 'no retry policy' }),
  finding({ id: 'log.retention', area: 'log', outcome: 'unknown', summary: 'access denied' }),
  finding({ id: 'alarm.state', area: 'alarm', outcome: 'skipped', summary: 'stack.healthy failed' }),
  finding({ id: 'alarm.loss', area: 'alarm', outcome: 'fail', muted: { reason: 'known', until: null } }),
];

describe('JUnit', () => {
  it('has a suite per stage and area, and counts failures, errors and what is skipped', () => {
    const xml = renderJunit(report(FINDINGS));
    expect(xml).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="cachao doctor"><testsuite name="prod.eventbridge" tests="3" failures="1" errors="0" skipped="0" time="0.012"><testcase classname="cachao.prod.eventbridge" name="eventbridge.rule-enabled: The rule is enabled" time="0.012"><failure message="shop &lt;&quot;&amp;|\`*&gt; is DISABLED" type="eventbridge.rule-enabled">shop &lt;&quot;&amp;|\`*&gt; is DISABLED&#10;expected: ENABLED&#10;actual: DISABLED&#10;rule: shop https://console.example.com/rule&#10;Enable it.&#10;cachao doctor --fix</failure></testcase>
      <testcase classname="cachao.prod.eventbridge" name="eventbridge.bus: The bus exists" time="0.012"/>
      <testcase classname="cachao.prod.eventbridge" name="eventbridge.retry: The rule is enabled" time="0.012"><system-out>warning: no retry policy</system-out></testcase></testsuite>
      <testsuite name="prod.log" tests="1" failures="0" errors="1" skipped="0" time="0.012"><testcase classname="cachao.prod.log" name="log.retention: The rule is enabled" time="0.012"><error message="access denied" type="log.retention">access denied</error></testcase></testsuite>
      <testsuite name="prod.alarm" tests="2" failures="0" errors="0" skipped="2" time="0.012"><testcase classname="cachao.prod.alarm" name="alarm.state: The rule is enabled" time="0.012"><skipped message="stack.healthy failed"/></testcase>
      <testcase classname="cachao.prod.alarm" name="alarm.loss: The rule is enabled" time="0.012"><skipped message="muted: known; shop is ENABLED"/></testcase></testsuite>
      <testsuite name="dev" tests="1" failures="0" errors="1" skipped="0" time="0.000"><testcase classname="cachao.dev" name="the stage can be checked"><error message="An answer is missing: AWS region." type="ANSWERS_NEEDED"/></testcase></testsuite></testsuites>"
    `);
  });
});

describe('JUnit, when warnings count', () => {
  it('has them as failures', () => {
    const xml = renderJunit({ ...report(FINDINGS), strict: true });
    expect(xml).toContain('<failure message="no retry policy"');
    expect(xml).toContain('name="prod.eventbridge" tests="3" failures="2"');
  });
});

describe('SARIF', () => {
  const log = JSON.parse(renderSarif(report(FINDINGS)));
  const [run] = log.runs;

  it('has a rule per check and a result per unhealthy finding, each at a place that code scanning can show', () => {
    expect(log.version).toBe('2.1.0');
    expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(
      FINDINGS.map(({ id }) => id),
    );
    expect(
      run.results.map(({ ruleId, level }: { ruleId: string; level: string }) => [ruleId, level]),
    ).toEqual([
      ['eventbridge.rule-enabled', 'error'],
      ['eventbridge.retry', 'warning'],
      ['alarm.loss', 'error'],
    ]);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('cachao.config.json');
      expect(result.partialFingerprints).toEqual({ 'cachaoFinding/v1': `prod/${result.ruleId}` });
    }
  });

  it('suppresses what is muted, with the reason', () => {
    expect(run.results.map(({ suppressions }: { suppressions?: unknown }) => suppressions)).toEqual([
      undefined,
      undefined,
      [{ kind: 'external', status: 'accepted', justification: 'known' }],
    ]);
  });

  it('notes what could not be looked at', () => {
    expect(run.invocations).toMatchObject([{ executionSuccessful: false, exitCode: 1 }]);
    expect(
      run.invocations[0].toolExecutionNotifications.map(
        ({ message }: { message: { text: string } }) => message.text,
      ),
    ).toEqual([
      'Stage prod: could not check log.retention: access denied',
      'Stage dev: An answer is missing: AWS region.',
    ]);
  });
});

describe('Markdown', () => {
  it('shows what is wrong open and the rest folded, and nothing from outside becomes markup', () => {
    expect(renderMarkdown(report(FINDINGS))).toMatchInlineSnapshot(`
      "## ❌ cachao doctor: prod, live mode, eu-west-1

      1 failed, 1 warning, 1 could not be checked, 1 healthy, 1 skipped, 1 muted.

      ✅ Event bus → ❌ Rule

      ### ❌ failed: shop \\<"&\\|\\\`\\*\\> is DISABLED

      \`eventbridge.rule-enabled\`: The rule is enabled

      - expected: ENABLED
      - actual: DISABLED
      - rule: [shop](https://console.example.com/rule)

      **What to do:** Enable it.

      \`\`\`sh
      cachao doctor --fix
      \`\`\`

      ### ❓ could not check: access denied

      \`log.retention\`: The rule is enabled

      ### ⚠️ warning: no retry policy

      \`eventbridge.retry\`: The rule is enabled

      <details><summary>3 more</summary>

      | | check | |
      |---|---|---|
      | ✅ | \`eventbridge.bus\` | shop is ENABLED |
      | ⚪ | \`alarm.state\` | stack.healthy failed |
      | ❌ | \`alarm.loss\` | muted (known): shop is ENABLED |

      </details>

      ## ❓ cachao doctor: dev

      An answer is missing: AWS region."
    `);
  });
});

describe('several stages, as text', () => {
  it('end with how each of them stands, and with what fails anywhere before what is only a warning', () => {
    const warned = report([
      finding({
        ...{ id: 'database.tls', outcome: 'warn' },
        remedy: { text: 'Encrypt it.', commands: ['cachao deploy --stage prod'], fixable: false },
      }),
    ]);
    const [stage] = report([FAILED]).stages;
    const stages = [warned.stages[0], stage && { ...stage, stage: 'staging' }, warned.stages[1]];
    const shown = renderDoctor(
      { ...warned, stages: stages.filter((one) => one !== undefined) },
      new Canvas({ colour: false, unicode: true, width: 80 }),
      { verbose: false },
    );
    expect(shown.slice(shown.lastIndexOf('✖  prod'))).toBe(
      [
        '✖  prod     1 warning.',
        '✖  staging  1 failed.',
        '?  dev      could not be checked.',
        '',
        'Next:',
        '  cachao doctor --fix         for eventbridge.rule-enabled',
        '  cachao deploy --stage prod  for database.tls',
      ].join('\n'),
    );
  });
});

describe('a repair, as text and as a document', () => {
  const change = (of: string) => ({
    ...{ check: of, action: 'update' as const, resource: 'thing', name: of, details: [] },
  });
  const repaired = {
    ...report([
      finding({ id: 'eventbridge.bus' }),
      finding({
        ...{ id: 'eventbridge.dlq', outcome: 'fail', summary: 'the queue still lets nobody in' },
        remedy: {
          text: 'See its policy.',
          commands: ['cachao doctor --only eventbridge.dlq'],
          fixable: false,
        },
      }),
    ]),
    changes: [change('eventbridge.bus'), change('eventbridge.dlq')],
  };
  const { more, text } = resultOf(repaired, (shown, canvas) =>
    renderDoctor(shown, canvas, { verbose: false }),
  );

  it('lists as repaired only what holds, and what does not with its reason and the next step', () => {
    const shown = text?.(new Canvas({ colour: false, unicode: true, width: 80 })) ?? '';
    const [, done = '', rest = ''] =
      /Fixed, and everything checked again:\n([\s\S]*)\n\nNot repaired, though it was tried:\n([\s\S]*)$/.exec(
        shown,
      ) ?? [];
    expect(done).toBe('~   thing eventbridge.bus');
    expect(rest).toContain('thing eventbridge.dlq');
    expect(rest).toContain('eventbridge.dlq: the queue still lets nobody in');
    expect(rest).toContain('cachao doctor --only eventbridge.dlq');
    expect(more?.notRepaired).toEqual([
      {
        check: 'eventbridge.dlq',
        reason: 'the queue still lets nobody in',
        next: ['cachao doctor --only eventbridge.dlq'],
      },
    ]);
  });
});
