import { SOURCE_PREFIX } from '../../handlers/contract/envelope.js';
import { HANDLED_EVENT_TYPES } from '../../handlers/contract/stripe-event.js';
import { isSamePlace } from '../aws/arn.js';
import type { Rule } from '../aws/eventbridge.js';
import { PATH_ACTIONS, paymentPath } from './payment-path.js';
import { sampleEnvelope } from './sample-envelope.js';
import type { World } from './world.js';

/** IAM actions of finding out which event types are taken. */
export const TAKEN_TYPES_ACTIONS: readonly string[] = [...PATH_ACTIONS, 'events:TestEventPattern'];

/**
 * The event types that the handler takes: ours, all that it handles; somebody else's, those that the rules to it match,
 * wherever the rules stand and whatever source they name. Where no rule tells, all.
 */
export async function takenTypes(world: World): Promise<string[]> {
  if (world.settings.stack.managed) return [...HANDLED_EVENT_TYPES];
  const byHandler = await typesByHandler(world);
  const taken = [...new Set([...byHandler.values()].flat())];
  return taken.length > 0 ? taken : [...HANDLED_EVENT_TYPES];
}

/** Of each function (ARN) that enabled rules send Stripe's events to, the types that it gets. */
export async function typesByHandler(world: World): Promise<Map<string, string[]>> {
  const path = await paymentPath(world);
  const handlers = new Set(
    (path?.functions ?? []).filter(({ role }) => role === 'event').map(({ arn }) => arn),
  );
  const found = new Map<string, string[]>();
  for (const { busName, name } of path?.rules ?? []) {
    const rule = await world.eventbridge.describeRule(busName, name);
    if (rule?.state !== 'ENABLED') continue;
    const types = await typesOf(world, rule);
    const targets = await world.eventbridge.listTargets(busName, name);
    for (const arn of new Set(targets.map((target) => target.arn)))
      if (handlers.has(arn) && isSamePlace(arn, rule.arn))
        found.set(arn, [...new Set([...(found.get(arn) ?? []), ...types])]);
  }
  return found;
}

/** Asked of AWS itself, with the rule's pattern for any source: a rule that waits for its bus tells its types as well. */
async function typesOf(world: World, rule: Rule): Promise<string[]> {
  const pattern = withoutSource(rule.eventPattern);
  if (!pattern) return [];
  const { account } = await world.sts.callerIdentity();
  const candidates = [...new Set([...HANDLED_EVENT_TYPES, ...namedIn(pattern)])];
  const source = `${SOURCE_PREFIX}ed_test_example`;
  const matches = await Promise.all(
    candidates.map((type) =>
      world.eventbridge.testEventPattern(
        JSON.stringify(pattern),
        sampleEnvelope({ source, type, account, region: world.settings.region }),
      ),
    ),
  );
  return candidates.filter((_, index) => matches[index]);
}

type Pattern = Record<string, unknown>;

function withoutSource(text: string | null): Pattern | undefined {
  if (text === null) return undefined;
  const { source: _any, ...pattern } = JSON.parse(text) as Pattern;
  // A pattern has to say something: every event has a detail-type.
  return Object.keys(pattern).length > 0 ? pattern : { 'detail-type': [{ exists: true }] };
}

/** Types that the pattern names in full, beside those that our own handler takes. */
function namedIn(pattern: Pattern): string[] {
  const detail = (pattern.detail ?? {}) as Pattern;
  return [pattern['detail-type'], detail.type]
    .flatMap((named) => (Array.isArray(named) ? named : []))
    .filter((type): type is string => typeof type === 'string' && /^[a-z0-9_]+(\.[a-z0-9_]+)+$/.test(type));
}
