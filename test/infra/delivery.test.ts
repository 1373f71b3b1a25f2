import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventbridgeReads } from '../../src/aws/eventbridge.js';
import { lambdaReads } from '../../src/aws/lambda.js';
import { lambdaWrites } from '../../src/aws/lambda-writes.js';
import { sqsReads } from '../../src/aws/sqs.js';
import type { StackOutputs } from '../../src/stack/outputs.js';
import { buildHandlers, type Deployment, startDeployment } from '../stack/deployment.js';
import { BUS } from '../stack/stage.js';

/** The deployed template, with functions that only fail: nothing that Stripe sends may be lost. */
let deployment: Deployment;
let outputs: StackOutputs;
beforeEach(async () => {
  deployment = await startDeployment();
  await buildHandlers(deployment.directory, {
    code: "exports.handler = async () => { throw new Error('no database'); };",
  });
  outputs = await deployment.deploy();
});
afterEach(() => deployment.close());

async function stripeSends(id: string): Promise<void> {
  const source = await eventbridgeReads(deployment.session).describeEventSource(BUS);
  deployment.cloud.cloud.port('partnerEvents').putEvent(source?.arn ?? '', {
    detailType: 'checkout.session.completed',
    detail: { id, object: 'event', type: 'checkout.session.completed', data: { object: {} } },
    time: deployment.cloud.cloud.clock.now(),
  });
}

const waiting = async (url: string) =>
  (await sqsReads(deployment.session).sample(url)).map((message) => message.body);

it('an event that the function fails on waits in its queue, with the error', {
  timeout: 60_000,
}, async () => {
  await stripeSends('evt_failing');
  await expect.poll(() => waiting(outputs.functionFailuresQueueUrl), { timeout: 30_000 }).toHaveLength(1);
  const record = JSON.parse((await waiting(outputs.functionFailuresQueueUrl))[0] ?? '{}');
  expect(record.requestPayload).toMatchObject({ source: BUS, detail: { id: 'evt_failing' } });
  expect(record.requestContext).toMatchObject({ condition: 'RetriesExhausted', approximateInvokeCount: 3 });
  expect(record.responsePayload).toMatchObject({ errorMessage: 'no database' });
  expect(await waiting(outputs.deliveryFailuresQueueUrl)).toEqual([]);
});

it('an event that cannot be delivered waits in the other, as it came', async () => {
  const policy = JSON.parse(
    (await lambdaReads(deployment.session).policy(outputs.eventFunctionName)) ?? '{}',
  );
  await lambdaWrites(deployment.session).removePermission(outputs.eventFunctionName, policy.Statement[0].Sid);
  await stripeSends('evt_undelivered');
  await expect.poll(() => waiting(outputs.deliveryFailuresQueueUrl), { timeout: 30_000 }).toHaveLength(1);
  const [message] = await sqsReads(deployment.session).sample(outputs.deliveryFailuresQueueUrl);
  expect(JSON.parse(message?.body ?? '{}')).toMatchObject({ source: BUS, detail: { id: 'evt_undelivered' } });
  expect(message?.attributes).toMatchObject({ ERROR_CODE: 'NO_PERMISSIONS', RULE_ARN: outputs.ruleArn });
});

it('nobody else can put anything into the queues, whatever they may do otherwise', async () => {
  const sqs = new SQS({ ...deployment.cloud.client, useQueueUrlAsEndpoint: false });
  for (const QueueUrl of [outputs.deliveryFailuresQueueUrl, outputs.functionFailuresQueueUrl])
    await expect(sqs.sendMessage({ QueueUrl, MessageBody: '{}' })).rejects.toMatchObject({
      name: expect.stringMatching(/AccessDenied/),
    });
});
