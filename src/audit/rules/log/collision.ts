import { requirement } from '../../../requirements/requirement.js';
import { valueAt } from '../../document/node.js';
import { stripePath } from '../../model/stripe-path.js';
import { keyOf, textOf } from '../../model/text.js';
import type { AuditRule } from '../../rule.js';
import { isDefaultGroup } from './retention.js';

export const logCollision: AuditRule = {
  ...requirement('audit.log-group-collision'),
  *judge(template) {
    for (const one of stripePath(template).handlers)
      for (const group of template.ofType('AWS::Logs::LogGroup')) {
        if (!isDefaultGroup(template, group, one)) continue;
        const name = valueAt(group.properties, 'LogGroupName');
        if (!name) continue;
        yield {
          at: name,
          summary: `${group.id} has the name that Lambda gives to the group of ${one.id}.`,
          expected: 'a name of its own, or none, and LoggingConfig on the function',
          actual: keyOf(textOf(name) ?? []),
          advice: `Leave LogGroupName out, and say LoggingConfig: { LogGroup: !Ref ${group.id} } on ${one.id}. The old group's lines stay behind under the old name.`,
        };
      }
  },
};
