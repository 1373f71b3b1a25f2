import {
  AttachRolePolicyCommand,
  type ContextEntry,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askAdmin, startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
let iam: IAMClient;
beforeAll(async () => {
  cloud = await startTestCloud({ clock: 'manual' });
  iam = new IAMClient(cloud.client);
});
afterAll(() => cloud.close());

const ROLES = 'arn:aws:iam::123456789012:role/';
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:orders';
const document = (...statements: object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

let roles = 0;
async function roleWith(...statements: object[]): Promise<string> {
  const RoleName = `role-${roles++}`;
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  if (statements.length > 0)
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: document(...statements) }),
    );
  return RoleName;
}

async function decision(
  role: string,
  action: string,
  resource: string,
  context: Record<string, string[]> = {},
): Promise<string | undefined> {
  const ContextEntries = Object.entries(context).map(
    ([ContextKeyName, ContextKeyValues]): ContextEntry => ({
      ContextKeyName,
      ContextKeyValues,
      ContextKeyType: 'stringList',
    }),
  );
  const answer = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: ROLES + role,
      ActionNames: [action],
      ResourceArns: [resource],
      ContextEntries,
    }),
  );
  return answer.EvaluationResults?.[0]?.EvalDecision;
}

const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition ? { Condition } : {}),
});

test.each([
  ['sqs:SendMessage', QUEUE, 'allowed'],
  ['SQS:sendmessage', QUEUE, 'allowed'],
  ['sqs:SendMessageBatch', QUEUE, 'implicitDeny'],
  ['sqs:SendMessage', `${QUEUE}-other`, 'implicitDeny'],
])(
  'an allow covers its action whatever the case, and its resource only: %s on %s',
  async (action, arn, wanted) => {
    expect(await decision(await roleWith(allow('sqs:SendMessage', QUEUE)), action, arn)).toBe(wanted);
  },
);

test('a deny wins over every allow, and is told from the absence of an allow', async () => {
  const role = await roleWith(allow('*'), { Effect: 'Deny', Action: 'sqs:Delete*', Resource: '*' });
  expect(await decision(role, 'sqs:DeleteMessage', QUEUE)).toBe('explicitDeny');
  expect(await decision(role, 'sqs:SendMessage', QUEUE)).toBe('allowed');
});

test('wildcards stay within their part of an ARN, and reach through its last', async () => {
  const role = await roleWith(allow('logs:*', 'arn:aws:logs:*:123456789012:log-group:/cachao/*'));
  const group = (region: string, account: string) =>
    `arn:aws:logs:${region}:${account}:log-group:/cachao/a/b:log-stream:x`;
  expect(await decision(role, 'logs:PutLogEvents', group('eu-west-1', '123456789012'))).toBe('allowed');
  expect(await decision(role, 'logs:PutLogEvents', group('eu-west-1', '999999999999'))).toBe('implicitDeny');
});

test('NotAction and NotResource cover everything else', async () => {
  const role = await roleWith({ Effect: 'Allow', NotAction: 'iam:*', NotResource: QUEUE });
  expect(await decision(role, 'sqs:SendMessage', `${QUEUE}-other`)).toBe('allowed');
  expect(await decision(role, 'sqs:SendMessage', QUEUE)).toBe('implicitDeny');
  expect(await decision(role, 'iam:GetRole', `${ROLES}x`)).toBe('implicitDeny');
});

test('policy variables take the value of the request, literally', async () => {
  const role = await roleWith(
    allow('sqs:*', `arn:aws:sqs:eu-west-1:\${aws:PrincipalAccount}:*`),
    allow('s3:*', `arn:aws:s3:::\${aws:PrincipalTag/missing}/*`),
    allow('sns:*', `arn:aws:sns:eu-west-1:123456789012:\${aws:PrincipalTag/team}`),
  );
  expect(await decision(role, 'sqs:SendMessage', QUEUE)).toBe('allowed');
  expect(await decision(role, 's3:GetObject', 'arn:aws:s3:::anything/x')).toBe('implicitDeny');
  await iam.send(new TagRoleCommand({ RoleName: role, Tags: [{ Key: 'team', Value: 'a' }] }));
  expect(await decision(role, 'sns:Publish', 'arn:aws:sns:eu-west-1:123456789012:a')).toBe('allowed');
  expect(await decision(role, 'sns:Publish', 'arn:aws:sns:eu-west-1:123456789012:b')).toBe('implicitDeny');
});

