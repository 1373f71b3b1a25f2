import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { APIGatewayClient, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askAdmin, startTestCloud, type TestCloud } from '../../support/local-cloud.js';
import { describeWhere } from '../../support/where.js';
import { deploy, events } from './deploying.js';

const CHECKLIST = new URL('../../fixtures/checklist/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, CHECKLIST), 'utf8');
const translator = spawnSync('python3', ['-c', 'import samtranslator']).status === 0;

describeWhere(translator, 'samtranslator (Python) is not installed')('a committed expansion', () => {
  it.each(['before', 'recommended'])('of %s.sam.yaml is what AWS would make of it', (name) => {
    const expanded = spawnSync('python3', ['expand.py', `${name}.sam.yaml`], {
      cwd: fileURLToPath(CHECKLIST),
      encoding: 'utf8',
      env: { ...process.env, AWS_DEFAULT_REGION: 'eu-west-1' },
    });
    expect(expanded.stderr).toBe('');
    expect(JSON.parse(expanded.stdout)).toEqual(JSON.parse(read(`${name}.cfn.json`)));
  });
});

describe('a typical SAM stack', () => {
  let cloud: TestCloud;
  let client: CloudFormationClient;
  beforeAll(async () => {
    cloud = await startTestCloud();
    client = new CloudFormationClient(cloud.client);
  });
  afterAll(() => cloud.close());

  it('is refused unexpanded, by the name of its transform', async () => {
    const creating = client.send(
      new CreateChangeSetCommand({
        StackName: 'unexpanded',
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateBody: read('before.sam.yaml'),
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'],
      }),
    );
    await expect(creating).rejects.toThrow(/AWS::Serverless-2016-10-31/);
  });

  it('as it was before the checklist deploys, answers its webhook, and listens where nothing arrives', async () => {
    const stack = await deploy(client, read('before.cfn.json'), {
      StackName: 'before',
      ChangeSetType: 'CREATE',
      Capabilities: ['CAPABILITY_IAM'],
    });
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const api = /https:\/\/([a-z0-9]+)\./.exec(stack.Outputs?.[0]?.OutputValue ?? '')?.[1] as string;
    const stages = await new APIGatewayClient(cloud.client).send(new GetStagesCommand({ restApiId: api }));
    // The translator's own leftover beside the stage that was asked for.
    expect(stages.item?.map(({ stageName }) => stageName).sort()).toEqual(['Prod', 'Stage']);
    const answer = await fetch(`${cloud.aws}/_aws/execute-api/${api}/Prod/webhooks/stripe`, {
      method: 'POST',
      headers: { 'Stripe-Signature': 't=1,v1=0' },
      body: '{}',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    const rule = (await events(client, 'before')).find(
      (event) =>
        event.LogicalResourceId === 'StripeEventBridgeHandlerStripeEventBridge' && event.PhysicalResourceId,
    )?.PhysicalResourceId;
    const { Targets } = await new EventBridgeClient(cloud.client).send(
      new ListTargetsByRuleCommand({ Rule: rule }),
    );
    expect(Targets?.[0]).toMatchObject({ Id: 'StripeEventBridgeHandlerStripeEventBridgeLambdaTarget' });
    expect(Targets?.[0]?.DeadLetterConfig).toBeUndefined();
  });

  it('as the checklist recommends it deploys, its mistakes unnoticed', async () => {
    expect((await recommended(client)).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('as the checklist recommends it fails in a new account, which has ten executions in all', async () => {
    const fresh = await startTestCloud();
    try {
      await askAdmin(fresh, 'lambda-account', 'PUT', { concurrentExecutions: 10 });
      const newcomer = new CloudFormationClient(fresh.client);
      expect((await recommended(newcomer)).StackStatus).toBe('ROLLBACK_COMPLETE');
      const failed = (await events(newcomer, 'recommended')).find(
        ({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED',
      );
      expect(failed?.ResourceStatusReason).toContain('below its minimum value of [10]');
    } finally {
      await fresh.close();
    }
  });
});

function recommended(client: CloudFormationClient) {
  return deploy(client, read('recommended.cfn.json'), {
    StackName: 'recommended',
    ChangeSetType: 'CREATE',
    Capabilities: ['CAPABILITY_IAM'],
  });
}
