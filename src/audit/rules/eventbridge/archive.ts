import { requirement } from '../../../requirements/requirement.js';
import { scalarText, valueAt } from '../../document/node.js';
import { freeId } from '../../model/logical-ids.js';
import { isRelay } from '../../model/relays.js';
import type { EventRule } from '../../model/rules.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { referenceOf, textOf } from '../../model/text.js';
import { addResource, type Edit } from '../../patch/edit.js';
import { Call, sub, type Value } from '../../patch/value.js';
import type { AuditRule } from '../../rule.js';
import { arnHere, onPartnerBus, partnerBus } from '../names.js';

const LEAST_DAYS = 14;

export const archive: AuditRule = {
  ...requirement('eventbridge.archive'),
  *judge(template) {
    // What the team's own code puts on a bus came by a webhook: Stripe can send that again.
    for (const rule of stripePath(template).rules.filter((one) => !isRelay(one))) {
      const archives = template
        .ofType('AWS::Events::Archive')
        .filter((one) => isArchiveOf(template, one, rule));
      const short = archives.find((one) => days(template, one) < LEAST_DAYS);
      const retention = short && valueAt(short.properties, 'RetentionDays');
      if (short && retention)
        yield {
          at: retention,
          summary: `${short.id} keeps events for ${scalarText(retention)} days.`,
          expected: `at least ${LEAST_DAYS} days`,
          actual: scalarText(retention) ?? '',
          advice: 'Keep them long enough to notice, mend and replay.',
          patch: retention.kind === 'scalar' ? [{ kind: 'replace', node: retention, value: 30 }] : undefined,
        };
      if (archives.length > 0) continue;
      yield {
        at: rule.place,
        summary: `No archive keeps what ${rule.label} receives.`,
        expected: `an AWS::Events::Archive of the rule's bus, ${LEAST_DAYS} days or more`,
        advice: "Add an archive of the rule's bus.",
        patch: onPartnerBus(rule) && rule.buses().length === 1 ? patch(template, rule) : undefined,
      };
    }
  },
};

function patch(template: Template, rule: EventRule): Edit[] | undefined {
  const { value } = partnerBus(template, rule);
  const source = busArn(value);
  if (source === undefined) return undefined;
  const archive: Value = {
    Type: 'AWS::Events::Archive',
    Properties: {
      Description: "Stripe's events, to be replayed when delivery was broken.",
      SourceArn: source,
      RetentionDays: 30,
    },
  };
  return [addResource(freeId(template, 'StripeEventArchive'), archive)];
}

function busArn(bus: Value): Value | undefined {
  if (typeof bus === 'string') return arnHere('events', `event-bus/${bus}`);
  if (!(bus instanceof Call)) return undefined;
  const [id, attribute] = Array.isArray(bus.argument) ? bus.argument : [];
  if (bus.name === 'Fn::GetAtt' && attribute === 'Name')
    return arnHere('events', `event-bus/\${${String(id)}}`);
  if (typeof bus.argument !== 'string') return undefined;
  if (bus.name === 'Ref') return arnHere('events', `event-bus/\${${bus.argument}}`);
  return bus.name === 'Fn::Sub'
    ? sub(`arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${bus.argument}`)
    : undefined;
}

/** Whether it is an archive of the rule's bus. */
function isArchiveOf(template: Template, one: Resource, rule: EventRule): boolean {
  const source = valueAt(one.properties, 'SourceArn');
  const bus = rule.buses()[0]?.node;
  const reference = referenceOf(source);
  if (reference?.attribute === 'Arn') return reference.ref === referenceOf(bus)?.ref;
  const busText = textOf(bus);
  const name = busText ? template.canonical(busText).replace(/^.*event-bus\//, '') : 'default';
  const text = textOf(source);
  return text !== undefined && template.canonical(text).endsWith(`event-bus/${name}`);
}

/** 0 keeps them for ever. */
function days(template: Template, one: Resource): number {
  const text = template.plainText(valueAt(one.properties, 'RetentionDays'));
  return text === undefined || Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text);
}
