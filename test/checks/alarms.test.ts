import { describe, expect, it } from 'vitest';
import type { Alarm, Metric } from '../../src/aws/cloudwatch.js';
import { readCoverage } from '../../src/checks/alarm/coverage.js';
import type { RequiredMetric } from '../../src/checks/alarm/required-metrics.js';
import { alarmState } from '../../src/checks/alarm/state.js';
import { subscriptionProblems } from '../../src/checks/alarm/subscriptions.js';
import { letsCloudWatchPublish } from '../../src/checks/alarm/topic-policy.js';
import type { World } from '../../src/world/world.js';

const ERRORS: Metric = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'shop' } };
const WANTED: RequiredMetric = { metrics: [ERRORS], what: 'errors of shop', about: 'shop' };
const ALARM_ARN = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-errors';

function alarmOn(...metrics: Metric[]): Alarm {
  const [only] = metrics.length === 1 ? metrics : [];
  return {
    ...{ name: 'shop-errors', arn: ALARM_ARN, description: null, state: 'OK', stateReason: null },
    ...{ stateSince: null, namespace: only?.namespace ?? null, metricName: only?.name ?? null },
    ...{ dimensions: only?.dimensions ?? {}, metrics, statistic: 'Sum', periodSeconds: 60 },
    ...{ evaluationPeriods: 1, threshold: 0, comparison: 'GreaterThanThreshold', missingData: 'missing' },
    ...{ actionsEnabled: true, actions: [] },
  };
}

/** What doctor makes of one alarm that was meant for the errors of the function `shop`. */
async function judged(alarm: Alarm): Promise<string> {
  const world = { cloudwatch: { listAlarms: async () => [alarm] } } as unknown as World;
  const [watch] = await readCoverage(world, [WANTED]);
  return watch?.alarms.length ? 'watches' : (watch?.misses.join('; ') ?? '');
}

const withDimensions = (dimensions: Record<string, string>) => alarmOn({ ...ERRORS, dimensions });

