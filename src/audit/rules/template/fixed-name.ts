import { requirement } from '../../../requirements/requirement.js';
import { type TemplateNode, valueAt } from '../../document/node.js';
import { pathQueues } from '../../model/path-queues.js';
import { stripePath } from '../../model/stripe-path.js';
import type { Resource, Template } from '../../model/template.js';
import { textOf } from '../../model/text.js';
import type { AuditRule } from '../../rule.js';
import { groupOf } from '../log/retention.js';
import { pathAlarms } from '../path-alarms.js';

/** Names that must be unique in an account and region. */
const NAME: Record<string, string> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Serverless::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Events::Archive': 'ArchiveName',
  'AWS::Events::EventBus': 'Name',
  'AWS::IAM::Role': 'RoleName',
};

export const fixedName: AuditRule = {
  ...requirement('audit.fixed-name'),
  *judge(template) {
    for (const resource of onPath(template)) {
      const property = NAME[resource.type];
      const node = property === undefined ? undefined : valueAt(resource.properties, property);
      const text = textOf(node);
      // A partner bus is called as its source is.
      if (valueAt(resource.properties, 'EventSourceName')) continue;
      if (!node || property === undefined || !text || text.some((part) => typeof part !== 'string')) continue;
      yield {
        at: node,
        summary: `${resource.id} is always called "${text.join('')}".`,
        expected: `no ${property}, or one with \${AWS::StackName} in it`,
        actual: text.join(''),
        advice: `Leave ${property} out, or derive it from the stack. That replaces the resource: empty a queue first.`,
      };
    }
  },
};

const busOf = (template: Template, node: TemplateNode | undefined): Resource | undefined =>
  template.denoted(node, 'AWS::Events::EventBus')?.resource;

function onPath(template: Template): Resource[] {
  const path = stripePath(template);
  const alarms = pathAlarms(template);
  const topics = alarms
    .flatMap((alarm) => template.items(valueAt(alarm.properties, 'AlarmActions'), alarm.when))
    .flatMap(({ node }) => template.denoted(node, 'AWS::SNS::Topic')?.resource ?? []);
  const groups = path.handlers
    .map((one) => groupOf(template, one))
    .filter((one): one is Resource => typeof one === 'object');
  return [
    ...new Set([
      ...path.handlers.map((one) => one.resource),
      ...path.handlers.flatMap((one) => one.role() ?? []),
      ...path.rules.flatMap((rule) => rule.buses().flatMap(({ node }) => busOf(template, node) ?? [])),
      ...pathQueues(template).flatMap((one) => one.resource ?? []),
      ...alarms,
      ...topics,
      ...groups,
      ...(path.rules.length > 0 ? template.ofType('AWS::Events::Archive') : []),
    ]),
  ];
}
