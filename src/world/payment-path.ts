import { nameOf } from '../aws/arn.js';
import { CannotLookError } from '../core/errors.js';
import type { StackOutputs } from '../stack/outputs.js';
import { discoverPath } from './discovered-path.js';
import type { World } from './world.js';

export interface PathRule {
  busName: string;
  name: string;
  arn: string;
}

export interface PathFunction {
  /** What it is there for; `drain` empties the dead-letter queues inside AWS. */
  role: 'event' | 'webhook' | 'operations' | 'drain';
  name: string;
  arn: string;
}

export interface PathQueue {
  /** `delivery`: what EventBridge could not hand over; `function`: what the function failed on. */
  purpose: 'delivery' | 'function';
  name: string;
  arn: string;
  url: string;
}

export interface PathApi {
  id: string;
  stage: string;
  /** `/webhooks/stripe`. */
  path: string;
}

/** The parts of the deployed payment path, whoever deployed it. What is not there is missing from the lists. */
export interface PaymentPath {
  /** Our own stack; else found by type and wiring in a stack of somebody else's. */
  managed: boolean;
  /** The partner bus that the rules should stand on; undefined while there is no destination. */
  eventBusName: string | undefined;
  rules: PathRule[];
  functions: PathFunction[];
  queues: PathQueue[];
  api: PathApi | undefined;
  /** Topics that the alarms should tell. */
  topicArns: string[];
  /** What the wiring does not decide. */
  unclear: Ambiguity[];
}

export interface Ambiguity {
  about: 'event' | 'webhook';
  /** A sentence that names the candidates: functions for events are all of them there, a webhook is left out. */
  text: string;
}

/** IAM actions of finding the path, ours or somebody else's. */
export const PATH_ACTIONS: readonly string[] = [
  'apigateway:GET',
  'cloudformation:DescribeStacks',
  'cloudformation:ListStackResources',
  'cloudwatch:DescribeAlarms',
  'events:DescribeRule',
  'events:ListEventBuses',
  'events:ListEventSources',
  'events:ListRules',
  'events:ListTargetsByRule',
  'lambda:GetFunction',
  'lambda:GetFunctionEventInvokeConfig',
  'sqs:GetQueueUrl',
  'sts:GetCallerIdentity',
];

/** Undefined while nothing is deployed. Kept: all who ask share one look. */
export function paymentPath(world: World): Promise<PaymentPath | undefined> {
  return world.once('payment path', async () => {
    if (!world.settings.stack.managed) return discoverPath(world);
    const outputs = await world.stackOutputs();
    return outputs && managedPath(outputs);
  });
}

/**
 * The function of that role; undefined where the path has none.
 * @throws PATH_UNCLEAR where several could be it: nobody guesses whose money it is.
 */
export function functionOf(path: PaymentPath, role: PathFunction['role']): PathFunction | undefined {
  const [only, ...others] = path.functions.filter((one) => one.role === role);
  if (others.length === 0) return only;
  throw new CannotLookError({
    code: 'PATH_UNCLEAR',
    message: path.unclear.find(({ about }) => about === role)?.text ?? `There are several ${role} functions.`,
    next: ['Name the others in acknowledgedHandlers, then run the command again.'],
  });
}

function managedPath(outputs: StackOutputs): PaymentPath {
  return {
    managed: true,
    eventBusName: outputs.eventBusName,
    rules: [{ busName: outputs.eventBusName, name: outputs.ruleName, arn: outputs.ruleArn }],
    functions: managedFunctions(outputs),
    queues: [
      queue('delivery', outputs.deliveryFailuresQueueArn, outputs.deliveryFailuresQueueUrl),
      queue('function', outputs.functionFailuresQueueArn, outputs.functionFailuresQueueUrl),
    ],
    api:
      outputs.webhookApiId && outputs.webhookStageName && outputs.webhookPath
        ? { id: outputs.webhookApiId, stage: outputs.webhookStageName, path: outputs.webhookPath }
        : undefined,
    topicArns: [outputs.alarmTopicArn],
    unclear: [],
  };
}

function managedFunctions(outputs: StackOutputs): PathFunction[] {
  const functions: PathFunction[] = [
    { role: 'event', name: outputs.eventFunctionName, arn: outputs.eventFunctionArn },
    { role: 'operations', name: outputs.operationsFunctionName, arn: outputs.operationsFunctionArn },
  ];
  if (outputs.webhookFunctionName && outputs.webhookFunctionArn)
    functions.push({ role: 'webhook', name: outputs.webhookFunctionName, arn: outputs.webhookFunctionArn });
  if (outputs.drainFunctionName && outputs.drainFunctionArn)
    functions.push({ role: 'drain', name: outputs.drainFunctionName, arn: outputs.drainFunctionArn });
  return functions;
}

function queue(purpose: PathQueue['purpose'], arn: string, url: string): PathQueue {
  return { purpose, name: nameOf(arn), arn, url };
}
