import { nameOf } from '../../aws/arn.js';
import type { Alarm } from '../../aws/cloudwatch.js';
import type { Topic } from '../../aws/sns.js';
import { declaredResources } from '../../world/declared-resources.js';
import type { PaymentPath } from '../../world/payment-path.js';
import { mergeStatements } from '../../world/policy-document.js';
import type { World } from '../../world/world.js';
import type { Problem } from './problem.js';
import { subscriptionProblems } from './subscriptions.js';
import { letsCloudWatchPublish } from './topic-policy.js';

/** AWS's own key for SNS: its policy cannot be changed, and does not let CloudWatch use it. */
const AWS_MANAGED_KEY = /(^|:)alias\/aws\/sns$/;

/** What keeps a topic from passing an alarm on to somebody; empty when nothing does. */
export async function topicProblems(
  world: World,
  path: PaymentPath,
  arn: string,
  alarm: Alarm,
): Promise<Problem[]> {
  const topic = await world.sns.topic(arn);
  const evidence = { label: 'topic', value: arn, url: world.links.topic(arn) };
  if (!topic)
    return [
      {
        outcome: 'fail',
        summary: `${alarm.name} tells the topic ${nameOf(arn)}, which does not exist`,
        todo: 'Make the topic again, or give the alarm another.',
        evidence,
      },
    ];
  return [
    ...(AWS_MANAGED_KEY.test(topic.kmsKeyId ?? '') ? [locked(topic, path, evidence)] : []),
    ...(letsCloudWatchPublish(topic.policy, alarm.arn) ? [] : [await refusing(world, topic, evidence)]),
    ...(await subscriptionProblems(world, arn)),
  ];
}

function locked({ arn }: Topic, { managed }: PaymentPath, evidence: Problem['evidence']): Problem {
  const name = nameOf(arn);
  const problem: Problem = {
    outcome: 'fail',
    summary: `the topic ${name} is encrypted with alias/aws/sns, which CloudWatch may not use: every alarm is lost`,
    todo: 'Take the key away, or use one of your own whose policy lets cloudwatch.amazonaws.com use it.',
    evidence,
  };
  if (!managed) return problem;
  return {
    ...problem,
    repair: {
      action: 'update',
      resource: 'topic',
      name,
      details: ['key: alias/aws/sns -> none'],
      apply: (bench) => bench.sns.removeKey(arn),
    },
  };
}

async function refusing(world: World, topic: Topic, evidence: Problem['evidence']): Promise<Problem> {
  const name = nameOf(topic.arn);
  const problem: Problem = {
    outcome: 'fail',
    summary: `the policy of the topic ${name} does not let CloudWatch publish`,
    todo: 'Let cloudwatch.amazonaws.com do sns:Publish.',
    evidence,
  };
  const statements = await declaredStatements(world, topic.arn);
  if (!statements) return problem;
  return {
    ...problem,
    repair: {
      action: 'update',
      resource: 'topic policy',
      name,
      details: statements.map((statement) => `+ ${statement.Sid}`),
      apply: (bench) => bench.sns.setPolicy(topic.arn, mergeStatements(topic.policy, statements)),
    },
  };
}

/** The statements that our own stack's template gives the topic. */
async function declaredStatements(
  world: World,
  topicArn: string,
): Promise<Record<string, unknown>[] | undefined> {
  const policy = (await declaredResources(world)).find(
    ({ type, properties }) =>
      type === 'AWS::SNS::TopicPolicy' && (properties.Topics as string[]).includes(topicArn),
  );
  const document = policy?.properties.PolicyDocument as { Statement: Record<string, unknown>[] } | undefined;
  return document?.Statement;
}
