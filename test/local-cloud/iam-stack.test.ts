import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCloud, type TestCloud } from '../support/local-cloud.js';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

const StackName = 'roles';
const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

function template(action: string, withManaged: boolean): string {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const role = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      Policies: [{ PolicyName: 'own', PolicyDocument: allow(action) }],
    },
  };
  const onRole = (PolicyDocument: object) => ({ PolicyDocument, Roles: [{ Ref: 'Role' }] });
  return JSON.stringify({
    Resources: {
      Role: role,
      Beside: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'beside', ...onRole(allow('sns:Publish')) },
      },
      ...(withManaged
        ? { Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: onRole(allow('ssm:*')) } }
        : {}),
      Parameter: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/stack/p', Type: 'String', Value: action },
      },
    },
    Outputs: { Role: { Value: { Ref: 'Role' } }, Arn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
  });
}

async function settled(name: string): Promise<{ status: string; outputs: Record<string, string> }> {
  for (;;) {
    const { Stacks } = await new CloudFormationClient(cloud.client).send(
      new DescribeStacksCommand({ StackName: name }),
    );
    const [stack] = Stacks ?? [];
    const status = String(stack?.StackStatus);
    const outputs = (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
    if (!status.endsWith('_IN_PROGRESS')) return { status, outputs: Object.fromEntries(outputs) };
    await sleep(20);
  }
}

test('a stack makes roles and policies that count, changes them, and leaves none behind', async () => {
  const cloudFormation = new CloudFormationClient(cloud.client);
  const iam = new IAMClient(cloud.client);
  const Capabilities = ['CAPABILITY_IAM' as const];
  const created = await cloudFormation.send(
    new CreateStackCommand({ StackName, TemplateBody: template('sqs:SendMessage', true), Capabilities }),
  );
  const { status, outputs } = await settled(StackName);
  expect(status).toBe('CREATE_COMPLETE');
  const RoleName = outputs.Role as string;
  expect((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Arn).toBe(outputs.Arn);
  const may = async (...ActionNames: string[]) => {
    const PolicySourceArn = outputs.Arn as string;
    const answer = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames }));
    return answer.EvaluationResults?.filter((r) => r.EvalDecision === 'allowed').map((r) => r.EvalActionName);
  };
  const asked = [
    'sqs:SendMessage',
    'sqs:ReceiveMessage',
    'sns:Publish',
    'ssm:GetParameter',
    'logs:PutLogEvents',
  ];
  expect(await may(...asked)).toEqual(asked.filter((action) => action !== 'sqs:ReceiveMessage'));

  const TemplateBody = template('sqs:ReceiveMessage', false);
  await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody, Capabilities }));
  expect((await settled(StackName)).status).toBe('UPDATE_COMPLETE');
  expect(await may(...asked)).toEqual(['sqs:ReceiveMessage', 'sns:Publish', 'logs:PutLogEvents']);
  const policies = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  expect(policies.PolicyNames).toEqual(['beside', 'own']);
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  expect(attached.AttachedPolicies).toHaveLength(1);
  const read = await new SSMClient(cloud.client).send(new GetParameterCommand({ Name: '/stack/p' }));
  expect(read.Parameter).toMatchObject({ Value: 'sqs:ReceiveMessage', Version: 2 });

  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  expect((await settled(created.StackId as string)).status).toBe('DELETE_COMPLETE');
  expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
});
