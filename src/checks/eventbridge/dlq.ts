import { isSamePlace, nameOf } from '../../aws/arn.js';
import type { Queue } from '../../aws/sqs.js';
import type { PlannedChange } from '../../core/check.js';
import { fail, pass, type Remedy, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { decide } from '../../world/access.js';
import type { Bench } from '../../world/bench.js';
import { paymentPath } from '../../world/payment-path.js';
import { statementsOf } from '../../world/policy-document.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import type { PathCheck } from '../types.js';
import { allowingRule } from './allowing-rule.js';
import { deployedTargets, RULE_ACTIONS, type RuleTarget, ruleEvidence } from './deployed-rules.js';

const ID = 'eventbridge.dlq';
const restore = restoreFix(ID, ['StripeEventRule', 'DeliveryFailuresQueue', 'DeliveryFailuresQueuePolicy']);

export const dlq: PathCheck = {
  ...requirement('eventbridge.dlq'),
  needs: ['eventbridge.rule'],
  iam: [...RULE_ACTIONS, 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
  fixIam: [...RESTORE_ACTIONS, 'events:PutTargets', 'sqs:SetQueueAttributes'],
  async inspect(world) {
    const states = await looked(world);
    if (states.length === 0) return skipped('the rule has no target');
    const evidence = [
      ...ruleEvidence(
        world,
        states.map(({ rule }) => rule),
      ),
      ...states.flatMap(({ queue }) =>
        queue ? [{ label: 'queue', value: queue.name, url: world.links.queue(queue.url) }] : [],
      ),
    ];
    const bad = states.filter(({ problem }) => problem !== undefined);
    if (bad.length === 0)
      return pass(states.map(({ queue, target }) => queue?.name ?? target.deadLetterArn).join(', '), {
        evidence,
      });
    return fail(bad.map(({ problem }) => problem).join('; '), {
      expected: 'a queue whose policy lets this rule send',
      actual: bad.map(({ target }) => target.deadLetterArn ?? 'no dead-letter queue').join(', '),
      evidence,
      remedy: remedyFor(world, bad),
    });
  },
  fixLeaves:
    'a queue that is missing, gone or encrypted with alias/aws/sqs on a stack that cachao does not deploy',
  async fix(world) {
    const changes = directChanges(await looked(world), await keepingQueue(world));
    return changes.length > 0 ? changes : restore.fix(world);
  },
};

type Kind = 'none' | 'astray' | 'gone' | 'shut' | 'locked';

/** AWS's own key for SQS: its policy cannot be changed, and lets no service use it. */
const AWS_MANAGED_KEY = /(^|:)alias\/aws\/sqs$/;

interface Looked extends RuleTarget {
  queue: Queue | undefined;
  kind?: Kind;
  problem?: string;
}

async function looked(world: World): Promise<Looked[]> {
  const [targets, keeping] = await Promise.all([deployedTargets(world), keepingQueue(world)]);
  return Promise.all(targets.map((one) => look(world, one, keeping?.arn)));
}

async function look(world: World, one: RuleTarget, keepingArn: string | undefined): Promise<Looked> {
  const { rule, target } = one;
  const arn = target.deadLetterArn;
  if (!arn)
    return {
      ...one,
      queue: undefined,
      kind: 'none',
      problem: `the target of ${rule.name} has no dead-letter queue`,
    };
  const astray = astrayFrom(arn, rule.arn, keepingArn);
  if (astray)
    return {
      ...one,
      queue: undefined,
      kind: 'astray',
      problem: `what ${rule.name} cannot deliver goes to ${arn}, ${astray}`,
    };
  const name = nameOf(arn);
  const url = await world.sqs.queueUrl(name);
  const queue = url === undefined ? undefined : await world.sqs.queue(url);
  if (!queue)
    return {
      ...one,
      queue,
      kind: 'gone',
      problem: `the dead-letter queue ${name} of ${rule.name} does not exist`,
    };
  const allowed = decide(statementsOf(queue.policy), {
    action: 'sqs:SendMessage',
    resource: queue.arn,
    principal: { kind: 'Service', value: 'events.amazonaws.com' },
    context: { 'aws:sourcearn': rule.arn, 'aws:securetransport': 'true' },
  });
  if (allowed === 'allowed' && !AWS_MANAGED_KEY.test(queue.kmsKeyId ?? '')) return { ...one, queue };
  if (allowed === 'allowed')
    return {
      ...one,
      queue,
      kind: 'locked',
      problem: `${queue.name} is encrypted with alias/aws/sqs, which EventBridge may not use: what the rule ${rule.name} cannot deliver is lost`,
    };
  return {
    ...one,
    queue,
    kind: 'shut',
    problem: `the policy of ${queue.name} ${allowed === 'denied' ? 'denies' : 'does not let'} the rule ${rule.name} ${allowed === 'denied' ? 'sending' : 'send'}`,
  };
}

/** Why nobody would ever replay what is sent there. */
function astrayFrom(arn: string, ruleArn: string, keepingArn: string | undefined): string | undefined {
  if (!isSamePlace(arn, ruleArn)) return 'in another account or region';
  return keepingArn !== undefined && keepingArn !== arn ? `not to the queue of the stack` : undefined;
}

/** The queue that our stack keeps for this; undefined where it has none, or it is gone. */
async function keepingQueue(world: World): Promise<Queue | undefined> {
  const path = await paymentPath(world);
  const ours = path?.managed ? path.queues.find((one) => one.purpose === 'delivery') : undefined;
  return ours && world.sqs.queue(ours.url);
}

/** What can be written without a deployment, keeping all else that is there: the target's queue, and its policy. */
function directChanges(states: readonly Looked[], keeping: Queue | undefined): PlannedChange<Bench>[] {
  return states.flatMap(({ rule, target, queue, kind }): PlannedChange<Bench>[] => {
    const change = { check: ID, action: 'update' as const };
    if ((kind === 'none' || kind === 'astray') && keeping)
      return [
        {
          ...change,
          resource: 'rule target',
          name: `${rule.name} ${target.id}`,
          details: [`dead-letter queue: ${target.deadLetterArn ?? '(none)'} -> ${keeping.arn}`],
          apply: (bench) =>
            bench.eventbridge.changeTarget(rule.busName, rule.name, target.id, {
              deadLetterArn: keeping.arn,
            }),
        },
      ];
    if (kind === 'shut' && queue)
      return [
        {
          ...change,
          resource: 'queue policy',
          name: queue.name,
          details: [`+ ${rule.arn} may send`],
          apply: (bench) => bench.sqs.setAttributes(queue.url, { Policy: allowingRule(queue, rule.arn) }),
        },
      ];
    if (kind === 'locked' && queue && keeping?.arn === queue.arn)
      return [
        {
          ...change,
          resource: 'queue',
          name: queue.name,
          details: ['encryption: alias/aws/sqs -> SSE-SQS'],
          apply: (bench) =>
            bench.sqs.setAttributes(queue.url, { KmsMasterKeyId: '', SqsManagedSseEnabled: 'true' }),
        },
      ];
    return [];
  });
}

function remedyFor(world: World, bad: readonly Looked[]): Remedy {
  const fixable = world.settings.stack.managed || bad.every(({ kind }) => kind === 'shut');
  if (fixable)
    return {
      text: bad.every(({ kind }) => kind === 'locked')
        ? 'Let SQS encrypt the queue by itself (SSE-SQS), which needs no key.'
        : 'Let the rule in, and make the queue its dead-letter queue; statements that are there stay.',
      commands: ['cachao doctor --fix'],
      fixable,
    };
  if (bad.every(({ kind }) => kind === 'locked'))
    return {
      text: 'In the template, let SqsManagedSseEnabled: true take the place of KmsMasterKeyId; or name a key of your own whose policy lets events.amazonaws.com use kms:GenerateDataKey and kms:Decrypt.',
      commands: [],
      fixable,
    };
  return {
    text: "Give the rule's target a DeadLetterConfig in the template, and its queue a policy that lets events.amazonaws.com send for this rule. A dead-letter queue of the function does not catch what never reached the function.",
    commands: [],
    fixable,
  };
}
