import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDLED_EVENT_TYPES } from '../../handlers/contract/stripe-event.js';
import { apiGatewayReads, apiGatewayWrites, apiOfUrl, webhookUrl } from '../../src/aws/api-gateway.js';
import { driftReads } from '../../src/aws/cloudformation-drift.js';
import { cloudwatchReads, cloudwatchWrites } from '../../src/aws/cloudwatch.js';
import { eventbridgeReads } from '../../src/aws/eventbridge.js';
import { eventbridgeWrites } from '../../src/aws/eventbridge-writes.js';
import { iamReads } from '../../src/aws/iam.js';
import { lambdaReads } from '../../src/aws/lambda.js';
import { lambdaInvocations, lambdaWrites } from '../../src/aws/lambda-writes.js';
import { logsReads, logsWrites } from '../../src/aws/logs.js';
import { snsReads, snsWrites } from '../../src/aws/sns.js';
import { sqsReads } from '../../src/aws/sqs.js';
import { sqsWrites } from '../../src/aws/sqs-writes.js';
import type { StackOutputs } from '../../src/stack/outputs.js';
import { type Deployment, startDeployment } from '../stack/deployment.js';
import { BUS } from '../stack/stage.js';

/** The adapters, asked about the stack that they would be asked about in earnest. */
let deployment: Deployment;
let outputs: StackOutputs;
beforeAll(async () => {
  deployment = await startDeployment();
  outputs = await deployment.deploy({ settings: { email: 'ops@example.com' } });
});
afterAll(() => deployment.close());

describe('EventBridge', () => {
  it('tells the source, its bus, the rule and its target as the template states them', async () => {
    const reads = eventbridgeReads(deployment.session);
    expect(await reads.listEventSources('aws.partner/stripe.com')).toMatchObject([
      { name: BUS, state: 'ACTIVE' },
    ]);
    expect((await reads.listEventBuses()).map((bus) => bus.name).sort()).toEqual([BUS, 'default']);
    const rules = (await reads.listRules(BUS)).filter((rule) => rule.managedBy === null);
    expect(rules).toMatchObject([
      { name: outputs.ruleName, state: 'ENABLED', busName: BUS, arn: outputs.ruleArn },
    ]);
    expect(await reads.listTargets(BUS, outputs.ruleName)).toEqual([
      {
        id: 'stripe-event',
        arn: outputs.eventFunctionArn,
        retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86400 },
        deadLetterArn: outputs.deliveryFailuresQueueArn,
        roleArn: null,
        transformed: false,
      },
    ]);
    expect(await reads.listTags(outputs.ruleArn)).toMatchObject({
      ManagedBy: 'cachao',
      'cachao:stage': 'dev',
    });
    const busArn = outputs.ruleArn.replace(/:rule\/.*/, `:event-bus/${BUS}`);
    expect(await reads.listArchives(busArn)).toMatchObject([
      { name: outputs.archiveName, retentionDays: 30 },
    ]);
  });

  it('asks AWS itself whether the pattern matches', async () => {
    const reads = eventbridgeReads(deployment.session);
    const pattern = (await reads.describeRule(BUS, outputs.ruleName))?.eventPattern ?? '';
    const matches = (source: string, type: string) =>
      reads.testEventPattern(
        pattern,
        JSON.stringify({
          id: '1',
          account: '123456789012',
          source,
          time: '2026-01-01T00:00:00Z',
          region: 'eu-west-1',
          resources: [],
          'detail-type': type,
          detail: {},
        }),
      );
    for (const type of HANDLED_EVENT_TYPES) expect(await matches(BUS, type), type).toBe(true);
    expect(await matches(`${BUS}x`, HANDLED_EVENT_TYPES[0])).toBe(false);
    expect(await matches(BUS, 'charge.succeeded')).toBe(false);
  });

  it('reads what is not there as absent', async () => {
    const reads = eventbridgeReads(deployment.session);
    expect(await reads.describeEventSource('aws.partner/stripe.com/ed_none')).toBeUndefined();
    expect(await reads.describeEventBus('none')).toBeUndefined();
    expect(await reads.listRules('none')).toEqual([]);
    expect(await reads.listTargets(BUS, 'none')).toEqual([]);
    expect(await reads.describeArchive('none')).toBeUndefined();
  });

  it('changes one thing of a target and keeps the rest', async () => {
    const retryPolicy = { maximumRetryAttempts: 10, maximumEventAgeSeconds: 3600 };
    await eventbridgeWrites(deployment.session).changeTarget(BUS, outputs.ruleName, 'stripe-event', {
      retryPolicy,
    });
    expect(await eventbridgeReads(deployment.session).listTargets(BUS, outputs.ruleName)).toMatchObject([
      { retryPolicy, deadLetterArn: outputs.deliveryFailuresQueueArn, arn: outputs.eventFunctionArn },
    ]);
  });
});

