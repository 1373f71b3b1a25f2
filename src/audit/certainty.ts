import type { Evidence } from '../core/finding.js';
import type { MapEntry, Span } from './document/node.js';
import { type Recognised, stripePath } from './model/stripe-path.js';
import type { Resource, Template } from './model/template.js';
import type { AuditRule, Judgement } from './rule.js';

/** What holds whether or not Stripe's events come by. */
const TRUE_ANYWAY = /^(function\.(secrets|runtime)|secret\.|audit\.)/;

/** What is said of a part that may not be Stripe's warns, and says why it was said. */
export function weigh(template: Template, rule: AuditRule, judgement: Judgement): Judgement {
  if (TRUE_ANYWAY.test(rule.id)) return judgement;
  const thin = thinlyTold(template, judgement.at);
  return thin ? { ...judgement, severity: 'warn', evidence: [reason(thin)] } : judgement;
}

/** "taken for the webhook because": in the report's head, and beside what is only likely. */
export const reason = ({ kind, because, certainty }: Recognised): Evidence => ({
  label: `${certainty === 'thin' ? 'perhaps' : 'taken for'} ${ROLES[kind]}, because of`,
  value: because.join('; '),
});

const ROLES: Record<Recognised['kind'], string> = {
  rule: 'the rule on Stripe’s events',
  webhook: 'Stripe’s webhook',
  handler: 'the handler of Stripe’s events',
};

function thinlyTold(template: Template, at: Span): Recognised | undefined {
  const { recognised } = stripePath(template);
  const here = recognised.filter((one) =>
    spansOf(one).some((span) => span.start <= at.start && at.start < span.end),
  );
  const among = here.length > 0 ? here : recognised;
  return among.every((one) => one.certainty === 'thin') ? among[0] : undefined;
}

function spansOf({ rule, webhook, handler }: Recognised): Span[] {
  const resources = [rule?.resource, webhook?.api, handler?.resource].filter((one) => one !== undefined);
  return [...resources.map((one: Resource) => spanOf(one.entry)), ...(rule ? [spanOf(rule.entry)] : [])];
}

const spanOf = ({ at, value }: MapEntry): Span => ({ start: at.start, end: Math.max(at.end, value.end) });
