import { scalarText, valueAt } from '../document/node.js';
import { freeId } from '../model/logical-ids.js';
import { busKind, type EventRule } from '../model/rules.js';
import type { Template } from '../model/template.js';
import { addParameter, type Edit } from '../patch/edit.js';
import { copied, getAtt, ref, sub, type Value } from '../patch/value.js';

/** The parameter that the partner bus's name comes in through, when the template has none yet. */
const BUS_PARAMETER = 'StripeEventBusName';
export const PARTNER_PATTERN = '^aws\\.partner/stripe\\.com/[.\\-_A-Za-z0-9/]+$';

const busParameter: Value = {
  Type: 'String',
  Description:
    'Name of the partner event bus, which is exactly that of the partner event source (aws.partner/stripe.com/ed_...).',
  AllowedPattern: PARTNER_PATTERN,
};

/** The partner bus as a value: the one that the rule names, the template's own, or a parameter that is to be added. */
export function partnerBus(template: Template, rule: EventRule): { value: Value; edits: Edit[] } {
  // A parameter that is "default" by default loses that, and is the partner bus from then on.
  const named = rule
    .buses()
    .find(
      ({ node }) => ['partner', 'open'].includes(busKind(template, node)) || template.parameterOf(node),
    )?.node;
  if (named) return { value: copied(named), edits: [] };
  const made = template
    .ofType('AWS::Events::EventBus')
    .find((bus) => valueAt(bus.properties, 'EventSourceName'));
  if (made) return { value: ref(made.id), edits: [] };
  const known = [...template.parameters.values()].find(
    ({ name, body, default: fallback }) =>
      /stripe|partner/i.test(name) &&
      /(bus|source)(name)?$/i.test(name) &&
      scalarText(valueAt(body, 'Type')) === 'String' &&
      /^(aws\.partner\/.*)?$/.test(scalarText(fallback) ?? ''),
  );
  if (known) return { value: ref(known.name), edits: [] };
  const name = freeId(template, BUS_PARAMETER);
  return { value: ref(name), edits: [addParameter(name, busParameter)] };
}

/** Whether the rule stands, in every branch, on a bus that partner events can reach. */
export const onPartnerBus = (rule: EventRule): boolean =>
  rule.buses().every(({ node }) => ['partner', 'open'].includes(busKind(rule.template, node)));

/** The rule's ARN, whether it has a resource of its own or SAM makes it. */
export const ruleArn = (rule: EventRule): Value => getAtt(rule.id, 'Arn');

/** An ARN in this account and region: `arn:${AWS::Partition}:events:…:event-bus/${Bus}`. */
export const arnHere = (service: string, resource: string): Value =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);

/** Logical ids are what resources are called by; `StripeEventHandler` from `StripeEventHandlerFunction`. */
export const stem = (id: string): string => id.replace(/(Lambda)?Function$/, '') || id;

/** `stripe-event-handler`: how a thing calls itself in a tag. */
export const kebab = (id: string): string =>
  id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
