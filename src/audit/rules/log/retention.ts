import { requirement } from '../../../requirements/requirement.js';
import { type TemplateNode, valueAt } from '../../document/node.js';
import type { LambdaFunction } from '../../model/functions.js';
import { freeId } from '../../model/logical-ids.js';
import { roleMay } from '../../model/policies.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { textOf } from '../../model/text.js';
import { addResource, allOf, type Edit, setProperty } from '../../patch/edit.js';
import { getAtt, ref } from '../../patch/value.js';
import type { AuditRule, Judgement } from '../../rule.js';
import { grant } from '../grant.js';
import { stem } from '../names.js';

const DAYS = 14;

export const logRetention: AuditRule = {
  ...requirement('log.retention'),
  *judge(template) {
    for (const one of stripePath(template).handlers) {
      const group = groupOf(template, one);
      if (group === 'elsewhere') continue;
      if (!group) yield missing(template, one);
      else yield* judgeGroup(template, one, group);
    }
  },
};

/** The log group that the function writes to: as its LoggingConfig says, or by the name that Lambda gives. */
export function groupOf(template: Template, one: LambdaFunction): Resource | 'elsewhere' | undefined {
  const stated = one.at('LoggingConfig', 'LogGroup').find(({ node }) => node)?.node;
  if (stated) return template.denoted(stated, 'AWS::Logs::LogGroup')?.resource ?? 'elsewhere';
  return template.ofType('AWS::Logs::LogGroup').find((group) => isDefaultGroup(template, group, one));
}

/** `/aws/lambda/<function>`, whichever way the function's name is put. */
export const isDefaultGroup = (template: Template, group: Resource, one: LambdaFunction): boolean =>
  isDefaultName(template, valueAt(group.properties, 'LogGroupName'), one);

function isDefaultName(template: Template, node: TemplateNode | undefined, one: LambdaFunction): boolean {
  const name = textOf(node);
  return name !== undefined && template.canonical(name) === `/aws/lambda/${template.nameKey(one.resource)}`;
}

function* judgeGroup(template: Template, one: LambdaFunction, group: Resource): Generator<Judgement> {
  const retention = template.property(group, 'RetentionInDays');
  if (retention.every(({ node }) => node)) return;
  const edit = retention.length === 1 ? setProperty(group, ['RetentionInDays'], DAYS) : undefined;
  yield {
    at: group.entry.at,
    summary: `${group.id}, the log group of ${one.id}, keeps everything for ever.`,
    expected: `RetentionInDays, ${DAYS} for example`,
    advice: 'State how long logs are kept.',
    patch: edit && [edit],
  };
}

function missing(template: Template, one: LambdaFunction): Judgement {
  return {
    at: one.resource.entry.at,
    summary: `The log group of ${one.id} is made by Lambda, and never expires.`,
    expected: "a log group in the template, with RetentionInDays, and the function's LoggingConfig on it",
    advice: 'Add a log group of its own, and point the function at it.',
    patch: patch(template, one),
  };
}

function patch(template: Template, one: LambdaFunction): Edit[] | undefined {
  if (one.resource.properties?.entries.get('LoggingConfig')?.value.kind === 'call') return undefined;
  const id = freeId(template, `${stem(one.id)}LogGroup`);
  const role = one.role();
  if (!role && !one.roleIsMade()) return undefined;
  // Whoever reads the old group's lines would read no more of them.
  if (isReadBy(template, one)) return undefined;
  const group = {
    Type: 'AWS::Logs::LogGroup',
    Properties: { RetentionInDays: DAYS },
  };
  // Whoever may write to the group that Lambda makes may not write to another.
  const may = !role || mayWrite(template, role, id);
  return allOf(
    setProperty(one.resource, ['LoggingConfig', 'LogGroup'], ref(id)),
    addResource(id, group),
    ...(may || !role
      ? []
      : [
          grant(
            template,
            role,
            'WriteOwnLogs',
            ['logs:CreateLogStream', 'logs:PutLogEvents'],
            getAtt(id, 'Arn'),
          ),
        ]),
  );
}

/** Whether filters of the template take lines from the group that Lambda makes. */
function isReadBy(template: Template, one: LambdaFunction): boolean {
  return template
    .ofType('AWS::Logs::MetricFilter', 'AWS::Logs::SubscriptionFilter')
    .some((filter) => isDefaultName(template, valueAt(filter.properties, 'LogGroupName'), one));
}

/** Whether a role may write to a group that is to be made. */
const mayWrite = (template: Template, role: Resource, id: string): boolean =>
  roleMay(
    template,
    role,
    'logs:PutLogEvents',
    { ...role, id, type: 'AWS::Logs::LogGroup', properties: undefined },
    true,
  );
