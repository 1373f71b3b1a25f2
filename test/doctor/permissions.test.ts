import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/registry.js';
import type { PathCheck } from '../../src/checks/types.js';
import { inspectOne } from '../../src/core/inspect.js';
import { stackActions } from '../../src/policy/stack-actions.js';
import { parseTemplate } from '../../src/stack/template.js';
import { PATH_ACTIONS } from '../../src/world/payment-path.js';
import { askAdmin } from '../support/local-cloud.js';
import { type SetUpStage, setUpStage, type TestStage } from './support/set-up-stage.js';
import { checklistTemplate, type TheirStage, theirStage } from './support/their-stack.js';

const TEMPLATE = parseTemplate(readFileSync(new URL('../../infra/template.yaml', import.meta.url), 'utf8'));
let stage: SetUpStage;
let theirs: TheirStage;

beforeAll(async () => {
  stage = await setUpStage();
  theirs = await theirStage(checklistTemplate('recommended'), {
    parameters: { StripeWebhookSecret: 'whsec_PastedFromTheDashboard1234' },
  });
});
afterAll(async () => {
  await stage?.close();
  await theirs?.close();
});

/** None of our roles has a managed policy. */
const MANAGED_POLICIES = ['iam:GetPolicy', 'iam:GetPolicyVersion'];

/** Declared for states of the world that this one is not in. */
const NOT_HERE: Record<string, readonly string[]> = {
  // What our own stack declares is read to see whether a missing alarm can be put back.
  'alarm.function-errors': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'alarm.loss': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'alarm.webhook': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'alarm.actions': ['cloudformation:GetTemplate'],
  // No alarm rings: whether its queue was emptied since need not be asked.
  'alarm.state': ['sqs:GetQueueAttributes'],
  // No message waits, and no drain function is there.
  'queue.empty': ['sqs:ReceiveMessage', 'cloudwatch:GetMetricData', 'lambda:ListEventSourceMappings'],
  // There is no rule of somebody else's, and no second endpoint.
  'delivery.single-handler': ['events:ListTargetsByRule', 'events:TestEventPattern'],
  // Only beside a stack of somebody else's: its rules say what its handler takes.
  'stripe.destination-events': ['events:TestEventPattern'],
  'stripe.webhook-events': ['events:TestEventPattern'],
  'stripe.webhook-stale': ['apigateway:GET'],
  // Only a stack that failed is asked why.
  'stack.healthy': [
    'sts:GetCallerIdentity',
    'events:ListEventSources',
    'cloudformation:DescribeStackEvents',
    'cloudformation:GetTemplate',
    'lambda:GetAccountSettings',
    'lambda:GetFunction',
  ],
  // Events were handed over: whether Stripe sent any need not be asked.
  'eventbridge.deliveries': [
    'sts:GetCallerIdentity',
    'events:ListEventSources',
    // Nothing failed: whether something waits need not be asked.
    'sqs:GetQueueAttributes',
  ],
  // Only where the stack is somebody else's: a first call would make the function's log group.
  'api.reachable': ['logs:DescribeLogGroups'],
  // Nothing went wrong: what went well since need not be asked.
  'function.errors': ['logs:FilterLogEvents'],
  // The secret is the endpoint's own, and nothing was refused.
  'secret.webhook': ['logs:FilterLogEvents'],
  'api.refusals': ['ssm:GetParameter', 'ssm:DescribeParameters'],
  'eventbridge.rule-enabled': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'function.dlq': MANAGED_POLICIES,
  'function.tracing': MANAGED_POLICIES,
  'function.role': MANAGED_POLICIES,
  // AWS asks for it; the local cloud does not.
  'stack.drift': ['cloudformation:DetectStackResourceDrift'],
};

describe('what a check declares is what it does', () => {
  for (const check of CHECKS) {
    it(`${check.id} needs no other permission than it declares`, async () => {
      expect(await inspectedWithOnly(check, stage)).not.toMatch(/^unknown/);
    });

    it(`${check.id} needs no other permission beside a stack of somebody else's`, async () => {
      expect(await inspectedWithOnly(check, theirs)).not.toMatch(/^unknown.*(may not|lacks the permission)/);
    });

    it(`${check.id} declares no IAM action that it does not use`, async () => {
      const used = await actionsUsed(() => inspectOne(check, stage.open().world));
      const idle = check.iam.filter(
        (action) => !used.has(action) && ![...PATH_ACTIONS, ...(NOT_HERE[check.id] ?? [])].includes(action),
      );
      expect(idle).toEqual([]);
    });
  }
});

/** What CloudFormation reads in the caller's name to find drift; `cachao policy` derives it from the template. */
const throughStack = (check: PathCheck): string[] =>
  check.iam.includes('cloudformation:DetectStackDrift') ? stackActions(TEMPLATE, 'look') : [];

/** What the check says with the permissions that it declares, and no other. */
async function inspectedWithOnly(check: PathCheck, on: TestStage): Promise<string> {
  const Statement = [
    check.iam.length > 0
      ? { Effect: 'Allow', Action: [...check.iam, ...throughStack(check)], Resource: '*' }
      : { Effect: 'Deny', Action: '*', Resource: '*' },
  ];
  // Secret keys may do everything, so nothing is learnt from one.
  const key = `rk_test_${Buffer.from(check.id).toString('hex')}`;
  const permissions = (check.stripe ?? []).map((name) => `rak_${name}`);
  await put(on, 'stripe/keys', { key, permissions });
  await put(on, 'enforcement', { policy: { Version: '2012-10-17', Statement } });
  const finding = await inspectOne(check, on.open({}, key).world);
  await put(on, 'enforcement', { policy: null });
  return `${finding.outcome}: ${finding.summary}`;
}

async function put({ cloud }: TestStage, path: string, body: object): Promise<void> {
  const answer = await askAdmin(cloud, path, 'PUT', body);
  expect(answer.status).toBe(200);
}

/** IAM actions of the calls made meanwhile, as the local cloud would have asked for them. */
async function actionsUsed(work: () => Promise<unknown>): Promise<Set<string>> {
  const { faults, services } = stage.cloud.cloud;
  faults.calls = [];
  faults.recording = true;
  await work();
  faults.recording = false;
  return new Set(
    faults.calls.flatMap(({ service, operation }) => {
      const found = services.get(service);
      const spec = found?.operations[operation];
      if (!found || !spec) return [];
      return [spec.action ?? `${found.iamPrefix ?? found.name}:${operation}`];
    }),
  );
}
