import { setTimeout as sleep } from 'node:timers/promises';
import { CachaoError } from '../core/errors.js';
import type { Bench } from '../world/bench.js';
import { type DrainMapping, drainMappings, isOn } from '../world/drain.js';
import type { World } from '../world/world.js';
import type { ReplayTargets } from './targets.js';
import type { ReplayQueue } from './types.js';

/** How often the queues are looked at. */
const LOOK_MS = 3_000;
/** A queue whose count does not fall for so long is not being emptied: SQS's counts lag by up to a minute. */
const PATIENCE_MS = 120_000;
/** A mapping takes some seconds to change; AWS says up to a minute. */
const SWITCH_MS = 90_000;

export interface DrainOptions {
  progress?(left: number): void;
  note?(text: string): void;
  /** Unless given, as long as is usual. */
  patienceMs?: number;
  lookMs?: number;
}

export interface DrainResult {
  before: number;
  remaining: number;
  queues: { queue: ReplayQueue; remaining: number }[];
  /** In the quarantine queue: what nobody can deliver here, from earlier runs too. */
  quarantined: number;
  quarantineUrl: string | null;
  /** `empty`; `stuck`: the count did not fall any more; `interrupted`. */
  ended: 'empty' | 'stuck' | 'interrupted';
}

/**
 * Empties the queues inside AWS: switches the drain's mappings on, watches until the queues are empty, and switches
 * them off again in every outcome. What kill -9 leaves switched on, the next run and doctor see.
 * @throws DRAIN_MISSING, DRAIN_UNTRUSTED, DRAIN_LEFT_ON
 */
export async function drain(
  bench: Bench,
  targets: ReplayTargets,
  options: DrainOptions = {},
): Promise<DrainResult> {
  const mappings = await drainMappings(bench.world);
  if (mappings.length === 0) throw drainMissing(bench.world);
  requireTrust(targets);
  const before = targets.queues.reduce((sum, queue) => sum + queue.waiting + queue.inFlight, 0);
  try {
    for (const { uuid } of mappings) await bench.lambda.setEventSourceMapping(uuid, true);
    const ended = await watch(bench, targets, before, options);
    return { before, ended, ...(await stateOf(bench.world, targets)) };
  } finally {
    await switchOff(bench, mappings);
  }
}

/** Switches off what a run that was killed left on. Those that were. */
export async function switchOffLeftOn(bench: Bench): Promise<DrainMapping[]> {
  const left = (await drainMappings(bench.world)).filter(isOn);
  if (left.length > 0) await switchOff(bench, left);
  return left;
}

async function watch(
  { world, signal }: Bench,
  targets: ReplayTargets,
  before: number,
  { progress, patienceMs = PATIENCE_MS, lookMs = LOOK_MS }: DrainOptions,
): Promise<DrainResult['ended']> {
  let least = before;
  let fellAt = Date.now();
  let emptyLooks = 0;
  while (!signal.aborted) {
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    const { remaining } = await stateOf(world, targets);
    progress?.(remaining);
    emptyLooks = remaining === 0 ? emptyLooks + 1 : 0;
    // The counts lag behind: one zero may be chance.
    if (emptyLooks >= 2) return 'empty';
    if (remaining < least) {
      least = remaining;
      fellAt = Date.now();
    } else if (Date.now() - fellAt > patienceMs) return 'stuck';
  }
  return 'interrupted';
}

async function stateOf(world: World, targets: ReplayTargets): Promise<Omit<DrainResult, 'before' | 'ended'>> {
  world.sqs.forget('queue');
  const outputs = await world.stackOutputs();
  const quarantineUrl = outputs?.quarantineQueueUrl ?? null;
  const queues = await Promise.all(
    targets.queues.map(async (queue) => ({ queue, remaining: await countIn(world, queue.url) })),
  );
  return {
    queues,
    remaining: queues.reduce((sum, { remaining }) => sum + remaining, 0),
    quarantined: quarantineUrl === null ? 0 : await countIn(world, quarantineUrl),
    quarantineUrl,
  };
}

async function countIn(world: World, url: string): Promise<number> {
  const queue = await world.sqs.queue(url);
  return queue ? queue.visible + queue.inFlight + queue.delayed : 0;
}

/** Tries for as long as a change of state takes: while one is under way, AWS refuses the next. */
async function switchOff(bench: Bench, mappings: readonly DrainMapping[]): Promise<void> {
  const until = Date.now() + SWITCH_MS;
  for (;;) {
    const on = (await drainMappings(bench.world)).filter(
      (mapping) => isOn(mapping) && mappings.some(({ uuid }) => uuid === mapping.uuid),
    );
    if (on.length === 0) return;
    const refusals = await Promise.all(on.map((mapping) => tryOff(bench, mapping)));
    const refusal = refusals.find((one) => one !== null);
    if (Date.now() > until) throw leftOn(on, refusal);
    await sleep(refusal ? 1_000 : 200);
    bench.world.lambda.forget('eventSourceMappings');
  }
}

async function tryOff(bench: Bench, { uuid }: DrainMapping): Promise<CachaoError | null> {
  try {
    await bench.lambda.setEventSourceMapping(uuid, false);
    return null;
  } catch (error) {
    if (error instanceof CachaoError) return error;
    throw error;
  }
}

/** The drain has no Stripe key: where others may send, it would leave every message. */
function requireTrust({ queues }: ReplayTargets): void {
  const open = queues.filter(({ trustedSince }) => trustedSince === null);
  if (open.length === 0) return;
  throw new CachaoError({
    code: 'DRAIN_UNTRUSTED',
    message: `Others than the rule and the handler may send to ${open.map(({ name }) => name).join(', ')}, or it is not known since when they may not.`,
    why: 'A message there could be forged. The drain holds no Stripe key, so it could not compare any event with Stripe.',
    next: [
      'Replay from here, which asks Stripe about each event: leave --engine out.',
      'See who may send, and close the queues for what comes from now on: cachao doctor --fix',
    ],
  });
}

function leftOn(mappings: readonly DrainMapping[], cause: unknown): CachaoError {
  const names = mappings.map(({ uuid, queueName }) => `${uuid} (${queueName})`).join(', ');
  return new CachaoError({
    code: 'DRAIN_LEFT_ON',
    message: `The drain could not be switched off: the event source mapping ${names} still takes messages.`,
    why: 'It costs invocations, and goes on delivering what comes into the queue.',
    next: [
      'Switch it off: cachao doctor --fix',
      `Or by hand: aws lambda update-event-source-mapping --no-enabled --uuid ${mappings[0]?.uuid}`,
    ],
    cause,
  });
}

function drainMissing({ settings }: World): CachaoError {
  return new CachaoError({
    code: 'DRAIN_MISSING',
    message: `The stack ${settings.stack.name} has no drain function.`,
    why: settings.stack.managed
      ? 'It was deployed by an older cachao.'
      : 'Only a stack that cachao deploys has one.',
    next: settings.stack.managed
      ? ['Deploy it: cachao deploy', 'Or replay from here: leave --engine out.']
      : ['Replay from here: leave --engine out.'],
  });
}
