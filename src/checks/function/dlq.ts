import { isSamePlace, nameOf, serviceOf } from '../../aws/arn.js';
import { fail, pass, skipped } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { decide } from '../../world/access.js';
import { paymentPath } from '../../world/payment-path.js';
import { statementsOf } from '../../world/policy-document.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import {
  type DeployedFunction,
  deployedFunctions,
  FUNCTION_ACTIONS,
  functionEvidence,
} from './path-functions.js';
import { ROLE_ACTIONS, roleStatements } from './role-policies.js';

export const functionDlq: PathCheck = {
  ...requirement('function.dlq'),
  needs: ['function.state'],
  iam: [
    ...FUNCTION_ACTIONS,
    ...ROLE_ACTIONS,
    'lambda:GetFunctionEventInvokeConfig',
    'sqs:GetQueueUrl',
    'sqs:GetQueueAttributes',
  ],
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const functions = await deployedFunctions(world, 'event');
    if (functions.length === 0) return skipped('no handler takes events');
    const looked = await Promise.all(functions.map((one) => look(world, one)));
    const bad = looked.filter(({ problem }) => problem !== undefined);
    const evidence = [
      ...functionEvidence(world, functions),
      ...looked.flatMap(({ queueUrl }) =>
        queueUrl
          ? [{ label: 'queue', value: queueUrl.split('/').at(-1) ?? '', url: world.links.queue(queueUrl) }]
          : [],
      ),
    ];
    if (bad.length === 0) return pass(looked.map(({ kept }) => kept).join(', '), { evidence });
    return fail(bad.map(({ problem }) => problem).join('; '), {
      expected: 'a queue for failures, and sqs:SendMessage on it for the role of the function',
      actual: bad.map(({ kept }) => kept).join(', '),
      evidence,
      remedy: templateRemedy(
        world,
        'Put back the destination for failures, and the right to write to it, as the template says.',
        'Give the function an OnFailure destination (or a DeadLetterConfig) in the template, and its role sqs:SendMessage on that queue.',
      ),
    });
  },
  ...restoreFix('function.dlq', [
    'StripeEventInvokeConfig',
    'StripeEventRole',
    'FunctionFailuresQueue',
    'FunctionFailuresQueuePolicy',
  ]),
};

interface Looked {
  /** Where failures go. */
  kept: string;
  queueUrl?: string;
  problem?: string;
}

async function look(world: World, { name, qualifier, deployed }: DeployedFunction): Promise<Looked> {
  const config = await world.lambda.eventInvokeConfig(name, qualifier);
  const arn = config?.onFailureArn ?? deployed.deadLetterArn;
  if (!arn)
    return { kept: 'nowhere', problem: `${name} drops what it fails on: it has no queue for failures` };
  const astray = await astrayFrom(world, arn, deployed.arn);
  if (astray) return { kept: arn, problem: `what ${name} fails on goes to ${arn}, ${astray}` };
  // A topic, another function or a bus: whoever chose it knows what becomes of it.
  if (serviceOf(arn) !== 'sqs') return { kept: arn };
  const queueName = nameOf(arn);
  const url = await world.sqs.queueUrl(queueName);
  const queue = url === undefined ? undefined : await world.sqs.queue(url);
  if (!queue || url === undefined)
    return { kept: queueName, problem: `the queue ${queueName} for failures of ${name} does not exist` };
  const request = { action: 'sqs:SendMessage', resource: arn, context: { 'aws:securetransport': 'true' } };
  const byRole = decide(await roleStatements(world, deployed.roleArn), request);
  const byQueue = decide(statementsOf(queue.policy), {
    ...request,
    principal: { kind: 'AWS', value: deployed.roleArn },
    context: { ...request.context, 'aws:principalarn': deployed.roleArn },
  });
  const base = { kept: queueName, queueUrl: url };
  // Within one account either side may allow; either side can deny.
  if (byRole === 'denied')
    return { ...base, problem: `the role of ${name} is denied sending to ${queueName}` };
  if (byQueue === 'denied')
    return { ...base, problem: `the policy of ${queueName} denies the role of ${name} sending` };
  if (byRole === 'allowed' || byQueue === 'allowed') return base;
  return { ...base, problem: `the role of ${name} may not send to ${queueName}` };
}

/** Why nobody would ever replay what is sent there. */
async function astrayFrom(world: World, arn: string, functionArn: string): Promise<string | undefined> {
  if (!isSamePlace(arn, functionArn)) return 'in another account or region';
  const path = await paymentPath(world);
  const keeping = path?.managed ? path.queues.find(({ purpose }) => purpose === 'function') : undefined;
  return keeping && keeping.arn !== arn ? 'not to the queue of the stack' : undefined;
}
