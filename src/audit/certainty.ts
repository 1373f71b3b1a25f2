import type { Evidence } from '../core/finding.js';
import type { Span } from './document/node.js';
import { type Recognised, stripePath } from './model/stripe-path.js';
import type { Template } from './model/template.js';
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
  const here = byResource(template).get(resourceAt(template, at.start) ?? '') ?? recognised;
  return here.every((one) => one.certainty === 'thin') ? here[0] : undefined;
}

/** What is recognised in each resource, by its logical id. */
function byResource(template: Template): ReadonlyMap<string, Recognised[]> {
  return template.once('recognised by resource', () => {
    const found = new Map<string, Recognised[]>();
    for (const one of stripePath(template).recognised) {
      const { rule, webhook, handler } = one;
      const resources = [rule?.resource, rule?.owner?.resource, webhook?.api, handler?.resource];
      for (const resource of new Set(resources))
        if (resource) found.set(resource.id, [...(found.get(resource.id) ?? []), one]);
    }
    return found;
  });
}

/** The logical id of the resource that an offset stands in. */
function resourceAt(template: Template, offset: number): string | undefined {
  const spans = template.once('spans of resources', () =>
    [...template.resources.values()].map(({ id, entry }) => ({
      id,
      start: entry.at.start,
      end: Math.max(entry.at.end, entry.value.end),
    })),
  );
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((spans[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const found = spans[low];
  return found && found.start <= offset && offset < found.end ? found.id : undefined;
}
