import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zip } from '../local-cloud/lambda/lambda-cloud.js';
import { removeDirectory } from '../support/directories.js';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';
import { describeWhere } from '../support/where.js';

const run = promisify(execFile);
const installed = spawnSync('aws', ['--version']).status === 0;

/** Its own protocols, waiters and high-level commands, configured by nothing but the variables that `--export` prints. */
describeWhere(installed, 'the AWS CLI is not installed')('the AWS CLI against the local cloud', () => {
  let cloud: TestCloud;
  let directory: string;
  beforeAll(async () => {
    // Stacks are made before the CLI looks: its waiters look twice a minute.
    cloud = await startTestCloud({ speed: 60_000 });
    directory = mkdtempSync(path.join(tmpdir(), 'aws-cli-'));
  });
  afterAll(async () => {
    await cloud.close();
    await removeDirectory(directory);
  });

  async function text(command: string, ...more: string[]): Promise<string> {
    // Version 1 of the CLI sends SQS calls to AWS, whatever AWS_ENDPOINT_URL says; the option it obeys.
    const endpoint = command.startsWith('sqs ') ? ['--endpoint-url', cloud.aws] : [];
    const { stdout } = await run('aws', [...command.split(' '), ...more, ...endpoint], {
      cwd: directory,
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...cloud.environment,
      },
    });
    return stdout.trim();
  }
  // biome-ignore lint/suspicious/noExplicitAny: whatever the command prints
  const json = async (command: string, ...more: string[]): Promise<any> =>
    JSON.parse(await text(`${command} --output json`, ...more));

  it('says who calls', async () => {
    expect(await json('sts get-caller-identity')).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/operator',
    });
  });

  it('stores a secret and reads it back', async () => {
    await text('ssm put-parameter --name /shop/secret --type SecureString --value old');
    await text('ssm put-parameter --name /shop/secret --overwrite --value new');
    expect(
      await text(
        'ssm get-parameter --name /shop/secret --with-decryption --output text --query Parameter.Value',
      ),
    ).toBe('new');
  });

  it('copies a file to a bucket and back, and empties it', async () => {
    writeFileSync(path.join(directory, 'code.txt'), 'code');
    await text('s3 mb s3://cli-artifacts');
    await text('s3 cp code.txt s3://cli-artifacts/v1/code.txt');
    expect(await text('s3 ls s3://cli-artifacts/v1/')).toMatch(/ 4 code\.txt$/);
    expect(await text('s3 cp s3://cli-artifacts/v1/code.txt -')).toBe('code');
    await text('s3 rb s3://cli-artifacts --force');
  });

  it('carries a message from a topic to a queue', async () => {
    const topic = await text('sns create-topic --name alarms --output text --query TopicArn');
    const url = await text('sqs create-queue --queue-name alarms --output text --query QueueUrl');
    const arn = 'arn:aws:sqs:eu-west-1:123456789012:alarms';
    const allow = {
      Effect: 'Allow',
      Principal: { Service: 'sns.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
    await text('sqs set-queue-attributes --queue-url', url, '--attributes', JSON.stringify({ Policy }));
    await text('sns subscribe --protocol sqs --topic-arn', topic, '--notification-endpoint', arn);
    await text('sns publish --message fire --topic-arn', topic);
    const { Messages } = await json('sqs receive-message --queue-url', url);
    expect(JSON.parse(Messages[0].Body)).toMatchObject({ Message: 'fire', TopicArn: topic });
  });

  it('runs a function and shows its log', async () => {
    writeFileSync(
      path.join(directory, 'function.zip'),
      zip({
        'index.mjs': 'export const handler = async (event) => (console.log("got", event.n), event.n + 1)',
      }),
    );
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    };
    const role = await text(
      'iam create-role --role-name worker --output text --query Role.Arn --assume-role-policy-document',
      JSON.stringify(trust),
    );
    await text(
      'iam attach-role-policy --role-name worker --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    );
    await text(
      'lambda create-function --function-name adds --runtime nodejs22.x --handler index.handler --zip-file fileb://function.zip --role',
      role,
    );
    await text('lambda wait function-active-v2 --function-name adds');
    await text('lambda invoke --function-name adds --payload', '{"n":41}', 'answer.json');
    expect(await text('logs filter-log-events --log-group-name /aws/lambda/adds --output text')).toContain(
      'got 41',
    );
  });

  it('puts an event through a rule', async () => {
    const url = await text('sqs create-queue --queue-name events --output text --query QueueUrl');
    const arn = 'arn:aws:sqs:eu-west-1:123456789012:events';
    const allow = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: arn,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [allow] });
    await text('sqs set-queue-attributes --queue-url', url, '--attributes', JSON.stringify({ Policy }));
    await text('events put-rule --name paid --event-pattern', '{"source":["shop"]}');
    await text('events put-targets --rule paid --targets', `Id=queue,Arn=${arn}`);
    await text('events put-events --entries', 'Source=shop,DetailType=Paid,Detail="{}"');
    const { Messages } = await json('sqs receive-message --wait-time-seconds 20 --queue-url', url);
    expect(JSON.parse(Messages[0].Body)).toMatchObject({ source: 'shop', 'detail-type': 'Paid' });
  });

  it('says why a call was refused, and names what is not supported', async () => {
    await expect(text('events describe-rule --name none')).rejects.toThrow('(ResourceNotFoundException)');
    await expect(text('sqs get-queue-url --queue-name none')).rejects.toThrow('NonExistentQueue');
    await expect(text('events list-api-destinations')).rejects.toThrow(
      'does not support events:ListApiDestinations',
    );
    await expect(text('sns create-topic --name a.fifo')).rejects.toThrow('(InvalidParameter)');
  });

  it('deploys a stack, again without changes, watches an alarm of it, and deletes it', async () => {
    const template = {
      Resources: {
        Alarm: {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: {
            AlarmName: 'nobody-pays',
            Namespace: 'Shop',
            MetricName: 'Paid',
            Statistic: 'Sum',
            Period: 60,
            EvaluationPeriods: 1,
            Threshold: 1,
            ComparisonOperator: 'LessThanThreshold',
          },
        },
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'shop' } },
      },
    };
    writeFileSync(path.join(directory, 'stack.json'), JSON.stringify(template));
    const deploy = 'cloudformation deploy --stack-name shop --template-file stack.json';
    expect(await text(deploy)).toContain('Successfully created/updated stack - shop');
    expect(await text(deploy, '--no-fail-on-empty-changeset')).toContain('No changes to deploy');
    const { MetricAlarms } = await json('cloudwatch describe-alarms --alarm-names nobody-pays');
    expect(MetricAlarms).toMatchObject([{ StateValue: 'INSUFFICIENT_DATA' }]);
    expect((await json('apigateway get-rest-apis')).items).toMatchObject([{ name: 'shop' }]);
    await text('cloudformation delete-stack --stack-name shop');
    await text('cloudformation wait stack-delete-complete --stack-name shop');
    expect((await json('apigateway get-rest-apis')).items).toEqual([]);
  });
});
