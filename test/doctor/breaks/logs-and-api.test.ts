import { APIGatewayClient, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const logs = (stage: SetUpStage) => new CloudWatchLogsClient(stage.client);

function throttle(stage: SetUpStage, rate: number, burst: number): Promise<unknown> {
  return new APIGatewayClient(stage.client).send(
    new UpdateStageCommand({
      restApiId: stage.outputs.webhookApiId,
      stageName: stage.outputs.webhookStageName,
      patchOperations: [
        { op: 'replace', path: '/*/*/throttling/rateLimit', value: String(rate) },
        { op: 'replace', path: '/*/*/throttling/burstLimit', value: String(burst) },
      ],
    }),
  );
}

describe('the log groups and the webhook', () => {
  breakIt([
    {
      broken: 'A log group keeps its lines for ever',
      check: 'log.retention',
      reason: /^\/cachao\/cachao-dev\/stripe-event keeps its lines for ever$/,
      break: (stage) =>
        logs(stage).send(new DeleteRetentionPolicyCommand({ logGroupName: stage.outputs.eventLogGroupName })),
      fixed: true,
      planned: /retention: for ever -> 14 days/,
    },
    {
      broken: 'A log group was deleted',
      check: 'log.retention',
      reason: /^\/cachao\/cachao-dev\/stripe-event does not exist: what the function writes is lost$/,
      break: (stage) =>
        logs(stage).send(new DeleteLogGroupCommand({ logGroupName: stage.outputs.eventLogGroupName })),
      fixed: true,
      planned: /retention: none -> 14 days/,
    },
    {
      broken: 'The stage of the API has no limit of its own any more',
      check: 'api.throttled',
      reason: /^the stage dev has no limit of its own$/,
      break: (stage) => throttle(stage, -1, -1),
      fixed: true,
      planned: /throttle: 50 a second, 100 at once/,
    },
    {
      broken: 'The stage of the API lets nothing through',
      check: 'api.throttled',
      outcome: 'fail',
      reason: /^the stage dev lets nothing through: 0 a second, 0 at once$/,
      also: { 'api.reachable': 'fail' },
      break: (stage) => throttle(stage, 0, 0),
      fixed: true,
    },
  ]);
});
