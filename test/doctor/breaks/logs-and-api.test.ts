import { APIGatewayClient, type PatchOperation, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe } from 'vitest';
import { breakIt } from '../support/break-it.js';
import type { SetUpStage } from '../support/set-up-stage.js';

const logs = (stage: SetUpStage) => new CloudWatchLogsClient(stage.client);

/** Limits of every method, or of one: `~1webhooks~1stripe/POST`. */
function throttle(stage: SetUpStage, rate: number, burst: number, method = '*/*'): Promise<unknown> {
  return patchStage(stage, [
    { op: 'replace', path: `/${method}/throttling/rateLimit`, value: String(rate) },
    { op: 'replace', path: `/${method}/throttling/burstLimit`, value: String(burst) },
  ]);
}

function patchStage(stage: SetUpStage, patchOperations: PatchOperation[]): Promise<unknown> {
  const { webhookApiId: restApiId, webhookStageName: stageName } = stage.outputs;
  const command = new UpdateStageCommand({ restApiId, stageName, patchOperations });
  return new APIGatewayClient(stage.client).send(command);
}

describe('the log groups and the webhook', () => {
  breakIt([
    {
      broken: 'A log group has no retention period: it keeps its lines forever',
      check: 'log.retention',
      reason: /^\/cachao\/cachao-dev\/stripe-event has no retention period: it keeps its lines forever$/,
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
      planned: /throttle: 50 a second, burst 100/,
    },
    {
      broken: 'The stage of the API lets nothing through',
      check: 'api.throttled',
      outcome: 'fail',
      reason: /^the stage dev has a limit of zero: 0 a second, burst 0$/,
      also: { 'api.reachable': 'fail' },
      break: (stage) => throttle(stage, 0, 0),
      fixed: true,
    },
    {
      broken: "The webhook's own method lets nothing through",
      check: 'api.throttled',
      outcome: 'fail',
      reason: /^the stage dev has a limit of zero: 0 a second, burst 0$/,
      also: { 'api.reachable': 'fail' },
      break: (stage) => throttle(stage, 0, 0, '~1webhooks~1stripe/POST'),
      fixed: true,
      planned: /throttle of POST \/webhooks\/stripe: 50 a second, burst 100/,
      undo: (stage) => patchStage(stage, [{ op: 'remove', path: '/~1webhooks~1stripe/POST' }]),
    },
  ]);
});
