import { qualifierOf } from '../../aws/arn.js';
import type { Metric } from '../../aws/cloudwatch.js';
import type { PathFunction, PathRule, PaymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';

/** A metric that must have an alarm, because it says that payments are being lost. */
export interface RequiredMetric {
  /** Any of them will do; the first is what we would watch. */
  metrics: [Metric, ...Metric[]];
  /** "errors of cachao-dev-StripeEventFunction". */
  what: string;
  /** The name that its dimensions are about: an alarm that mentions it, and differs, was meant for it. */
  about: string;
}

const metric = (namespace: string, name: string, dimensions: Record<string, string>): Metric => ({
  namespace,
  name,
  dimensions,
});

/** Lambda reports by function, and by function and version or alias. */
const ofFunction = (name: string, functionName: string): RequiredMetric['metrics'] => [
  metric('AWS/Lambda', name, { FunctionName: functionName }),
  metric('AWS/Lambda', name, { FunctionName: functionName, Resource: functionName }),
];

/** Functions that handle payments: their errors are payments that were not settled. */
export function wantedOfFunctions(path: PaymentPath): RequiredMetric[] {
  return path.functions
    .filter(({ role }) => role === 'event' || role === 'webhook')
    .map(({ name }) => ({
      metrics: ofFunction('Errors', name),
      what: `errors of ${name}`,
      about: name,
    }));
}

/** What ends in a queue, and what does not even get there. */
export async function wantedOfLoss(world: World, path: PaymentPath): Promise<RequiredMetric[]> {
  const queues = [...new Set(path.queues.map(({ name }) => name))].map(
    (name): RequiredMetric => ({
      metrics: [metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: name })],
      what: `messages in ${name}`,
      about: name,
    }),
  );
  const [ofRules, ofFunctions] = await Promise.all([
    Promise.all(path.rules.map((rule) => wantedOfRule(world, rule))),
    Promise.all(
      path.functions.filter(({ role }) => role === 'event').map((one) => wantedOfFailures(world, one)),
    ),
  ]);
  return [...queues, ...ofRules.flat(), ...ofFunctions.flat()];
}

/** Metrics of a rule on another bus than `default` carry both dimensions; with one of them an alarm never fires. */
async function wantedOfRule(world: World, rule: PathRule): Promise<RequiredMetric[]> {
  const dimensions: Record<string, string> =
    rule.busName === 'default'
      ? { RuleName: rule.name }
      : { EventBusName: rule.busName, RuleName: rule.name };
  const wanted = (name: string, what: string): RequiredMetric => ({
    metrics: [metric('AWS/Events', name, dimensions)],
    what,
    about: rule.name,
  });
  const targets = await world.eventbridge.listTargets(rule.busName, rule.name);
  const failed = wanted('FailedInvocations', `failed invocations of ${rule.name}`);
  if (targets.every((target) => target.deadLetterArn === null)) return [failed];
  return [failed, wanted('InvocationsFailedToBeSentToDlq', `events of ${rule.name} that could not be kept`)];
}

/** Which metric counts what could not be kept depends on how it is kept. */
async function wantedOfFailures(world: World, { name, arn }: PathFunction): Promise<RequiredMetric[]> {
  const [found, invoke] = await Promise.all([
    world.lambda.function(name),
    world.lambda.eventInvokeConfig(name, qualifierOf(arn)),
  ]);
  const metrics = [
    ...(invoke?.onFailureArn ? ['DestinationDeliveryFailures'] : []),
    ...(found?.deadLetterArn ? ['DeadLetterErrors'] : []),
  ];
  return metrics.map((one) => ({
    metrics: ofFunction(one, name),
    what: `events that ${name} failed on and that could not be kept`,
    about: name,
  }));
}

/** The webhook's own answers of 500 and above. None where the path has no webhook. */
export async function wantedOfWebhook(world: World, path: PaymentPath): Promise<RequiredMetric[]> {
  if (!path.api) return [];
  const api = await world.apiGateway.restApi(path.api.id);
  if (!api) return [];
  return [
    {
      metrics: [
        metric('AWS/ApiGateway', '5XXError', { ApiName: api.name, Stage: path.api.stage }),
        metric('AWS/ApiGateway', '5XXError', { ApiName: api.name }),
      ],
      what: `server errors of ${api.name}`,
      about: api.name,
    },
  ];
}

/** Everything that must have an alarm. */
export async function allWanted(world: World, path: PaymentPath): Promise<RequiredMetric[]> {
  const [loss, webhook] = await Promise.all([wantedOfLoss(world, path), wantedOfWebhook(world, path)]);
  return [...wantedOfFunctions(path), ...loss, ...webhook];
}
