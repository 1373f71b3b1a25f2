import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloudformationReads } from '../../src/aws/cloudformation.js';
import { eventbridgeReads } from '../../src/aws/eventbridge.js';
import { iamReads } from '../../src/aws/iam.js';
import { lambdaReads } from '../../src/aws/lambda.js';
import { AwsSession } from '../../src/aws/session.js';
import { sqsReads } from '../../src/aws/sqs.js';
import { ssmReads, ssmWrites } from '../../src/aws/ssm.js';
import { CannotLookError } from '../../src/core/errors.js';
import { describeWhere } from '../support/where.js';

const installed = spawnSync('moto_server', ['-h']).status === 0;

/** Calls, and the one action that each is declared to need. moto decides actions, not what they are done on. */
const CALLS: [action: string, call: (session: AwsSession) => Promise<unknown>][] = [
  ['ssm:GetParameter', (session) => ssmReads(session).secret('/cachao/dev/database')],
  ['ssm:DescribeParameters', (session) => ssmReads(session).description('/cachao/dev/database')],
  ['ssm:DeleteParameter', (session) => ssmWrites(session).deleteParameter('/cachao/dev/database')],
  ['sqs:ListQueues', (session) => sqsReads(session).listQueueUrls('cachao-')],
  ['sqs:GetQueueUrl', (session) => sqsReads(session).queueUrl('cachao-dev-x')],
  ['events:ListEventBuses', (session) => eventbridgeReads(session).listEventBuses('aws.partner/')],
  ['events:ListRules', (session) => eventbridgeReads(session).listRules('default')],
  ['events:DescribeRule', (session) => eventbridgeReads(session).describeRule('default', 'x')],
  ['cloudformation:DescribeStacks', (session) => cloudformationReads(session).listStacks()],
  ['lambda:GetFunction', (session) => lambdaReads(session).function('x')],
  ['iam:GetRole', (session) => iamReads(session).role('x')],
];

/** An IAM of somebody else's decides whether the actions are called what we say. */
describeWhere(installed, 'moto_server is not installed')('declared actions, as moto enforces them', () => {
  let server: ChildProcess;
  let endpoint: string;
  const keys = new Map<string, { accessKeyId: string; secretAccessKey: string }>();

  beforeAll(async () => {
    const port = await freePort();
    endpoint = `http://127.0.0.1:${port}`;
    server = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
    const iam = new IAMClient({
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    });
    while (!(await answers(endpoint))) await new Promise((resolve) => setTimeout(resolve, 300));
    for (const action of ['xray:GetGroups', ...CALLS.map(([one]) => one)]) await makeUser(iam, action);
    await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  });
  afterAll(() => {
    server.kill();
  });

  async function makeUser(iam: IAMClient, action: string): Promise<void> {
    const UserName = action.replace(':', '-');
    await iam.send(new CreateUserCommand({ UserName }));
    const statement = { Effect: 'Allow', Action: [action], Resource: ['*'] };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'one', PolicyDocument }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    keys.set(action, {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    });
  }

  const sessionOf = (action: string) =>
    new AwsSession({
      region: 'eu-west-1',
      profile: null,
      endpoint,
      credentials: keys.get(action) ?? { accessKeyId: '', secretAccessKey: '' },
      environment: {},
      attempts: 1,
    });

  it.each(CALLS)('%s', async (action, call) => {
    await call(sessionOf(action));
    // moto refuses in XML whatever the protocol: that it refuses is all that can be read everywhere.
    await expect(call(sessionOf('xray:GetGroups'))).rejects.toBeInstanceOf(CannotLookError);
  });
});

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
