import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestCloud } from '../../support/local-cloud.js';
import { createFunction, createRole, lambdaCloud, setPolicy } from './lambda-cloud.js';

const SOURCE = `
  console.log('loading');
  export const handler = async () => {
    console.info('one %s', 'two', { three: 3 });
    console.error(new RangeError('bad'));
    process.stdout.write('raw\\nhalf');
    console.debug('quiet');
  }`;

describe('logs', () => {
  it('are text lines between START, END and REPORT', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', SOURCE);
    const { $metadata } = await aws.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
    const id = $metadata.requestId as string;
    const lines = aws.lines('/aws/lambda/orders');
    expect(lines[0]).toMatch(/^\d{4}-.*Z\tundefined\tINFO\tloading$/);
    expect(lines[1]).toBe(`START RequestId: ${id} Version: $LATEST\n`);
    expect(lines[2]).toMatch(new RegExp(`Z\\t${id}\\tINFO\\tone two \\{ three: 3 \\}$`));
    expect(lines[3]).toMatch(/\tERROR\tRangeError: bad\r/);
    expect(lines.slice(4)).toEqual([
      'raw',
      expect.stringMatching(/\tDEBUG\tquiet$/),
      'half',
      `END RequestId: ${id}\n`,
      expect.stringMatching(
        /^REPORT RequestId: .*Memory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: /,
      ),
    ]);
    expect(aws.streams('/aws/lambda/orders')).toEqual([
      expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    ]);
  });

  it('are JSON documents when the function asks for it, in its own group and by level', async () => {
    const aws = await lambdaCloud();
    await createFunction(aws, 'orders', SOURCE, {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: '/shop/orders', ApplicationLogLevel: 'INFO' },
    });
    const { $metadata } = await aws.lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
    const requestId = $metadata.requestId as string;
    const documents = aws
      .lines('/shop/orders')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    expect(documents).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'loading' }),
      { time: expect.any(String), type: 'platform.start', record: { requestId, version: '$LATEST' } },
      expect.objectContaining({ level: 'INFO', requestId, message: 'one two { three: 3 }' }),
      expect.objectContaining({
        level: 'ERROR',
        errorType: 'RangeError',
        errorMessage: 'bad',
        stackTrace: expect.any(Array),
      }),
      expect.objectContaining({
        type: 'platform.report',
        record: expect.objectContaining({ requestId, status: 'success' }),
      }),
    ]);
    expect(aws.streams('/aws/lambda/orders')).toEqual([]);
  });

  it('vanish when the role may not write them, and the group is not made', async () => {
    const aws = await lambdaCloud();
    const statement = {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: '*',
    };
    await setPolicy(aws.cloud, { Version: '2012-10-17', Statement: [statement] });
    await createFunction(aws, 'orders', SOURCE);
    const answer = await aws.lambda.send(new InvokeCommand({ FunctionName: 'orders', LogType: 'Tail' }));
    expect(answer.FunctionError).toBeUndefined();
    expect(aws.lines('/aws/lambda/orders')).toEqual([]);
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toContain('REPORT RequestId');
  });

  it('of a warm environment are lost with their group, unless the role may make one', async () => {
    const test = await startTestCloud();
    onTestFinished(() => test.close());
    const logs = new CloudWatchLogsClient(test.client);
    const lambda = new LambdaClient(test.client);
    const logGroupName = '/aws/lambda/orders';
    const allow = (...Action: string[]) =>
      setPolicy(test.cloud, {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
      });
    const invoke = () => lambda.send(new InvokeCommand({ FunctionName: 'orders' }));
    const groups = async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? [];
    /** How many invocations the group tells of, and how many of them began with an environment's start. */
    const told = async () => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      const count = (text: string) => events.filter(({ message }) => message?.includes(text)).length;
      return { invocations: count('START RequestId'), coldStarts: count('Init Duration') };
    };
    await createRole(test.cloud);
    await createFunction({ lambda }, 'orders', SOURCE);

    await allow('logs:CreateLogStream', 'logs:PutLogEvents');
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await invoke();
    expect(await told()).toEqual({ invocations: 1, coldStarts: 1 });
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    await invoke();
    expect(await groups()).toEqual([]);

    // Whoever makes the group anew has what the same environment writes from then on.
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await invoke();
    expect(await told()).toEqual({ invocations: 1, coldStarts: 0 });

    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    await allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents');
    await invoke();
    const [made] = await groups();
    expect(made?.logGroupName).toBe(logGroupName);
    expect(made?.retentionInDays).toBeUndefined();
    expect(await told()).toEqual({ invocations: 1, coldStarts: 0 });
    // And is then in the way of who would make it.
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
  });
});
