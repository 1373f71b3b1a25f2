import { requirement } from '../../../requirements/requirement.js';
import type { LambdaFunction } from '../../model/functions.js';
import { roleMay } from '../../model/policies.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Template } from '../../model/template.js';
import { allOf, type Edit, setProperty } from '../../patch/edit.js';
import type { AuditRule } from '../../rule.js';
import { grant } from '../grant.js';

const ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

export const tracing: AuditRule = {
  ...requirement('function.tracing'),
  *judge(template) {
    for (const one of stripePath(template).handlers) {
      const path = one.sam ? ['Tracing'] : ['TracingConfig', 'Mode'];
      const off = one.at(...path).find(({ node }) => {
        const text = template.plainText(node);
        return !node || (text !== undefined && text !== 'Active');
      });
      const role = one.role();
      const mute = role !== undefined && !roleMay(template, role, ACTIONS[0] ?? '', undefined);
      if (!off && !mute) continue;
      yield {
        at: off?.node ?? one.resource.entry.at,
        summary: off ? `${one.id} is not traced.` : `${role?.id} may not send traces.`,
        expected: off ? `${path.join('.')}: Active` : ACTIONS.join(' and '),
        advice: off ? 'Trace it.' : 'Let the role send traces.',
        patch: patch(template, one, path, off),
      };
    }
  },
};

function patch(
  template: Template,
  one: LambdaFunction,
  path: readonly string[],
  off: { node: unknown } | undefined,
): Edit[] | undefined {
  const role = one.role();
  const said = one.resource.properties?.entries.get(path[0] ?? '')?.value;
  // Somebody chose something else, or a condition does: a person decides.
  if (off && (off.node || said)) return undefined;
  // AWS refuses a traced function whose role may not send; what a role from elsewhere may is not to be seen here.
  if (!role && !one.roleIsMade()) return undefined;
  const mute = role && !roleMay(template, role, ACTIONS[0] ?? '', undefined, true);
  return allOf(
    ...(off ? [setProperty(one.resource, path, 'Active')] : []),
    ...(mute ? [grant(template, role, 'SendTraces', ACTIONS, '*')] : []),
  );
}