describe('Lambda', () => {
  it('tells what the function is', async () => {
    const reads = lambdaReads(deployment.session);
    expect(await reads.function(outputs.eventFunctionName)).toMatchObject({
      state: 'Active',
      lastUpdateStatus: 'Successful',
      runtime: 'nodejs24.x',
      timeoutSeconds: 30,
      tracing: 'Active',
      logGroup: outputs.eventLogGroupName,
      reservedConcurrency: null,
      tags: { Component: 'stripe-event', 'cachao:stage': 'dev' },
      environment: { CACHAO_STAGE: 'dev', CACHAO_LIVEMODE: 'false' },
    });
    expect(await reads.function('none')).toBeUndefined();
    expect((await reads.listFunctions()).map((found) => found.name)).toContain(
      outputs.operationsFunctionName,
    );
    expect(await reads.eventInvokeConfig(outputs.eventFunctionName)).toEqual({
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21600,
      onFailureArn: outputs.functionFailuresQueueArn,
      onSuccessArn: null,
    });
    expect(await reads.eventInvokeConfig(outputs.operationsFunctionName)).toBeUndefined();
    expect(await reads.policy(outputs.operationsFunctionName)).toBeUndefined();
    const policy = JSON.parse((await reads.policy(outputs.eventFunctionName)) ?? '{}');
    expect(policy.Statement[0]).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnLike: { 'AWS:SourceArn': outputs.ruleArn } },
    });
    expect((await reads.accountConcurrency()).limit).toBeGreaterThan(0);
  });

  it('invokes, and returns what the function answered with its log', async () => {
    const answer = await lambdaInvocations(deployment.session).invoke(outputs.eventFunctionName, '{"a":1}', {
      logTail: true,
    });
    expect(answer).toMatchObject({ functionError: null });
    expect(JSON.parse(answer.payload)).toMatchObject({ name: 'stripe-event' });
    expect(answer.logTail).not.toBe('');
  });

  it('merges into what is configured', async () => {
    const [reads, writes] = [lambdaReads(deployment.session), lambdaWrites(deployment.session)];
    await writes.changeEventInvokeConfig(outputs.eventFunctionName, { maximumRetryAttempts: 1 });
    expect(await reads.eventInvokeConfig(outputs.eventFunctionName)).toMatchObject({
      maximumRetryAttempts: 1,
      onFailureArn: outputs.functionFailuresQueueArn,
    });
    await writes.changeEventInvokeConfig(outputs.operationsFunctionName, { maximumRetryAttempts: 0 });
    expect(await reads.eventInvokeConfig(outputs.operationsFunctionName)).toMatchObject({
      maximumRetryAttempts: 0,
    });
    await writes.addPermission(outputs.operationsFunctionName, 's', 'events.amazonaws.com', outputs.ruleArn);
    await writes.addPermission(outputs.operationsFunctionName, 's', 'events.amazonaws.com', outputs.ruleArn);
    await writes.removePermission(outputs.operationsFunctionName, 's');
    expect(await reads.policy(outputs.operationsFunctionName)).toBeUndefined();
  });
});

