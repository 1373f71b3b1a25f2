import { ourDestination } from './destination.js';
import type { PathQueue, PathRule, PaymentPath } from './payment-path.js';
import type { World } from './world.js';

/** The payment path inside a stack of somebody else's, by the types of its resources and how they are wired. */
export async function discoverPath(world: World): Promise<PaymentPath | undefined> {
  const resources = await world.cloudformation.resources(world.settings.stack.name);
  if (resources.length === 0) return undefined;
  const destination = await ourDestination(world);
  const rules = await rulesOf(world, resources);
  const targets = (
    await Promise.all(rules.map((rule) => world.eventbridge.listTargets(rule.busName, rule.name)))
  ).flat();
  const handlerArns = [
    ...new Set(targets.map((target) => target.arn).filter((arn) => arn.includes(':function:'))),
  ];
  const deadLetters = targets.map((target) => target.deadLetterArn).filter((arn) => arn !== null);
  const failures = await Promise.all(handlerArns.map((arn) => failureQueuesOf(world, arn)));
  const queues = await Promise.all([
    ...[...new Set(deadLetters)].map((arn) => queueOf(world, 'delivery', arn)),
    ...[...new Set(failures.flat())].map((arn) => queueOf(world, 'function', arn)),
  ]);
  return {
    managed: false,
    eventBusName: destination?.sourceName,
    rules,
    functions: handlerArns.map((arn) => ({ role: 'event', name: arn.split(':')[6] ?? arn, arn })),
    queues: queues.filter((queue) => queue !== undefined),
    api: undefined,
    topicArns: resources
      .filter((resource) => resource.type === 'AWS::SNS::Topic' && resource.physicalId)
      .map((resource) => resource.physicalId as string),
  };
}

/** A rule's physical id is its name on the default bus, and `bus|rule` on another (FACTS-AWS §2). */
async function rulesOf(
  world: World,
  resources: { type: string; physicalId: string | null }[],
): Promise<PathRule[]> {
  const ids = resources
    .filter((resource) => resource.type === 'AWS::Events::Rule')
    .map((resource) => resource.physicalId)
    .filter((id) => id !== null);
  const found = await Promise.all(
    ids.map((id) => {
      const [first = '', second] = id.split('|');
      return second === undefined
        ? world.eventbridge.describeRule('default', first)
        : world.eventbridge.describeRule(first, second);
    }),
  );
  return found.filter((rule) => rule !== undefined).map(({ busName, name, arn }) => ({ busName, name, arn }));
}

async function failureQueuesOf(world: World, functionArn: string): Promise<string[]> {
  const [found, invoke] = await Promise.all([
    world.lambda.function(functionArn),
    world.lambda.eventInvokeConfig(functionArn),
  ]);
  return [found?.deadLetterArn, invoke?.onFailureArn].filter((arn): arn is string =>
    Boolean(arn?.includes(':sqs:')),
  );
}

async function queueOf(
  world: World,
  purpose: PathQueue['purpose'],
  arn: string,
): Promise<PathQueue | undefined> {
  const name = arn.split(':').at(-1) ?? '';
  const url = await world.sqs.queueUrl(name);
  return url === undefined ? undefined : { purpose, name, arn, url };
}