describe('whether an alarm can fire', () => {
  it('is decided by namespace, metric and exact dimensions', async () => {
    expect(await judged(alarmOn(ERRORS))).toBe('watches');
    expect(await judged(withDimensions({ FunctionName: 'shop', Resource: 'shop:live' }))).toBe(
      'shop-errors also has the dimension Resource, so it never fires',
    );
    expect(
      await judged(withDimensions({ FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:shop' })),
    ).toBe('shop-errors has an ARN as FunctionName, where the name belongs, so it never fires');
    expect(await judged(withDimensions({ Function: 'shop' }))).toBe(
      'shop-errors lacks the dimension FunctionName and also has the dimension Function, so it never fires',
    );
  });

  it('counts the metrics that metric maths reads', async () => {
    const other = { ...ERRORS, dimensions: { FunctionName: 'other' } };
    expect(await judged({ ...alarmOn(ERRORS, other), comparison: 'LessThanThreshold' })).toBe('watches');
  });

  it('does not take an alarm on something else of a similar name for ours', async () => {
    expect(await judged(withDimensions({ FunctionName: 'shop-2' }))).toBe('');
    expect(await judged(alarmOn({ ...ERRORS, name: 'Throttles' }))).toBe('');
  });
});

describe('an alarm that rings', () => {
  const NAMES = { namespace: 'AWS/SQS', name: 'ApproximateNumberOfMessagesVisible' };
  const rings = (metric: Metric): Alarm => ({
    ...alarmOn(metric),
    ...{ state: 'ALARM', stateReason: '1 > 0', stateSince: '2026-11-28T17:25:00.000Z' },
    description: 'Replay: cachao replay-dlq',
  });
  /** What doctor makes of it while so many messages wait in the queue `dead`. */
  const told = (waiting: number, ...alarms: Alarm[]) =>
    alarmState.inspect(
      {
        once: async () => ({
          functions: [{ name: 'shop', role: 'event' }],
          queues: [{ name: 'dead', url: 'https://sqs/dead', purpose: 'delivery' }],
          ...{ rules: [], api: undefined },
        }),
        sqs: { queue: async () => ({ name: 'dead', visible: waiting, inFlight: 0, delayed: 0 }) },
        cloudwatch: { listAlarms: async () => alarms },
        links: { alarm: () => '' },
      } as unknown as World,
      AbortSignal.any([]),
    );
  const depth = rings({ ...NAMES, dimensions: { QueueName: 'dead' } });

  it('fails, and says what its own description advises', async () => {
    expect(await told(1, depth)).toMatchObject({
      outcome: 'fail',
      remedy: { text: 'shop-errors: Replay: cachao replay-dlq' },
    });
  });

  it('warns where the queue whose messages it counts was emptied since: CloudWatch lags behind', async () => {
    expect(await told(0, depth)).toMatchObject({
      outcome: 'warn',
      summary: 'shop-errors has been ringing since 2026-11-28T17:25:00.000Z; its queue is empty by now',
      remedy: { text: expect.stringContaining('nothing is left to do') },
    });
  });

  it('fails all the same where another one rings, of another queue or of a function', async () => {
    expect(await told(0, depth, rings(ERRORS))).toMatchObject({ outcome: 'fail' });
    const other = { ...rings({ ...NAMES, dimensions: { QueueName: 'theirs' } }) };
    const both = { ...other, metrics: [...other.metrics, ERRORS] };
    expect(await told(0, both)).toMatchObject({ outcome: 'fail' });
  });
});

describe('whether CloudWatch may publish', () => {
  const allow = (statement: object) =>
    letsCloudWatchPublish(
      JSON.stringify({
        Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: '*', ...statement }],
      }),
      ALARM_ARN,
    );

  it('follows from principal and conditions', () => {
    const cloudwatch = { Principal: { Service: 'cloudwatch.amazonaws.com' } };
    expect(allow(cloudwatch)).toBe(true);
    expect(allow({ Principal: { Service: 'events.amazonaws.com' } })).toBe(false);
    expect(
      allow({ ...cloudwatch, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } }),
    ).toBe(false);
    expect(
      allow({
        ...cloudwatch,
        Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*' } },
      }),
    ).toBe(true);
  });

  it('holds under the policy that a topic has by itself', () => {
    expect(
      allow({
        Principal: { AWS: '*' },
        Action: ['SNS:Subscribe', 'SNS:Publish'],
        Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
      }),
    ).toBe(true);
  });

  it('is not denied on account of what cannot be told from here', () => {
    expect(
      allow({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
    ).toBe(true);
  });
});

describe('an address that has not confirmed', () => {
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const pending = { arn: null, confirmed: false, protocol: 'email', endpoint: 'oncall@example.com' };

  async function problems(updatedAt: string | null, tags: Record<string, string> = {}) {
    const world = {
      settings: { stack: { name: 'shop', managed: true }, acknowledgedHandlers: [] },
      links: { topic: () => '' },
      sns: { subscriptions: async () => [pending], tags: async () => tags },
      cloudformation: { resources: async () => [{ type: 'AWS::SNS::Subscription', updatedAt }] },
    } as unknown as World;
    return (await subscriptionProblems(world, 'arn:aws:sns:eu-west-1:123456789012:alarms')).map(
      ({ outcome, repair }) => [outcome, repair?.resource],
    );
  }

  it('is a warning for two days, then a failure that asks again', async () => {
    expect(await problems(hoursAgo(47))).toEqual([['warn', undefined]]);
    expect(await problems(hoursAgo(49))).toEqual([['fail', 'subscription']]);
    expect(await problems(null)).toEqual([['warn', undefined]]);
  });

  it('has two days again from when it was asked again', async () => {
    const asked = { 'cachao:confirmation-asked': hoursAgo(1) };
    expect(await problems(hoursAgo(100), asked)).toEqual([['warn', undefined]]);
  });
});
