import type { Stack } from '../aws/cloudformation.js';

/** The template's outputs. What belongs to the webhook or the archive is absent where the stage has none. */
export interface StackOutputs {
  eventFunctionName: string;
  eventFunctionArn: string;
  eventLogGroupName: string;
  webhookFunctionName?: string;
  webhookFunctionArn?: string;
  webhookLogGroupName?: string;
  operationsFunctionName: string;
  operationsFunctionArn: string;
  operationsLogGroupName: string;
  /** Absent from a stack that an older cachao deployed. */
  drainFunctionName?: string;
  drainFunctionArn?: string;
  drainLogGroupName?: string;
  quarantineQueueUrl?: string;
  quarantineQueueArn?: string;
  ruleName: string;
  ruleArn: string;
  eventBusName: string;
  archiveArn?: string;
  archiveName?: string;
  deliveryFailuresQueueUrl: string;
  deliveryFailuresQueueArn: string;
  functionFailuresQueueUrl: string;
  functionFailuresQueueArn: string;
  webhookApiId?: string;
  webhookStageName?: string;
  /** `/webhooks/stripe`. */
  webhookPath?: string;
  webhookUrl?: string;
  alarmTopicArn: string;
}

/** Undefined for a stack that was never completely created: its outputs are not there yet. */
export function readOutputs(stack: Pick<Stack, 'outputs'>): StackOutputs | undefined {
  const outputs = Object.fromEntries(
    Object.entries(stack.outputs).map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]),
  ) as unknown as StackOutputs;
  return outputs.eventFunctionName && outputs.operationsFunctionName ? outputs : undefined;
}
