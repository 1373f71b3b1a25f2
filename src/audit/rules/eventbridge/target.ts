import { requirement } from '../../../requirements/requirement.js';
import { FUNCTION_TYPES } from '../../model/functions.js';
import { stripePath } from '../../model/stripe-path.js';
import { referenceOf } from '../../model/text.js';
import { getAtt } from '../../patch/value.js';
import type { AuditRule } from '../../rule.js';

export const target: AuditRule = {
  ...requirement('eventbridge.target'),
  *judge(template) {
    for (const rule of stripePath(template).rules.filter((one) => !one.owner)) {
      const targets = rule.targets();
      if (targets.length === 0)
        yield {
          at: rule.place,
          summary: `${rule.label} has no target.`,
          expected: 'the function that settles orders, by its ARN',
          advice: 'Add a target with the ARN of the handler, a retry policy and a dead-letter queue.',
        };
      for (const { arn, when } of targets)
        for (const { node } of template.possibilities(arn, when)) {
          const denoted = template.denoted(node, ...FUNCTION_TYPES);
          const reference = referenceOf(node);
          const unknown =
            reference &&
            !reference.ref.startsWith('AWS::') &&
            !template.resources.has(reference.ref) &&
            !template.parameters.has(reference.ref) &&
            !template.sam;
          if (node && denoted && denoted.form !== 'arn')
            yield {
              at: node,
              summary: `${rule.label} names ${denoted.resource.id} where its ARN belongs.`,
              expected: `the ARN of ${denoted.resource.id}`,
              actual: 'its name',
              advice: 'Give the ARN.',
              patch: [{ kind: 'replace', node, value: getAtt(denoted.resource.id, 'Arn') }],
            };
          else if (node && unknown)
            yield {
              at: node,
              summary: `${rule.label} sends to ${reference.ref}, which the template does not have.`,
              expected: 'the ARN of the handler',
              actual: reference.ref,
              advice: 'Name the function that settles orders.',
            };
        }
    }
  },
};
