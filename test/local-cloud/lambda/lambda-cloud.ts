import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { iamService } from '../../../src/local-cloud/aws/iam/index.js';
import { lambdaService } from '../../../src/local-cloud/aws/lambda/index.js';
import { sqsService } from '../../../src/local-cloud/aws/sqs/index.js';
import { awsFront } from '../../../src/local-cloud/aws-front.js';
import { Clock } from '../../../src/local-cloud/kernel/clock.js';
import { LocalCloud, OPERATOR } from '../../../src/local-cloud/kernel/cloud.js';
import { listen } from '../../../src/local-cloud/kernel/http.js';
import { AwsError, type ServiceFactory } from '../../../src/local-cloud/kernel/service.js';
import { Store } from '../../../src/local-cloud/kernel/store.js';
import { type ClientConfiguration, clientConfiguration } from '../../support/local-cloud.js';

export const REGION = 'eu-west-1';
export const ROLE = 'arn:aws:iam::123456789012:role/worker';

export interface LambdaCloud {
  cloud: LocalCloud;
  client: ClientConfiguration;
  lambda: LambdaClient;
  /** Every metric datum, by name. */
  metrics: { name: string; value: number; dimensions: Record<string, string>; namespace: string }[];
  /** Lines by log group. */
  lines(group: string): string[];
  streams(group: string): string[];
  close(): Promise<void>;
}

/** Lambda with real IAM and SQS over HTTP, closed when the test ends; metrics and logs are kept for the test to read. */
export async function lambdaCloud(
  options: {
    clock?: 'hasten' | 'manual';
    directory?: string;
    policy?: object;
    services?: ServiceFactory[];
    role?: boolean;
  } = {},
): Promise<LambdaCloud> {
  const store = new Store(options.directory);
  const cloud = new LocalCloud(store, new Clock(options.clock ?? 'hasten', 1000));
  const metrics: LambdaCloud['metrics'] = [];
  cloud.provide('metrics', {
    put: (_region, namespace, name, value, dimensions) =>
      metrics.push({ namespace, name, value, dimensions }),
  });
  const groups = new Map<string, Map<string, string[]>>();
  cloud.add([iamService, sqsService, recordingLogs(groups), lambdaService, ...(options.services ?? [])]);
  const server = await listen(awsFront(cloud), 0);
  cloud.addresses.aws = server.url;
  cloud.start();
  const client = clientConfiguration(server.url);
  if (options.role !== false) await createRole(cloud, options.policy);
  let closed = false;
  const made: LambdaCloud = {
    cloud,
    client,
    lambda: new LambdaClient(client),
    metrics,
    lines: (group) => [...(groups.get(group)?.values() ?? [])].flat(),
    streams: (group) => [...(groups.get(group)?.keys() ?? [])],
    close: async () => {
      if (closed) return;
      closed = true;
      await server.close();
      await cloud.stop();
    },
  };
  onTestFinished(made.close);
  return made;
}

export const ALLOW_ALL = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

export async function createRole(
  cloud: LocalCloud,
  policy: object = ALLOW_ALL,
  name = 'worker',
): Promise<void> {
  const from = { principal: OPERATOR, region: REGION };
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  await cloud.call(
    'iam',
    'CreateRole',
    { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) },
    from,
  );
  await setPolicy(cloud, policy, name);
}

export async function setPolicy(cloud: LocalCloud, policy: object, name = 'worker'): Promise<void> {
  const input = { RoleName: name, PolicyName: 'own', PolicyDocument: JSON.stringify(policy) };
  await cloud.call('iam', 'PutRolePolicy', input, { principal: OPERATOR, region: REGION });
}

/** CloudWatch Logs as far as Lambda asks for it: authorised creation of groups and streams, and the port. */
function recordingLogs(groups: Map<string, Map<string, string[]>>): ServiceFactory {
  return (cloud) => {
    cloud.provide('logs', {
      hasStream: (_region, group, stream) => groups.get(group)?.has(stream) ?? false,
      write: (_region, group, stream, messages) => {
        const lines = groups.get(group)?.get(stream);
        if (!lines) throw new Error(`no stream ${stream} in ${group}`);
        lines.push(...messages.map(({ message }) => message));
      },
    });
    const arn = (group: string) => `arn:aws:logs:${REGION}:123456789012:log-group:${group}:*`;
    return {
      name: 'logs',
      protocol: 'json',
      jsonVersion: '1.1',
      targetPrefix: 'Logs_20140328',
      operations: {
        CreateLogGroup: {
          resource: (input) => arn(input.logGroupName),
          handle: (input) => {
            if (groups.has(input.logGroupName))
              throw new AwsError('ResourceAlreadyExistsException', 'exists');
            groups.set(input.logGroupName, new Map());
          },
        },
        CreateLogStream: {
          resource: (input) => arn(input.logGroupName),
          handle: (input) => {
            const group = groups.get(input.logGroupName);
            if (!group)
              throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
            group.set(input.logStreamName, []);
          },
        },
      },
    };
  };
}

export function zip(files: Record<string, string>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

/** Creates a function from the source of `index.mjs` and waits until it is active. */
export async function createFunction(
  { lambda }: Pick<LambdaCloud, 'lambda'>,
  name: string,
  source: string,
  more: Partial<ConstructorParameters<typeof CreateFunctionCommand>[0]> = {},
): Promise<string> {
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.mjs': source }) },
      // Functions run in real time: on a busy machine the default of 3 seconds is soon over. A queue wants less than its 30.
      Timeout: 29,
      ...more,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 },
    { FunctionName: name },
  );
  return FunctionArn as string;
}

export async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