describe('SQS', () => {
  it('tells how a queue is kept', async () => {
    const reads = sqsReads(deployment.session);
    const queue = await reads.queue(outputs.deliveryFailuresQueueUrl);
    expect(queue).toMatchObject({
      arn: outputs.deliveryFailuresQueueArn,
      visible: 0,
      retentionSeconds: 1209600,
      encryption: 'sqs',
      redrivePolicy: null,
    });
    expect(queue?.policy).toContain('events.amazonaws.com');
    expect(await reads.queue(`${outputs.deliveryFailuresQueueUrl}x`)).toBeUndefined();
    expect(await reads.queueUrl('none')).toBeUndefined();
  });

  it('reports each entry of a batch for itself', async () => {
    const results = await sqsWrites(deployment.session).deleteMessages(outputs.deliveryFailuresQueueUrl, [
      'nonsense',
    ]);
    expect(results).toMatchObject([{ index: 0, ok: false }]);
    expect(results[0]?.code).toBeTruthy();
  });
});

describe('alarms, topic and logs', () => {
  it('tells each alarm with the dimensions and actions that it has', async () => {
    const alarms = await cloudwatchReads(deployment.session).listAlarms('cachao-dev-');
    expect(alarms).toHaveLength(10);
    for (const alarm of alarms)
      expect(alarm).toMatchObject({ actionsEnabled: true, actions: [outputs.alarmTopicArn] });
    expect(alarms.find((alarm) => alarm.metricName === 'FailedInvocations')?.dimensions).toEqual({
      EventBusName: BUS,
      RuleName: outputs.ruleName,
    });
    const errors = alarms.find((alarm) => alarm.dimensions.FunctionName === outputs.eventFunctionName);
    await cloudwatchWrites(deployment.session).addAlarmAction(
      errors?.name ?? '',
      `${outputs.alarmTopicArn}-2`,
    );
    const [changed] = await cloudwatchReads(deployment.session).listAlarms(errors?.name);
    expect(changed).toMatchObject({
      ...errors,
      actions: [outputs.alarmTopicArn, `${outputs.alarmTopicArn}-2`],
    });
  });

  it('tells whether somebody confirmed', async () => {
    const reads = snsReads(deployment.session);
    expect(await reads.subscriptions(outputs.alarmTopicArn)).toEqual([
      { arn: null, confirmed: false, protocol: 'email', endpoint: 'ops@example.com' },
    ]);
    await snsWrites(deployment.session).subscribe(outputs.alarmTopicArn, 'email', 'ops@example.com');
    expect(await reads.subscriptions(outputs.alarmTopicArn)).toHaveLength(1);
    expect(await reads.topic(outputs.alarmTopicArn)).toMatchObject({ kmsKeyId: null });
    expect(await reads.topic(`${outputs.alarmTopicArn}x`)).toBeUndefined();
  });

  it('tells the retention of log groups, sets it, and finds lines', async () => {
    const reads = logsReads(deployment.session);
    const groups = await reads.logGroups('/cachao/cachao-dev/');
    expect(groups.map((group) => [group.name, group.retentionDays])).toEqual([
      ['/cachao/cachao-dev/drain', 14],
      [outputs.operationsLogGroupName, 14],
      [outputs.eventLogGroupName, 14],
      [outputs.webhookLogGroupName, 14],
    ]);
    await logsWrites(deployment.session).setRetention(outputs.operationsLogGroupName, 30);
    expect((await reads.logGroups(outputs.operationsLogGroupName))[0]?.retentionDays).toBe(30);
    const since = new Date(Date.now() - 86_400_000).toISOString();
    expect(await reads.filterEvents({ group: 'none', since, most: 10 })).toEqual([]);
    await lambdaInvocations(deployment.session).invoke(outputs.operationsFunctionName, '{}');
    await expect
      .poll(
        async () =>
          (await reads.filterEvents({ group: outputs.operationsLogGroupName, since, most: 1 })).length,
      )
      .toBe(1);
  });
});

