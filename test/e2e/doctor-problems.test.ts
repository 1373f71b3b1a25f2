import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Document, type RunOptions, type SetUp, setUp } from './support/set-up.js';

const AWS = [
  'sts',
  'events',
  'ssm',
  'lambda',
  'cloudformation',
  'monitoring',
  'iam',
  'sns',
  'sqs',
  's3',
  'logs',
  'apigateway',
];

/** Whatever stands in the way of looking: the rest is told, in one valid document, with the right exit code. */
describe('cachao doctor, when it cannot look', () => {
  let stage: SetUp;
  beforeAll(async () => {
    stage = await setUp();
  });
  afterAll(() => stage?.close());
  afterEach(() => stage.cloud.cloud.faults.set([]));

  async function doctor(options: RunOptions = {}, ...args: string[]) {
    const { code, report, stdout, stderr } = await stage.report(['doctor', ...args], options);
    expect(report.exitCode).toBe(code);
    expect(report.error).toBeNull();
    expect(stdout + stderr).not.toMatch(/\n {4}at |node_modules/);
    return { code, report, of: (id: string) => findingOf(report, id) };
  }

  it('takes lists from the environment as from the command line', async () => {
    const { stdout } = await stage.run(['doctor', '--list-checks'], {
      environment: { CACHAO_ONLY: 'queue.empty,log', CACHAO_SKIP: 'log.retention' },
    });
    expect(stdout).toMatch(/^queue\.empty [\s\S]*\n1 check\. /);
  });

  const findingOf = (report: Document, id: string) => report.findings.find((finding) => finding.id === id);
  const outcomesOf = (report: Document, area: string) => [
    ...new Set(report.findings.filter(({ id }) => id.startsWith(`${area}.`)).map(({ outcome }) => outcome)),
  ];

  it('without AWS credentials: what only Stripe knows is told', async () => {
    const { code, of } = await doctor({
      environment: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
    });
    expect(code).toBe(3);
    expect(of('account.aws-identity')).toMatchObject({ outcome: 'unknown' });
    expect(of('account.stripe-key')).toMatchObject({ outcome: 'pass' });
    expect(of('eventbridge.rule')).toMatchObject({
      outcome: 'skipped',
      summary: 'account.aws-identity could not be checked',
    });
  });

  it('without a Stripe key: what only AWS knows is told', async () => {
    const { code, of } = await doctor({ environment: { STRIPE_API_KEY: undefined } });
    expect(code).toBe(3);
    expect(of('account.stripe-key')).toMatchObject({ outcome: 'unknown' });
    expect(of('account.aws-identity')).toMatchObject({ outcome: 'pass' });
    expect(of('queue.retention')).toMatchObject({ outcome: 'pass' });
  });

  it('with an expired token', async () => {
    stage.cloud.cloud.faults.set(
      AWS.map((service) => ({ service, operation: '*', kind: 'error', status: 403, code: 'ExpiredToken' })),
    );
    const { code, of } = await doctor();
    expect(code).toBe(3);
    expect(of('account.aws-identity')?.summary).toMatch(/expired/i);
    expect(of('account.stripe-key')).toMatchObject({ outcome: 'pass' });
  });

  it('without a network: everything is told, nothing is healthy', async () => {
    const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', STRIPE_API_BASE: 'http://127.0.0.1:9' };
    const { code, report } = await doctor({ environment: nowhere });
    expect(code).toBe(3);
    expect(new Set(report.findings.map(({ outcome }) => outcome))).toEqual(new Set(['unknown', 'skipped']));
    const shown = await stage.run(['doctor'], { environment: nowhere });
    expect(shown.code).toBe(3);
    expect(shown.stdout).not.toContain('FAILED');
  });

  it('with one service down: only what it knows is unknown, and a failure elsewhere decides', async () => {
    stage.cloud.cloud.faults.set([{ service: 'monitoring', operation: '*', kind: 'error' }]);
    const { code, report, of } = await doctor();
    expect(code).toBe(3);
    expect(outcomesOf(report, 'alarm')).toContain('unknown');
    for (const area of ['stripe', 'queue', 'database', 'log'])
      expect(outcomesOf(report, area)).toEqual(['pass']);
    expect(of('alarm.loss')?.summary).toContain('cloudwatch:DescribeAlarms');
    const failing = await doctor({ environment: { CACHAO_MODE: 'live' } });
    expect(failing.of('account.mode')).toMatchObject({ outcome: 'fail' });
    expect(failing.code).toBe(1);
  });

  it('with a permission missing: names the action and the principal', async () => {
    stage.cloud.cloud.faults.set([{ service: 'logs', operation: 'DescribeLogGroups', kind: 'deny' }]);
    const { code, of } = await doctor();
    const finding = of('log.retention');
    expect(finding).toMatchObject({ outcome: 'unknown', severity: 'warn' });
    expect(finding?.evidence).toEqual([
      { label: 'missing', value: 'logs:DescribeLogGroups' },
      { label: 'principal', value: expect.stringContaining(':user/operator') },
    ]);
    // It would only have been a warning.
    expect(code).toBe(0);
  });

  it('with an API that never answers: the rest is told, in time, and the program ends', async () => {
    stage.cloud.cloud.faults.set([{ service: 'monitoring', operation: '*', kind: 'hang' }]);
    const { code, report, of } = await doctor();
    expect(code).toBe(3);
    expect(of('alarm.loss')).toMatchObject({
      outcome: 'unknown',
      summary: expect.stringMatching(/^no answer within 30 s from .*cloudwatch:DescribeAlarms/),
    });
    for (const area of ['stripe', 'queue', 'database', 'log'])
      expect(outcomesOf(report, area)).toEqual(['pass']);
  });

  it('with Ctrl-C while it waits: what is known is told, and the exit code says so', async () => {
    stage.cloud.cloud.faults.set([{ service: 'monitoring', operation: '*', kind: 'hang' }]);
    const { code, report, stderr } = await stage.report(['doctor'], {
      started: (child) => {
        child.stderr?.on('data', (chunk) => {
          if (String(chunk).includes('no answer after')) child.kill('SIGINT');
        });
      },
    });
    expect([code, report.outcome, report.error?.code]).toEqual([130, 'interrupted', 'INTERRUPTED']);
    expect(findingOf(report, 'account.aws-identity')).toMatchObject({ outcome: 'pass' });
    expect(findingOf(report, 'alarm.loss')).toMatchObject({ outcome: 'unknown' });
    expect(stderr).toContain('alarm.');
  });
});
