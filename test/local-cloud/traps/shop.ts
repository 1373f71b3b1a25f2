import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  ListEventSourcesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import Stripe from 'stripe';
import { startTestCloud, type TestCloud, type TestCloudOptions } from '../../support/local-cloud.js';
import { zip } from '../lambda/lambda-cloud.js';
import { ORDER, payHeadless } from '../stripe/support.js';

const REGION = 'eu-west-1';
export const ACCOUNT = '123456789012';
export const HOUR = 3_600_000;
const PAID = 'checkout.session.completed';

export type Shop = Awaited<ReturnType<typeof openShop>>;

/**
 * A shop's whole cloud, used as anybody would: the unmodified SDKs over HTTP. Time stands still until `pass` lets it go
 * on, unless the clock hastens.
 */
export async function openShop(options: TestCloudOptions = { clock: 'manual' }) {
  const cloud = await startTestCloud(options);
  const { hostname: host, port } = new URL(cloud.stripe);
  const stripe = new Stripe(cloud.environment.STRIPE_API_KEY as string, {
    host,
    port,
    protocol: 'http',
    telemetry: false,
  });
  const aws = clientsOf(cloud);
  return {
    cloud,
    stripe,
    ...aws,
    pass: (milliseconds: number) => cloud.cloud.clock.advance(milliseconds),
    close: () => cloud.close(),
    /** Stripe's side of the path: an EventBridge destination, and the name that its source will have. */
    destination: async (region = REGION) => {
      const { id } = await stripe.v2.core.eventDestinations.create({
        name: 'orders',
        type: 'amazon_eventbridge',
        event_payload: 'snapshot',
        enabled_events: [PAID, 'product.created'],
        amazon_eventbridge: { aws_account_id: ACCOUNT, aws_region: region },
      });
      return { id, source: `aws.partner/stripe.com/${id}` };
    },
    /** The matching bus. */
    associate: (source: string) =>
      aws.events.send(new CreateEventBusCommand({ Name: source, EventSourceName: source })),
    rule: (EventBusName: string, source: string, targets: Target[]) =>
      putRule(aws.events, EventBusName, source, targets),
    /** Somebody pays for a basket. */
    sell: async () => {
      const session = await stripe.checkout.sessions.create(ORDER);
      await payHeadless(stripe, session);
      return session;
    },
    queue: (name: string, mayBeSentTo = true) => createQueue(aws.sqs, name, mayBeSentTo),
    messages: (name: string) => receive(aws.sqs, `${cloud.aws}/${ACCOUNT}/${name}`),
    nextMessage: async (name: string) => {
      for (;;) {
        const [message] = await receive(aws.sqs, `${cloud.aws}/${ACCOUNT}/${name}`);
        if (message) return message;
        await aMoment();
      }
    },
    /** For what happens by itself when the clock hastens. */
    aMoment,
    sourceAppeared: async (Name: string) => {
      while (!(await appeared(aws.events, Name))) await aMoment();
    },
    /** The sum of a metric over the last day. */
    metric: (namespace: string, name: string, dimensions: Record<string, string>) =>
      sum(aws.cloudwatch, cloud.cloud.clock.now(), namespace, name, dimensions),
    alarm: (input: Partial<PutMetricAlarmCommandInput>) =>
      aws.cloudwatch.send(new PutMetricAlarmCommand({ ...FAILING, ...input })),
    createFunction: (name: string, source: string, more: Partial<CreateFunctionCommandInput> = {}) =>
      createFunction(aws, name, source, more),
  };
}

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 10));

async function appeared(client: EventBridgeClient, NamePrefix: string): Promise<boolean> {
  return ((await client.send(new ListEventSourcesCommand({ NamePrefix }))).EventSources ?? []).length > 0;
}

function clientsOf({ client }: TestCloud) {
  return {
    events: new EventBridgeClient(client),
    sqs: new SQSClient(client),
    iam: new IAMClient(client),
    functions: new LambdaClient(client),
    cloudwatch: new CloudWatchClient(client),
  };
}

async function putRule(client: EventBridgeClient, EventBusName: string, source: string, Targets: Target[]) {
  const EventPattern = JSON.stringify({ source: [source], 'detail-type': [PAID] });
  await client.send(new PutRuleCommand({ Name: 'paid', EventBusName, EventPattern }));
  await client.send(new PutTargetsCommand({ Rule: 'paid', EventBusName, Targets }));
}

/** A queue; EventBridge may send to it when its policy says so. */
async function createQueue(client: SQSClient, QueueName: string, mayBeSentTo: boolean): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName }));
  const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}`;
  const allow = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: arn,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
  if (mayBeSentTo) await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return arn;
}

async function receive(client: SQSClient, QueueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
  }
}

async function sum(
  client: CloudWatchClient,
  now: number,
  Namespace: string,
  MetricName: string,
  dimensions: Record<string, string>,
): Promise<number> {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(now - 24 * HOUR),
      EndTime: new Date(now + HOUR),
      Period: 3600,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

/** The alarm that everybody writes: any error of a function within a minute. */
const FAILING = {
  AlarmName: 'failing',
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
} as const;

async function createFunction(
  { functions, iam }: ReturnType<typeof clientsOf>,
  FunctionName: string,
  source: string,
  more: Partial<CreateFunctionCommandInput>,
): Promise<string> {
  const { FunctionArn } = await functions.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: await createRole(iam, FunctionName),
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.mjs': source }) },
      ...more,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: functions, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 },
    { FunctionName },
  );
  return FunctionArn as string;
}

/** What SAM gives a function: the right to write its logs, and nothing else. */
async function createRole(client: IAMClient, RoleName: string): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  const { Role } = await client.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return Role?.Arn as string;
}