it('IAM: tells a role with its policies, decoded', async () => {
  const reads = iamReads(deployment.session);
  const roleArn = (await lambdaReads(deployment.session).function(outputs.eventFunctionName))?.roleArn ?? '';
  const name = roleArn.split('/').at(-1) ?? '';
  expect(JSON.parse((await reads.role(name))?.trustPolicy ?? '')).toMatchObject({ Version: '2012-10-17' });
  const [policy] = await reads.rolePolicies(name);
  expect(policy).toMatchObject({ name: 'stripe-event', arn: null });
  expect(JSON.parse(policy?.document ?? '').Statement).toHaveLength(4);
  expect(await reads.role('none')).toBeUndefined();
  expect(await reads.rolePolicies('none')).toEqual([]);
  const resource = outputs.functionFailuresQueueArn;
  expect(await reads.simulate(roleArn, ['sqs:SendMessage', 'sqs:DeleteQueue'], [resource])).toEqual([
    { action: 'sqs:SendMessage', resource, decision: 'allowed', missingContext: [] },
    { action: 'sqs:DeleteQueue', resource, decision: 'implicitDeny', missingContext: [] },
  ]);
});

it('API Gateway: tells the stage, its throttle and its one method, and changes the throttle alone', async () => {
  const reads = apiGatewayReads(deployment.session);
  const apiId = outputs.webhookApiId ?? '';
  expect(await reads.stage(apiId, 'dev')).toMatchObject({
    tracing: true,
    throttle: { rate: 50, burst: 100 },
  });
  expect(await reads.listMethods(apiId)).toMatchObject([
    { path: '/webhooks/stripe', httpMethod: 'POST', integrationType: 'AWS_PROXY' },
  ]);
  expect((await reads.listRestApis()).map((api) => api.id)).toContain(apiId);
  await apiGatewayWrites(deployment.session).setThrottle(apiId, 'dev', { rate: 5, burst: 7 });
  expect(await reads.stage(apiId, 'dev')).toMatchObject({ tracing: true, throttle: { rate: 5, burst: 7 } });
  expect(await reads.stage(apiId, 'none')).toBeUndefined();
  expect(await reads.restApi('none')).toBeUndefined();
});

it('the webhook answers where its URL says', async () => {
  const api = {
    apiId: outputs.webhookApiId ?? '',
    region: 'eu-west-1',
    stage: 'dev',
    path: '/webhooks/stripe',
  };
  const url = webhookUrl(api, deployment.session.endpointOf('EXECUTE_API'));
  const endpoint = deployment.session.endpointOf('EXECUTE_API');
  expect(apiOfUrl(url, endpoint)).toEqual({ ...api, region: null });
  expect(apiOfUrl(url, undefined)).toBeUndefined();
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).not.toBe(403);
  expect((await fetch(url, { method: 'GET' })).status).toBe(403);
  expect(webhookUrl(api, undefined)).toBe(outputs.webhookUrl);
  expect(apiOfUrl(outputs.webhookUrl ?? '', undefined)).toEqual(api);
  expect(apiOfUrl('https://shop.example.com/webhooks/stripe', undefined)).toBeUndefined();
});

it('CloudFormation: finds what was changed by hand', async () => {
  await lambdaWrites(deployment.session).tag(outputs.operationsFunctionArn, { Owner: 'somebody' });
  const { resources: drifted } = await driftReads(deployment.session, 50).detect('cachao-dev');
  expect(drifted.map((resource) => resource.logicalId)).toContain('StripeEventRule');
  const rule = drifted.find((resource) => resource.logicalId === 'StripeEventRule');
  expect(rule?.differences.map((difference) => difference.path).join()).toContain('RetryPolicy');
});
