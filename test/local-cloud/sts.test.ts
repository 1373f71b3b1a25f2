import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientConfiguration, startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
});
afterAll(() => cloud.close());

function trust(principal: object, condition?: object): string {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [condition ? { ...statement, Condition: condition } : statement],
  });
}

async function makeRole(name: string, document: string): Promise<string> {
  const iam = new IAMClient(cloud.client);
  const made = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document }));
  return made.Role?.Arn as string;
}

const ACCOUNT_ROOT = { AWS: 'arn:aws:iam::123456789012:root' };

test('the operator is a user of the account', async () => {
  const identity = await new STSClient(cloud.client).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('123456789012');
  expect(identity.Arn).toBe('arn:aws:iam::123456789012:user/operator');
  expect(identity.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
});

test('keys that nobody was given are refused', async () => {
  const stranger = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' };
  const sts = new STSClient(clientConfiguration(cloud.aws, stranger));
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
});

test('an assumed role acts with its own policies until its keys expire', async () => {
  const roleArn = await makeRole('deployer', trust(ACCOUNT_ROOT));
  const sts = new STSClient(cloud.client);
  const input = { RoleArn: roleArn, RoleSessionName: 'ci', DurationSeconds: 900 };
  const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand(input));
  expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deployer/ci');
  const as = clientConfiguration(cloud.aws, {
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken as string,
  });
  const identity = await new STSClient(as).send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(AssumedRoleUser?.Arn);
  expect(identity.UserId).toBe(AssumedRoleUser?.AssumedRoleId);
  const write = new PutRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'more', PolicyDocument: '{}' });
  await expect(new IAMClient(as).send(write)).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining(
      'iam:PutRolePolicy on resource: arn:aws:iam::123456789012:role/deployer',
    ),
  });
  await cloud.cloud.clock.advance(900_001);
  await expect(new STSClient(as).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'ExpiredToken',
  });
});

test('a role that trusts only a service cannot be assumed by a person', async () => {
  const roleArn = await makeRole('for-lambda', trust({ Service: 'lambda.amazonaws.com' }));
  const assume = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'me' });
  await expect(new STSClient(cloud.client).send(assume)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('the external id that a trust policy demands is needed', async () => {
  const document = trust(ACCOUNT_ROOT, { StringEquals: { 'sts:ExternalId': 'x-1' } });
  const RoleArn = await makeRole('external', document);
  const sts = new STSClient(cloud.client);
  const without = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me' });
  await expect(sts.send(without)).rejects.toMatchObject({ name: 'AccessDenied' });
  const given = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', ExternalId: 'x-1' }));
  expect(given.Credentials?.AccessKeyId).toMatch(/^ASIA/);
});

test('a session policy is refused by name, not ignored', async () => {
  const RoleArn = await makeRole('narrowed', trust(ACCOUNT_ROOT));
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'me', Policy: '{}' });
  await expect(new STSClient(cloud.client).send(assume)).rejects.toThrow(/session policies/);
});
