import { databaseParameterName, webhookSecretParameterName } from '../../../handlers/contract/environment.js';
import { paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** Actions that IAM decides for the account as a whole: they know no resource, or list. */
const WHOLE = new RegExp(
  [
    'sts:.*',
    'events:(?:List(?:EventBuses|EventSources|Archives)|TestEventPattern)',
    'lambda:(?:GetAccountSettings|List.*)',
    'cloudwatch:(?:GetMetricData|ListMetrics)',
    'cloudformation:(?:DescribeStackDriftDetectionStatus|ValidateTemplate)',
    'logs:DescribeLogGroups',
    'ssm:DescribeParameters',
    '(?:sns|sqs):List(?:Topics|Queues|Subscriptions)',
  ]
    .map((pattern) => `^${pattern}$`)
    .join('|'),
);

/**
 * What each IAM action would touch in this stage, by ARN: a policy that names resources allows nothing on `*`.
 * Undefined for what is not there yet, and so cannot be asked about.
 */
export async function touchedBy(world: World): Promise<(action: string) => string[] | undefined> {
  const { region, stage, stack } = world.settings;
  const [{ account, arn: principal }, path, deployed] = await Promise.all([
    world.sts.callerIdentity(),
    paymentPath(world),
    world.cloudformation.stack(stack.name),
  ]);
  const partition = principal.split(':')[1] ?? 'aws';
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const functions = await Promise.all((path?.functions ?? []).map(({ name }) => world.lambda.function(name)));
  const bus = path?.eventBusName;
  const known: Record<string, readonly string[]> = {
    ssm: [databaseParameterName(stage), webhookSecretParameterName(stage)].map((name) =>
      arn('ssm', `parameter${name}`),
    ),
    lambda: (path?.functions ?? []).map((one) => one.arn),
    sqs: (path?.queues ?? []).map((queue) => queue.arn),
    sns: path?.topicArns ?? [],
    cloudformation: [deployed?.id ?? arn('cloudformation', `stack/${stack.name}/*`)],
    cloudwatch: [arn('cloudwatch', `alarm:${stack.name}-*`)],
    logs: functions.flatMap((found) => (found ? [arn('logs', `log-group:${found.logGroup}:*`)] : [])),
    iam: functions.flatMap((found) => (found ? [found.roleArn] : [])),
    policy: [`arn:${partition}:iam::${account}:policy/${stack.name}-*`],
    apigateway: path?.api ? [`arn:${partition}:apigateway:${region}::/restapis/${path.api.id}`] : [],
    rule: (path?.rules ?? []).map((rule) => rule.arn),
    bus: bus ? [arn('events', `event-bus/${bus}`)] : [],
    source: bus ? [`arn:${partition}:events:${region}::event-source/${bus}`] : [],
  };
  return (action) => {
    if (WHOLE.test(action)) return ['*'];
    const resources = known[kindOf(action)] ?? [];
    return resources.length > 0 ? [...resources] : undefined;
  };
}

/** EventBridge has three kinds of things in one service, IAM two. */
function kindOf(action: string): string {
  const [service = '', operation = ''] = action.split(':');
  if (/^iam:GetPolicy(Version)?$/.test(action)) return 'policy';
  if (service !== 'events') return service;
  if (operation.endsWith('EventSource')) return 'source';
  // What is not deployed cannot be asked about, and no check needs these.
  if (/Archive$|Replay$/.test(operation)) return 'archive';
  return /EventBus$|^ListRules$/.test(operation) ? 'bus' : 'rule';
}
