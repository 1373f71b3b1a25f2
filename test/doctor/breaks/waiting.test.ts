import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SetUpStage, setUpStage } from '../support/set-up-stage.js';

/** Not by `breakIt`: the alarms ring too, when their time has come. */
describe('queue.empty', () => {
  let stage: SetUpStage;
  beforeAll(async () => {
    stage = await setUpStage();
  });
  afterAll(() => stage?.close());

  const look = async () => (await stage.inspect({ only: ['queue.empty'] })).at(-1);

  /** As EventBridge would, which the queue's policy lets in. */
  function undelivered(code: string): void {
    const { deliveryFailuresQueueArn: queueArn, ruleArn: sourceArn } = stage.outputs;
    stage.cloud.cloud.port('sqs').send({
      queueArn,
      body: '{}',
      attributes: { ERROR_CODE: { DataType: 'String', StringValue: code } },
      principal: { kind: 'service', service: 'events.amazonaws.com' },
      sourceArn,
    });
  }

  it('passes while nothing waits', async () => {
    expect(await look()).toMatchObject({ outcome: 'pass', summary: 'all 2 are empty' });
  });

  it('says how many wait, how long, why, and until when, and gives back what it looked at', async () => {
    for (const code of ['NO_PERMISSIONS', 'THROTTLING', 'NO_PERMISSIONS']) undelivered(code);
    for (let time = 0; time < 2; time++) {
      const finding = await look();
      expect(finding?.outcome).toBe('fail');
      expect(finding?.summary).toMatch(
        /^3 messages wait in \S+DeliveryFailuresQueue\S+, the oldest for \d+ \w+( \d+ s)?, lost in 13 d \(NO_PERMISSIONS 2 of 3, THROTTLING 1 of 3\)$/,
      );
      expect(finding?.remedy).toMatchObject({
        commands: ['cachao replay-dlq --list', 'cachao replay-dlq'],
        fixable: false,
      });
    }
  });

  it('passes again when they are gone', async () => {
    const QueueUrl = stage.outputs.deliveryFailuresQueueUrl;
    await new SQSClient(stage.client).send(new PurgeQueueCommand({ QueueUrl }));
    expect((await look())?.outcome).toBe('pass');
  });
});
