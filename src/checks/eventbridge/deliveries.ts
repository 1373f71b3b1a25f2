import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import { type Evidence, fail, pass, type Remedy, skipped, type Verdict, warn } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { PATH_ACTIONS, type PathRule, type PaymentPath, paymentPath } from '../../world/payment-path.js';
import type { World } from '../../world/world.js';
import { countSince, type Happened, happened, isOver, lastOf, lastWords } from '../lately.js';
import type { PathCheck } from '../types.js';
import { dlq } from './dlq.js';

/** Metrics show within minutes, and a rule that was made this minute has matched nothing yet. */
const SETTLED_MS = 10 * 60_000;

export const eventbridgeDeliveries: PathCheck = {
  ...requirement('eventbridge.deliveries'),
  otherwise: 'it is over: what failed was kept and none waits any more, or deliveries went well since',
  needs: ['account.stripe-key', 'eventbridge.rule-enabled'],
  iam: [...PATH_ACTIONS, ...dlq.iam, 'cloudwatch:GetMetricData', ...DESTINATION_READS.iam],
  stripe: [...DESTINATION_READS.stripe, 'event_read'],
  operational: true,
  async inspect(world) {
    const path = await paymentPath(world);
    if (!path || path.rules.length === 0) return skipped('there is no rule');
    const counts = await countsOf(world, path.rules);
    if (counts.dropped > 0) return dropped(world, path.rules, counts);
    if (counts.failed > 0) return failed(world, path, counts);
    if (counts.matched > 0)
      return pass(`${counts.matched} matched, ${counts.invocations} handed over, none failed`);
    const sent = await oneThatStripeSent(world);
    return sent
      ? silent(world, path.rules, sent)
      : pass('Stripe sent nothing that it should have handed over');
  },
};

interface Counts {
  matched: number;
  invocations: number;
  failed: number;
  dropped: number;
  /** When a delivery failed last (epoch milliseconds); null: none did. */
  lastFailed: number | null;
  lastDropped: number | null;
  /** Handed over since the last failure. */
  wellSince: number;
}

async function countsOf(world: World, rules: readonly PathRule[]): Promise<Counts> {
  const found = await Promise.all(rules.map((rule) => metricsOf(world, rule)));
  const total = (all: readonly Happened[]) => all.reduce((sum, { count }) => sum + count, 0);
  const of = (name: keyof (typeof found)[number]) => found.map((one) => one[name]);
  const lastFailed = lastOf([...of('failed'), ...of('dropped')]);
  return {
    matched: total(of('matched')),
    invocations: total(of('invocations')),
    failed: total(of('failed')),
    dropped: total(of('dropped')),
    lastFailed,
    lastDropped: lastOf(of('dropped')),
    wellSince:
      lastFailed === null
        ? 0
        : of('invocations').reduce((sum, invocations) => sum + countSince(invocations, lastFailed), 0),
  };
}

async function metricsOf(world: World, rule: PathRule) {
  // On a bus other than default both names are dimensions; with one of them nothing is ever found.
  const dimensions: Record<string, string> =
    rule.busName === 'default'
      ? { RuleName: rule.name }
      : { EventBusName: rule.busName, RuleName: rule.name };
  const of = (name: string) => happened(world, { namespace: 'AWS/Events', name, dimensions });
  const [matched, invocations, failedOnes, droppedOnes] = await Promise.all([
    of('MatchedEvents'),
    of('Invocations'),
    of('FailedInvocations'),
    of('InvocationsFailedToBeSentToDlq'),
  ]);
  return { matched, invocations, failed: failedOnes, dropped: droppedOnes };
}

/** The newest event that the rule must have seen by now; undefined when there is none. */
async function oneThatStripeSent(world: World): Promise<{ id: string; at: string } | undefined> {
  const [destination, stack] = await Promise.all([
    ourDestination(world),
    world.cloudformation.stack(world.settings.stack.name),
  ]);
  if (!destination) return undefined;
  const ready = Math.max(Date.parse(destination.createdAt), Date.parse(stack?.createdAt ?? ''));
  if (Number.isNaN(ready)) return undefined;
  const now = Date.now();
  const [event] = await world.stripe.events.list(
    {
      types: [...HANDLED_EVENT_TYPES],
      since: Math.ceil(Math.max(now - world.choices.windowMs, ready + SETTLED_MS) / 1000),
      until: Math.floor((now - SETTLED_MS) / 1000),
    },
    1,
  );
  return event && { id: event.id, at: new Date(event.created * 1000).toISOString() };
}

