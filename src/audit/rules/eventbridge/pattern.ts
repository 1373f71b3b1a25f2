import { requirement } from '../../../requirements/requirement.js';
import { isList, isMap, type ListNode, scalarText, type TemplateNode, valueAt } from '../../document/node.js';
import type { Assumptions } from '../../model/conditions.js';
import { isRelay } from '../../model/relays.js';
import { busKind, type EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { keyOf, textOf } from '../../model/text.js';
import type { Possibility } from '../../model/values.js';
import type { Edit } from '../../patch/edit.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { conditionsOf } from '../branch.js';
import { onPartnerBus, partnerBus } from '../names.js';

const SOURCE = 'aws.partner/stripe.com/';
const COMPLETED = 'checkout.session.completed';
/** What else decides whether a session that completed was paid. */
const LATER = ['checkout.session.async_payment_succeeded', 'checkout.session.async_payment_failed'];

export const pattern: AuditRule = {
  ...requirement('eventbridge.pattern'),
  *judge(template) {
    // What events look like that the team's own code puts is not to be seen here.
    for (const rule of stripePath(template).rules.filter((one) => !isRelay(one)))
      for (const one of rule.patterns()) {
        if (!isMap(one.node)) continue;
        yield* judgeSource(template, rule, one, one.node);
        yield* judgeTypes(template, rule, one);
      }
  },
};

function* judgeSource(
  template: Template,
  rule: EventRule,
  one: Possibility,
  node: TemplateNode,
): Generator<Judgement> {
  for (const source of template.at(node, ['source'], one.when)) {
    if (!source.node) {
      // On the partner bus there is nothing but Stripe; elsewhere everything would match.
      continue;
    }
    const items = template.items(source.node, source.when);
    const right = items.filter((item) => isStripeSource(template, item.node));
    const wrong = isList(source.node)
      ? items.find(
          (item) => !right.includes(item) && !right.some((other) => isCompatible(item.when, other.when)),
        )
      : (items[0] ?? source);
    if (!wrong?.node) {
      yield* judgeSame(rule, items);
      continue;
    }
    const said = right.length > 0 || !isList(source.node) ? wrong.node : source.node;
    yield {
      at: wrong.node,
      summary: `${rule.label} waits for the source ${shown(said)}, which no event of Stripe's carries${conditionsOf(wrong.when)}.`,
      expected: `the source's exact name, or the prefix ${SOURCE}`,
      actual: shown(said),
      advice: `Name the source: it is the same as the partner bus's. Every event says "source": "${SOURCE}ed_…".`,
      patch: sourcePatch(template, rule, source.node, right.length > 0 ? wrong.node : undefined),
    };
  }
}

/** Whether both can be at once. */
const isCompatible = (one: Assumptions, other: Assumptions): boolean =>
  [...one].every(([name, value]) => (other.get(name) ?? value) === value);

/** A source by its name must be that of the bus, where both are written out. */
function* judgeSame(rule: EventRule, items: readonly Possibility[]): Generator<Judgement> {
  const bus = scalarText(rule.buses()[0]?.node);
  const names = items.map(({ node }) => scalarText(node));
  if (bus === undefined || names.some((name) => name === undefined || name === bus)) return;
  const at = items[0]?.node;
  if (!at || !onPartnerBus(rule)) return;
  yield {
    at,
    summary: `${rule.label} waits for ${names.join(', ')} on the bus of another source, ${bus}.`,
    expected: bus,
    actual: names.join(', '),
    advice: 'Name the same source twice: as the bus, and in the pattern.',
    patch: items.length === 1 ? [{ kind: 'replace', node: at, value: bus }] : undefined,
  };
}

function isStripeSource(template: Template, node: TemplateNode | undefined): boolean {
  if (!node) return false;
  if (isMap(node)) return isStripeFilter(node);
  const text = textOf(node);
  const written = text ? keyOf(text) : '';
  if (written.startsWith(SOURCE)) return true;
  if (node.kind === 'scalar') return false;
  const kind = busKind(template, node);
  return kind === 'partner' || kind === 'open';
}

function isStripeFilter(node: TemplateNode): boolean {
  const prefix = scalarText(valueAt(node, 'prefix'));
  if (prefix !== undefined) return prefix.startsWith(SOURCE) || SOURCE.startsWith(prefix);
  const wildcard = scalarText(valueAt(node, 'wildcard'));
  if (wildcard !== undefined) return wildcard.startsWith('aws.partner/stripe.com/');
  const same = scalarText(valueAt(node, 'equals-ignore-case'));
  if (same !== undefined) return same.toLowerCase().startsWith(SOURCE);
  // anything-but, exists and what may come: they can match.
  return true;
}

/** `one`: the item that is wrong in one branch alone. */
function sourcePatch(
  template: Template,
  rule: EventRule,
  source: TemplateNode,
  one: TemplateNode | undefined,
): Edit[] | undefined {
  // Which bus it is may depend on the branch.
  if (rule.buses().length > 1) return undefined;
  const { value, edits } = partnerBus(template, rule);
  if (one) return one.kind === 'scalar' ? [...edits, { kind: 'replace', node: one, value }] : undefined;
  if (!isList(source))
    return source.kind === 'scalar'
      ? [...edits, { kind: 'replace', node: source, value: [value] }]
      : undefined;
  const wrong = (source as ListNode).items.filter((item) => /stripe/i.test(scalarText(item) ?? ''));
  const only = source.items.length === 1 ? source.items[0] : wrong.length === 1 ? wrong[0] : undefined;
  return only && only.kind === 'scalar' ? [...edits, { kind: 'replace', node: only, value }] : undefined;
}

function* judgeTypes(template: Template, rule: EventRule, one: Possibility): Generator<Judgement> {
  for (const path of [['detail-type'], ['detail', 'type']] as const)
    for (const types of template.at(one.node, path, one.when)) {
      if (!types.node) continue;
      const items = template.items(types.node, types.when).map(({ node }) => node);
      const words = items.map(scalarText);
      // A filter, or a reference: what it matches is not to be seen here.
      if (words.some((word) => word === undefined)) continue;
      const odd = items.find((item) => !/^[a-z_]+(\.[a-z_]+)+$/.test(scalarText(item) ?? ''));
      if (odd && !words.some((word) => /^[a-z_]+(\.[a-z_]+)+$/.test(word ?? '')))
        yield {
          at: odd,
          summary: `${rule.label} waits for the type "${scalarText(odd)}", which Stripe never sends${conditionsOf(one.when)}.`,
          expected: `Stripe's own name of the event: ${COMPLETED}`,
          actual: scalarText(odd) ?? '',
          advice: 'Write the type as Stripe does, in lower case with dots.',
          patch:
            /checkout/i.test(scalarText(odd) ?? '') && /complete/i.test(scalarText(odd) ?? '')
              ? [{ kind: 'replace', node: odd, value: COMPLETED }]
              : undefined,
        };
      else yield* judgeLater(rule, one, types.node, words);
    }
}

function* judgeLater(
  rule: EventRule,
  one: Possibility,
  types: TemplateNode,
  words: readonly (string | undefined)[],
): Generator<Judgement> {
  const missing = LATER.filter((type) => !words.includes(type));
  if (!words.includes(COMPLETED) || missing.length === 0) return;
  yield {
    at: types,
    severity: 'warn',
    summary: `${rule.label} does not match ${missing.join(' and ')}${conditionsOf(one.when)}.`,
    expected: [COMPLETED, ...LATER].join(', '),
    actual: words.join(', '),
    advice:
      'Payments by bank debit or transfer complete unpaid, and succeed or fail later. Teach the handler to look at payment_status, then add the types here and on the Stripe destination.',
  };
}

/** The sources as the pattern lists them. */
function shown(node: TemplateNode): string {
  const items = isList(node) ? node.items : [node];
  return items.map((item) => scalarText(item) ?? keyOf(textOf(item) ?? ['a filter'])).join(', ');
}
