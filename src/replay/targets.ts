import { SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import { trustedSince } from '../../handlers/contract/queue-trust/trusted-since.js';
import { CachaoError } from '../core/errors.js';
import { type PathFunction, type PathQueue, type PaymentPath, paymentPath } from '../world/payment-path.js';
import { expectedSenders } from '../world/queue-senders.js';
import type { World } from '../world/world.js';
import type { StageIdentity } from './trust.js';
import type { DeadMessage, ReplayQueue } from './types.js';

/** Held so long from each receipt, at least; it is extended while work goes on. A killed run hides messages as long. */
const SHORTEST_HOLD_SECONDS = 60;
/** A function that takes all of its time must still be done before the message shows again. */
const MARGIN_SECONDS = 30;

/** Clocks that differ by less are taken for the same: AWS's time is known to the second only. */
const SAME_CLOCK_MS = 5_000;

/** What a run works on: the queues, the functions that should have taken the events, and whose events they are. */
export interface ReplayTargets {
  path: PaymentPath;
  queues: ReplayQueue[];
  own: StageIdentity;
  /** The handlers of events from EventBridge: replay delivers to them. */
  handlers: PathFunction[];
  holdSeconds: number;
  /** Epoch milliseconds by AWS's clock, which stamped the messages. */
  now(): number;
}

/** Finds all of it by wiring. @throws STACK_MISSING, QUEUES_MISSING */
export async function readTargets(world: World): Promise<ReplayTargets> {
  const path = await paymentPath(world);
  if (!path) throw stackMissing(world);
  const handlers = path.functions.filter((one) => one.role === 'event');
  // One queue may serve both ends.
  const distinct = path.queues.filter(
    ({ url }, index, all) => all.findIndex((one) => one.url === url) === index,
  );
  const [queues, identity, functions] = await Promise.all([
    Promise.all(distinct.map((queue) => readQueue(world, queue, path))),
    world.sts.callerIdentity(),
    Promise.all(handlers.map(({ arn }) => world.lambda.function(arn))),
  ]);
  const found = queues.filter((queue) => queue !== undefined);
  if (found.length === 0) throw queuesMissing(world);
  const clock = identity.clockAheadMs ?? 0;
  const ahead = Math.abs(clock) > SAME_CLOCK_MS ? clock : 0;
  return {
    path,
    queues: found,
    own: {
      source: path.eventBusName ?? partnerBusOf(path),
      account: identity.account,
      region: world.settings.region,
      livemode: world.settings.mode === 'live',
    },
    handlers,
    holdSeconds: Math.max(
      SHORTEST_HOLD_SECONDS,
      ...functions.map((one) => (one?.timeoutSeconds ?? 0) + MARGIN_SECONDS),
    ),
    now: () => Date.now() - ahead,
  };
}

/**
 * What can be known before the first delivery. @throws HANDLER_MISSING, HANDLER_SWITCHED_OFF
 */
export async function requireHandler({ handlers }: ReplayTargets, world: World): Promise<void> {
  if (handlers.length === 0)
    throw new CachaoError({
      code: 'HANDLER_MISSING',
      message: `No rule of the stack ${world.settings.stack.name} leads to a function, so there is nothing to deliver to.`,
      next: ['Run cachao doctor to see what is missing.'],
    });
  for (const { name, arn } of handlers) {
    const found = await world.lambda.function(arn);
    if (found?.reservedConcurrency === 0)
      throw new CachaoError({
        code: 'HANDLER_SWITCHED_OFF',
        message: `The function ${name} has a reserved concurrency of 0: Lambda never runs it.`,
        why: 'Every delivery would be refused, and nothing is lost while the messages wait.',
        next: [
          'Give it concurrency again: Lambda console, Configuration, Concurrency; or cachao setup with --reserved-concurrency.',
        ],
      });
  }
}

/**
 * The function that should have taken the message. On our own path there is one; elsewhere the message says which, and
 * is believed only as far as the path has that function. Undefined: which one is not known.
 */
export function handlerFor({ handlers }: ReplayTargets, { letter }: DeadMessage): PathFunction | undefined {
  return handlers.length === 1 ? handlers[0] : handlers.find((one) => one.arn === letter.failure.functionArn);
}

async function readQueue(
  world: World,
  queue: PathQueue,
  path: PaymentPath,
): Promise<ReplayQueue | undefined> {
  const purposes = path.queues.filter(({ url }) => url === queue.url).map(({ purpose }) => purpose);
  const [state, expected] = await Promise.all([world.sqs.queue(queue.url), expectedSenders(world, purposes)]);
  return (
    state && {
      ...queue,
      trustedSince: trustedSince(state, expected),
      waiting: state.visible,
      inFlight: state.inFlight,
      retentionSeconds: state.retentionSeconds,
      redrives: state.redrivePolicy !== null,
    }
  );
}

function partnerBusOf(path: PaymentPath): string | null {
  return path.rules.find((rule) => rule.busName.startsWith(SOURCE_PREFIX))?.busName ?? null;
}

function stackMissing({ settings }: World): CachaoError {
  return new CachaoError({
    code: 'STACK_MISSING',
    message: `The stack ${settings.stack.name} is not deployed in ${settings.region}, so there are no dead-letter queues.`,
    next: ['Check stage, region and profile; or run cachao setup.'],
  });
}

function queuesMissing({ settings }: World): CachaoError {
  return new CachaoError({
    code: 'QUEUES_MISSING',
    message: `Neither the rules nor the functions of the stack ${settings.stack.name} have a dead-letter queue.`,
    why: 'What fails there is dropped, and no queue holds it. Stripe still knows it.',
    next: ['Run cachao reconcile to find what was lost.', 'Run cachao doctor to see what is missing.'],
  });
}
