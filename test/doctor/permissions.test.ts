import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/registry.js';
import type { PathCheck } from '../../src/checks/types.js';
import { inspectOne } from '../../src/core/inspect.js';
import { PATH_ACTIONS } from '../../src/world/payment-path.js';
import { type SetUpStage, setUpStage } from './support/set-up-stage.js';

let stage: SetUpStage;

beforeAll(async () => {
  stage = await setUpStage();
}, 180_000);
afterAll(() => stage?.close());

/** Where the stack is somebody else's, the path is found by its wiring. */
const FOR_FOREIGN_STACKS = PATH_ACTIONS;
/** None of our roles has a managed policy. */
const MANAGED_POLICIES = ['iam:GetPolicy', 'iam:GetPolicyVersion'];

/** Declared for states of the world that this one is not in. */
const NOT_HERE: Record<string, readonly string[]> = {
  // What our own stack declares is read to see whether a missing alarm can be put back.
  'alarm.function-errors': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'alarm.loss': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'alarm.webhook': ['cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
  'alarm.actions': ['cloudformation:GetTemplate'],
  // No message waits, and no drain function is there.
  'queue.empty': ['sqs:ReceiveMessage', 'cloudwatch:GetMetricData', 'lambda:ListEventSourceMappings'],
  // There is no rule of somebody else's, and no second endpoint.
  'delivery.single-handler': ['events:ListTargetsByRule', 'events:TestEventPattern'],
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
  'eventbridge.deliveries': ['sts:GetCallerIdentity', 'events:ListEventSources'],
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
      await allowOnly(check);
      const key = await restrictedKey(check);
      const finding = await inspectOne(check, stage.open({}, key).world).finally(allowAll);
      expect(`${finding.outcome}: ${finding.summary}`).not.toMatch(/^unknown/);
    }, 60_000);

    it(`${check.id} declares no IAM action that it does not use`, async () => {
      const used = await actionsUsed(() => inspectOne(check, stage.open().world));
      const idle = check.iam.filter(
        (action) =>
          !used.has(action) && ![...FOR_FOREIGN_STACKS, ...(NOT_HERE[check.id] ?? [])].includes(action),
      );
      expect(idle).toEqual([]);
    }, 60_000);
  }
});

function allowOnly({ iam }: PathCheck): Promise<unknown> {
  return enforce({
    Version: '2012-10-17',
    Statement: [
      iam.length > 0
        ? { Effect: 'Allow', Action: iam, Resource: '*' }
        : { Effect: 'Deny', Action: '*', Resource: '*' },
    ],
  });
}

const allowAll = () => enforce(null);

async function enforce(policy: object | null): Promise<void> {
  const answer = await put('enforcement', { policy });
  expect(answer.status).toBe(200);
}

/** A key that may do only what the check declares. Secret keys may do everything, so nothing is learnt from one. */
async function restrictedKey({ id, stripe = [] }: PathCheck): Promise<string> {
  const key = `rk_test_${Buffer.from(id).toString('hex')}`;
  const answer = await put('stripe/keys', { key, permissions: stripe.map((name) => `rak_${name}`) });
  expect(answer.status).toBe(200);
  return key;
}

function put(path: string, body: object): Promise<Response> {
  return fetch(`${stage.cloud.aws}/_cachao/${path}`, { method: 'PUT', body: JSON.stringify(body) });
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