function evidence(world: World, rules: readonly PathRule[]): Evidence[] {
  return rules.map((rule) => ({
    label: 'rule',
    value: rule.name,
    url: world.links.rule(rule.busName, rule.name),
  }));
}

/** What is lost stays lost until it is delivered from Stripe; whether more gets lost depends on the queue as it is now. */
async function dropped(world: World, rules: readonly PathRule[], counts: Counts): Promise<Verdict> {
  const shut = (await dlq.inspect(world, AbortSignal.timeout(30_000))).outcome === 'fail';
  const at = counts.lastDropped ?? Date.now();
  const over = !shut && isOver(counts.lastFailed ?? at, counts.wellSince);
  const now = shut ? '' : '; the queue allows the rule to send now';
  return (over ? warn : fail)(
    `${over ? 'over: ' : ''}${counts.dropped} of ${counts.failed} failed deliveries reached no dead-letter queue: lost; ${lastWords(at)}${now}`,
    {
      expected: 'none lost',
      actual: `${counts.dropped} lost`,
      evidence: evidence(world, rules),
      remedy: shut ? SHUT : OPEN_AGAIN,
    },
  );
}

const SHUT: Remedy = {
  text: "Let the queue's policy name the rule; then deliver what was lost, from Stripe.",
  commands: ['cachao setup', 'cachao reconcile --apply'],
  fixable: false,
};
const OPEN_AGAIN: Remedy = {
  text: 'The queue takes what cannot be delivered again. See whether what was lost is in the ledger, and deliver from Stripe what is not.',
  commands: ['cachao reconcile --apply'],
  fixable: false,
};

async function failed(world: World, path: PaymentPath, counts: Counts): Promise<Verdict> {
  const queues = path.queues.filter(({ purpose }) => purpose === 'delivery');
  const found = await Promise.all(queues.map(({ url }) => world.sqs.queue(url)));
  const waiting = found.reduce((all, queue) => all + (queue ? queue.visible + queue.inFlight : 0), 0);
  const outcome = queues.length > 0 && waiting === 0 ? warn : fail;
  const last = counts.lastFailed === null ? '' : `; ${lastWords(counts.lastFailed)}`;
  const over = outcome === warn ? 'over: ' : '';
  return outcome(
    `${over}${counts.failed} of ${counts.invocations} could not be handed to the function${last}`,
    {
      expected: 'no failed invocation',
      actual: `${counts.failed} failed${outcome === warn ? '; they were kept, and none waits any more' : ''}`,
      evidence: evidence(world, path.rules),
      remedy: outcome === warn ? SEEN_TO : queues.length === 0 ? NOT_KEPT : THEY_WAIT,
    },
  );
}

const THEY_WAIT: Remedy = {
  text: 'They wait in the dead-letter queue of the rule, each with the reason. Repair what fails above, then deliver them again.',
  commands: ['cachao replay-dlq --list', 'cachao replay-dlq'],
  fixable: false,
};
const NOT_KEPT: Remedy = {
  text: 'The rule has no dead-letter queue, so they are lost there. Give it one; then deliver what was lost, from Stripe.',
  commands: ['cachao reconcile --apply'],
  fixable: false,
};
const SEEN_TO: Remedy = {
  text: 'Find the cause, if it is not known. This remains listed until it leaves the --since window.',
  commands: [],
  fixable: false,
};

function silent(world: World, rules: readonly PathRule[], sent: { id: string; at: string }): Verdict {
  return fail(`Stripe sent events (${sent.id} at ${sent.at}), and the rule has matched none`, {
    expected: 'the rule matches what Stripe sends',
    actual: 'no event matched',
    evidence: evidence(world, rules),
    remedy: {
      text: 'See to the source, the bus and the pattern, where a check of them fails; then deliver what was missed. Where they are right again, a test checkout shows that the rule matches.',
      commands: ['cachao reconcile --apply', 'cachao checkout'],
      fixable: false,
    },
  });
}
