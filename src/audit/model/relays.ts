import { everythingIn, isMap, scalarText, type TemplateNode, valueAt } from '../document/node.js';
import { functionsOf } from './functions.js';
import { statementsIn, statementsOfRole } from './policies.js';
import { busKind, type EventRule } from './rules.js';
import type { Template } from './template.js';
import { keyOf, referenceOf, textOf } from './text.js';
import type { Possibility } from './values.js';

/** Sources that people write for Stripe's own, and that no partner event carries. */
const MEANT_FOR_STRIPE = /^(com\.)?stripe(\.com)?$|^aws\.partner/i;

/**
 * Whether the bus is one that the team's own code fills: then what stands in its events is the team's to say. A bus of
 * the team's own, or the default bus where a function of the template puts events there, or where the pattern waits for
 * a source of the team's.
 */
export function isRelayed(rule: EventRule, bus: Possibility): boolean {
  const { template } = rule;
  const kind = busKind(template, bus.node);
  if (kind === 'partner') return false;
  const sources = sourcesOf(rule);
  // PutEvents takes no source that begins with "aws.".
  if (sources.some((one) => one.startsWith('aws.partner'))) return false;
  if (kind === 'custom') return !sources.some((one) => isReference(one)) || sources.length === 0;
  if (sources.length > 0 && !sources.some((one) => isReference(one) || MEANT_FOR_STRIPE.test(one)))
    return true;
  const own = bus.node ? busNamed(bus.node) : 'default';
  const putters = puttersOf(template);
  return (
    putters.includes(own) || (kind === 'default' && putters.some((one) => one === 'any' || one === 'default'))
  );
}

/** Whether the team's code fills the bus in every branch. */
export const isRelay = (rule: EventRule): boolean => rule.buses().every((bus) => isRelayed(rule, bus));

const isReference = (text: string): boolean => text.startsWith('${') || text === '?';

/** The sources that the pattern waits for, in every branch. */
function sourcesOf(rule: EventRule): string[] {
  const { template } = rule;
  return rule.patterns().flatMap(({ node, when }) =>
    template.at(node, ['source'], when).flatMap((source) =>
      template.items(source.node, source.when).map(({ node: item }) => {
        if (isMap(item)) return [...everythingIn(item)].map((one) => scalarText(one) ?? '').join('');
        const text = textOf(item);
        return text ? keyOf(text) : '?';
      }),
    ),
  );
}

/** The buses that functions of the template may put events on: "default", "any", or a name. */
function puttersOf(template: Template): string[] {
  return template.once('putters', () =>
    [...functionsOf(template).values()].flatMap((one) => {
      const policies = one.at('Policies').flatMap(({ node, when }) => template.items(node, when));
      const named = policies.flatMap(({ node }) => {
        const policy = valueAt(node, 'EventBridgePutEventsPolicy');
        return policy ? [busNamed(valueAt(policy, 'EventBusName'))] : [];
      });
      const role = one.role();
      const statements = [
        ...policies.flatMap(({ node }) => (isMap(node) ? statementsIn(template, node) : [])),
        ...(role ? statementsOfRole(template, role) : []),
      ];
      const allowed = statements
        .filter(
          (each) =>
            each.allows && each.actions.some((action) => /^(\*|events:(\*|put\*|putevents))$/.test(action)),
        )
        .flatMap((each) => each.resources.map(busNamed));
      const told = one
        .variables()
        .filter(({ key }) => /event_?bus/i.test(key))
        .map(({ value }) => busNamed(value));
      return [...named, ...allowed, ...told];
    }),
  );
}

function busNamed(node: TemplateNode | undefined): string {
  const reference = referenceOf(node);
  if (reference) return reference.ref;
  const text = textOf(node);
  const written = text ? keyOf(text) : 'any';
  if (written.includes('*')) return 'any';
  return /event-bus\/([^/]+)$/.exec(written)?.[1] ?? written;
}