test.each<[string, object, Record<string, string[]>, boolean]>([
  ['StringEquals', { StringEquals: { 'x:k': ['a', 'b'] } }, { 'X:K': ['b'] }, true],
  ['StringEquals, case', { StringEquals: { 'x:k': 'a' } }, { 'x:k': ['A'] }, false],
  ['StringEquals, key missing', { StringEquals: { 'x:k': 'a' } }, {}, false],
  ['StringNotEquals, key missing', { StringNotEquals: { 'x:k': 'a' } }, {}, true],
  ['StringNotEquals, one of two', { StringNotEquals: { 'x:k': ['a', 'b'] } }, { 'x:k': ['b'] }, false],
  ['StringEqualsIfExists, key missing', { StringEqualsIfExists: { 'x:k': 'a' } }, {}, true],
  ['StringLike', { StringLike: { 'x:k': 'pre-?-*' } }, { 'x:k': ['pre-1-any'] }, true],
  ['NumericLessThan', { NumericLessThan: { 'x:k': '10' } }, { 'x:k': ['9.5'] }, true],
  ['NumericLessThan, no number', { NumericLessThan: { 'x:k': '10' } }, { 'x:k': ['few'] }, false],
  ['Bool', { Bool: { 'x:k': 'true' } }, { 'x:k': ['True'] }, true],
  ['Null true, key missing', { Null: { 'x:k': 'true' } }, {}, true],
  ['Null false, key missing', { Null: { 'x:k': 'false' } }, {}, false],
  ['IpAddress inside', { IpAddress: { 'x:k': '10.0.0.0/8' } }, { 'x:k': ['10.200.1.1'] }, true],
  ['IpAddress outside', { IpAddress: { 'x:k': '10.0.0.0/8' } }, { 'x:k': ['11.0.0.1'] }, false],
  ['ArnLike', { ArnLike: { 'x:k': 'arn:aws:sqs:*:*:ord*' } }, { 'x:k': [QUEUE] }, true],
  ['ArnLike, too few parts', { ArnLike: { 'x:k': 'arn:aws:sqs:*:orders' } }, { 'x:k': [QUEUE] }, false],
  [
    'DateGreaterThan',
    { DateGreaterThan: { 'x:k': '2020-01-01T00:00:00Z' } },
    { 'x:k': ['2021-01-01T00:00:00Z'] },
    true,
  ],
  ['ForAnyValue', { 'ForAnyValue:StringEquals': { 'x:k': ['a'] } }, { 'x:k': ['z', 'a'] }, true],
  ['ForAnyValue, key missing', { 'ForAnyValue:StringEquals': { 'x:k': ['a'] } }, {}, false],
  ['ForAllValues', { 'ForAllValues:StringEquals': { 'x:k': ['a'] } }, { 'x:k': ['z', 'a'] }, false],
  ['ForAllValues, key missing', { 'ForAllValues:StringEquals': { 'x:k': ['a'] } }, {}, true],
  [
    'two operators, one fails',
    { Bool: { 'x:b': 'true' }, StringEquals: { 'x:k': 'a' } },
    { 'x:k': ['a'] },
    false,
  ],
])('condition %s', async (_name, condition, context, holds) => {
  const role = await roleWith(allow('sqs:*', '*', condition));
  expect(await decision(role, 'sqs:SendMessage', QUEUE, context)).toBe(holds ? 'allowed' : 'implicitDeny');
});

test("AWS's managed policies count, and a boundary limits them", async () => {
  const role = await roleWith();
  const policy = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  const group = 'arn:aws:logs:eu-west-1:123456789012:log-group:x';
  await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policy }));
  expect(await decision(role, 'logs:PutLogEvents', group)).toBe('allowed');
  const made = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'limit', PolicyDocument: document(allow('logs:Create*')) }),
  );
  const PermissionsBoundary = made.Policy?.Arn as string;
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: role, PermissionsBoundary }));
  expect(await decision(role, 'logs:PutLogEvents', group)).toBe('implicitDeny');
  expect(await decision(role, 'logs:CreateLogStream', group)).toBe('allowed');
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn: PermissionsBoundary }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
  });
});

test('a role goes only when its policies have gone', async () => {
  const RoleName = await roleWith(allow('sqs:*'));
  const PolicyArn = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  const remove = () => iam.send(new DeleteRoleCommand({ RoleName }));
  await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }));
  await remove();
  await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
});

test('documents come back as they were put, URL-encoded', async () => {
  const RoleName = await roleWith(allow('sqs:SendMessage', `${QUEUE}-é*`));
  const answer = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'p' }));
  expect(answer.PolicyDocument).not.toContain('{');
  expect(decodeURIComponent(answer.PolicyDocument ?? '')).toBe(
    document(allow('sqs:SendMessage', `${QUEUE}-é*`)),
  );
});

test.each<[string, string]>([
  ['no JSON', '{'],
  ['no statement', '{"Version":"2012-10-17"}'],
  ['no resource', JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sqs:*' } })],
  ['a principal', document({ ...allow('sqs:*'), Principal: '*' })],
  ['an action without its service', document(allow('SendMessage'))],
  ['an unknown operator', document(allow('sqs:*', '*', { StringIs: { a: 'b' } }))],
  ['an unknown field', document({ ...allow('sqs:*'), Actions: [] })],
])('a policy with %s is refused', async (_what, PolicyDocument) => {
  const put = new PutRolePolicyCommand({ RoleName: await roleWith(), PolicyName: 'p', PolicyDocument });
  await expect(iam.send(put)).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
});

test('the operator may do everything until a policy is enforced, then only what that allows', async () => {
  const ssm = new SSMClient(cloud.client);
  const enforce = async (policy: object | null) => {
    expect((await askAdmin(cloud, 'enforcement', 'PUT', { policy })).status).toBe(200);
  };
  await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'v', Type: 'String' }));
  const Resource = 'arn:aws:ssm:eu-west-1:123456789012:parameter/a';
  await enforce({ Version: '2012-10-17', Statement: [allow('ssm:GetParameter', Resource)] });
  await ssm.send(new GetParameterCommand({ Name: '/a' }));
  const put = () => ssm.send(new PutParameterCommand({ Name: '/a', Value: 'w', Overwrite: true }));
  await expect(put()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: arn:aws:iam::123456789012:user/operator is not authorized to perform: ssm:PutParameter on resource: ${Resource} because no identity-based policy allows the ssm:PutParameter action`,
  });
  await enforce(null);
  await put();
  const deny = document({ Effect: 'Deny', Action: 'ssm:PutParameter', Resource: '*' });
  await iam.send(new PutUserPolicyCommand({ UserName: 'operator', PolicyName: 'd', PolicyDocument: deny }));
  await expect(put()).rejects.toThrow(/explicit deny/);
});
