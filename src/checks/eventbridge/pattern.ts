import { SOURCE_PREFIX } from '../../../handlers/contract/envelope.js';
import { HANDLED_EVENT_TYPES } from '../../../handlers/contract/stripe-event.js';
import type { Rule } from '../../aws/eventbridge.js';
import { undefinedIfUnavailable } from '../../core/errors.js';
import { fail, pass, type Verdict } from '../../core/finding.js';
import { requirement } from '../../requirements/requirement.js';
import { DESTINATION_READS, ourDestination } from '../../world/destination.js';
import { sampleEnvelope } from '../../world/sample-envelope.js';
import type { World } from '../../world/world.js';
import { RESTORE_ACTIONS, restoreFix } from '../stack/restore.js';
import { templateRemedy } from '../template-remedy.js';
import type { PathCheck } from '../types.js';
import { deployedRules, RULE_ACTIONS, ruleEvidence } from './deployed-rules.js';

/** Anybody in the account may put events of this source on a bus. */
const FOREIGN_SOURCE = 'com.example.shop';
/** What no handler can do without. */
const ESSENTIAL = 'checkout.session.completed';

export const pattern: PathCheck = {
  ...requirement('eventbridge.pattern'),
  needs: ['eventbridge.rule'],
  iam: [...RULE_ACTIONS, 'sts:GetCallerIdentity', 'events:TestEventPattern'],
  stripe: DESTINATION_READS.stripe,
  fixIam: RESTORE_ACTIONS,
  async inspect(world) {
    const [rules, destination] = await Promise.all([
      deployedRules(world),
      undefinedIfUnavailable(ourDestination(world)),
    ]);
    const known = destination?.sourceName ?? partnerBusOf(rules);
    const source = known ?? `${SOURCE_PREFIX}ed_test_example`;
    const shown = known ?? `${SOURCE_PREFIX}ed_…`;
    const [missed, foreign] = await Promise.all([
      unmatched(world, rules, source),
      matching(world, rules, FOREIGN_SOURCE, ESSENTIAL),
    ]);
    const facts = { evidence: ruleEvidence(world, rules), actual: patternsOf(rules) };
    if (missed.length > 0) return missing(world, missed, shown, facts);
    if (foreign.length > 0)
      return fail(
        `${foreign.map((one) => one.name).join(', ')} also matches events that Stripe did not send`,
        {
          ...facts,
          expected: `source: ["${shown}"]`,
          remedy: remedyFor(world, shown),
        },
      );
    return pass(`asked of AWS: all ${HANDLED_EVENT_TYPES.length} types match, a foreign source does not`, {
      evidence: facts.evidence,
    });
  },
  ...restoreFix('eventbridge.pattern', ['StripeEventRule']),
};

function missing(
  world: World,
  missed: readonly string[],
  source: string,
  facts: Pick<Verdict, 'evidence' | 'actual'>,
): Verdict {
  const more = { ...facts, expected: expectedPattern(source), remedy: remedyFor(world, source) };
  if (missed.length === HANDLED_EVENT_TYPES.length)
    return fail(`the rule matches nothing that Stripe sends: the source of its events is ${source}`, more);
  const summary = `the rule does not match ${missed.join(', ')}`;
  // Whether somebody else's handler wants the delayed methods and the expiries is theirs to decide.
  if (!world.settings.stack.managed && !missed.includes(ESSENTIAL)) return pass(leftOut(missed), facts);
  return fail(summary, more);
}

function leftOut(missed: readonly string[]): string {
  const delayed = missed.some((type) => type.includes('async_payment'));
  return `the handler leaves out ${missed.join(', ')}, by its rule${delayed ? ': no payment by a delayed method (SEPA, bank transfer) is settled' : ''}`;
}

function remedyFor(world: World, source: string) {
  return templateRemedy(
    world,
    'Put back the pattern of the template.',
    `Write the pattern ${expectedPattern(source)} into the template of the rule, and deploy.`,
  );
}

const expectedPattern = (source: string) =>
  JSON.stringify({ source: [source], 'detail-type': HANDLED_EVENT_TYPES });

const patternsOf = (rules: readonly Rule[]) =>
  rules.map((one) => one.eventPattern ?? 'no pattern').join('; ');

const partnerBusOf = (rules: readonly Rule[]) =>
  rules.map((one) => one.busName).find((name) => name.startsWith(SOURCE_PREFIX));

/** Handled types that no rule matches. Disabled rules are another check's business. */
async function unmatched(world: World, rules: readonly Rule[], source: string): Promise<string[]> {
  const matches = await Promise.all(HANDLED_EVENT_TYPES.map((type) => matching(world, rules, source, type)));
  return HANDLED_EVENT_TYPES.filter((_, index) => matches[index]?.length === 0);
}

/** Rules that match an event, asked of AWS itself: its own pattern language decides. */
async function matching(world: World, rules: readonly Rule[], source: string, type: string): Promise<Rule[]> {
  const { account } = await world.sts.callerIdentity();
  const event = sampleEnvelope({ source, type, account, region: world.settings.region });
  const matches = await Promise.all(
    rules.map(
      async (one) =>
        one.eventPattern !== null && (await world.eventbridge.testEventPattern(one.eventPattern, event)),
    ),
  );
  return rules.filter((_, index) => matches[index]);
}
