import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudFormationClient, type Parameter } from '@aws-sdk/client-cloudformation';
import { afterAll, expect, it } from 'vitest';
import { ourDestination } from '../../src/world/destination.js';
import { openStage } from '../doctor/support/set-up-stage.js';
import { deploy } from '../local-cloud/cloudformation/deploying.js';
import { removeDirectory } from '../support/directories.js';
import { describeWhere } from '../support/where.js';
import { file, mend, read } from './support.js';

const FIXTURES = file('test/fixtures/checklist/');
const linter = spawnSync('cfn-lint', ['--version']).status === 0;
const translator = spawnSync('python3', ['-c', 'import samtranslator']).status === 0;

const directory = mkdtempSync(path.join(tmpdir(), 'cachao-written-'));
afterAll(() => removeDirectory(directory));

/** The fixture as `--write` leaves it. */
function writtenFile(name: string): string {
  const target = path.join(directory, path.basename(name));
  writeFileSync(target, mend(read(`test/fixtures/checklist/${name}`), name).text);
  return target;
}

function expanded(name: string): {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
} {
  const run = spawnSync('python3', [path.join(FIXTURES, 'expand.py'), writtenFile(name)], {
    encoding: 'utf8',
    env: { ...process.env, AWS_DEFAULT_REGION: 'eu-west-1' },
  });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

describeWhere(linter, 'cfn-lint is not installed')('what was written', () => {
  it('of each passes cfn-lint', () => {
    const names = ['before.sam.yaml', 'recommended.sam.yaml', 'before.cfn.json', 'recommended.cfn.json'];
    const run = spawnSync('cfn-lint', ['--', ...names.map(writtenFile)], { encoding: 'utf8' });
    expect([run.stdout + run.stderr, run.status]).toEqual(['', 0]);
  });
});

describeWhere(translator, 'samtranslator (Python) is not installed')('what was written, expanded', () => {
  it('contains what was promised', () => {
    const { Resources } = expanded('before.sam.yaml');
    const rule = Resources.StripeEventBridgeHandlerStripeEventBridge?.Properties;
    expect(rule).toMatchObject({
      State: 'ENABLED',
      EventBusName: { Ref: 'StripeEventBusName' },
      EventPattern: { source: [{ Ref: 'StripeEventBusName' }] },
      Targets: [
        {
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
          DeadLetterConfig: {
            Arn: { 'Fn::GetAtt': ['StripeEventBridgeHandlerDeliveryFailuresQueue', 'Arn'] },
          },
        },
      ],
    });
    expect(Resources.StripeEventBridgeHandler?.Properties).toMatchObject({
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['StripeEventBridgeHandlerFailuresQueue', 'Arn'] } },
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: { Ref: 'StripeEventBridgeHandlerLogGroup' } },
    });
    expect(Resources.CachaoApiProdStage?.Properties.MethodSettings).toEqual([
      { ResourcePath: '/*', HttpMethod: '*', ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 },
    ]);
    expect(
      Object.values(Resources).filter((one) => one.Type === 'AWS::Lambda::EventInvokeConfig'),
    ).toHaveLength(1);
  });

  it('deploys, and the doctor finds only what no template can do', async () => {
    const stage = await openStage({ settings: { stack: { name: 'Shop', managed: false } } });
    try {
      await stage.repair('stripe.destination', 'eventbridge.source', 'eventbridge.bus');
      const destination = await ourDestination(stage.open().world);
      const client = new CloudFormationClient(stage.client);
      const stack = await deploy(client, expanded('before.sam.yaml'), {
        StackName: 'Shop',
        ChangeSetType: 'CREATE',
        Capabilities: ['CAPABILITY_IAM'],
        Parameters: [{ ParameterKey: 'StripeEventBusName', ParameterValue: destination?.sourceName }],
      });
      expect(stack.StackStatus).toBe('CREATE_COMPLETE');
      await stage.repair();
      const findings = await stage.inspect();
      const wrong = findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'skipped');
      expect(wrong.map(({ id, outcome }) => `${outcome} ${id}`).sort()).toEqual([
        // A person must confirm the subscription.
        'warn alarm.actions',
        // SAM's EventBridgeRule takes none.
        'warn eventbridge.rule-description',
        // How much may be reserved is the account's to say.
        'warn function.concurrency',
        // What SAM's own role may do.
        'warn function.role',
      ]);
    } finally {
      await stage.close();
    }
  });

  it.each(['before.sam.yaml', 'recommended.sam.yaml', 'before.cfn.json', 'recommended.cfn.json'])(
    'takes over a stack that was deployed from %s as it was',
    async (name) => {
      const stage = await openStage({ settings: { stack: { name: 'Shop', managed: false } } });
      try {
        await stage.repair('stripe.destination', 'eventbridge.source', 'eventbridge.bus');
        const bus = (await ourDestination(stage.open().world))?.sourceName;
        const client = new CloudFormationClient(stage.client);
        const make = (template: string, ChangeSetType: 'CREATE' | 'UPDATE', parameters: Parameter[]) =>
          deploy(client, template, {
            StackName: 'Shop',
            ChangeSetType,
            Capabilities: ['CAPABILITY_IAM'],
            Parameters: parameters,
          });
        const original = read(`test/fixtures/checklist/${name.replace('.sam.yaml', '.cfn.json')}`);
        expect((await make(original, 'CREATE', [])).StackStatus).toBe('CREATE_COMPLETE');
        const mended = name.endsWith('.json')
          ? readFileSync(writtenFile(name), 'utf8')
          : JSON.stringify(expanded(name));
        const updated = await make(mended, 'UPDATE', [
          { ParameterKey: 'StripeEventBusName', ParameterValue: bus },
        ]);
        expect([updated.StackStatus, updated.StackStatusReason]).toEqual(['UPDATE_COMPLETE', undefined]);
      } finally {
        await stage.close();
      }
    },
  );
});
