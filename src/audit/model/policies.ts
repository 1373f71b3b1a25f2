import {
  isList,
  isMap,
  type ListNode,
  type MapNode,
  scalarText,
  type TemplateNode,
  valueAt,
} from '../document/node.js';
import type { Resource, Template } from './template.js';
import { keyOf, referenceOf, textOf } from './text.js';

/** One statement of an IAM or resource policy. */
export interface Statement {
  node: MapNode;
  /** The list that it stands in, when it stands in one. */
  list: ListNode | undefined;
  allows: boolean;
  /** Lower case. */
  actions: string[];
  resources: TemplateNode[];
  principal: TemplateNode | undefined;
  condition: TemplateNode | undefined;
}

/** The statements of a policy document, in every branch. */
export function statementsIn(template: Template, document: TemplateNode | undefined): Statement[] {
  return template.possibilities(valueAt(document, 'Statement')).flatMap(({ node, when }) => {
    const list = isList(node) ? node : undefined;
    return template.items(node, when).flatMap((item) => {
      if (!isMap(item.node)) return [];
      return [
        {
          node: item.node,
          list,
          allows: scalarText(valueAt(item.node, 'Effect')) !== 'Deny',
          actions: template
            .items(valueAt(item.node, 'Action'), item.when)
            .map(({ node: action }) => (scalarText(action) ?? '').toLowerCase()),
          resources: template
            .items(valueAt(item.node, 'Resource'), item.when)
            .flatMap(({ node: resource }) => resource ?? []),
          principal: valueAt(item.node, 'Principal'),
          condition: valueAt(item.node, 'Condition'),
        },
      ];
    });
  });
}

/** The statements of a role: its own, and those of policies in this template that are attached to it. */
export function statementsOfRole(template: Template, role: Resource): Statement[] {
  const inline = template
    .items(valueAt(role.properties, 'Policies'), role.when)
    .flatMap(({ node }) => statementsIn(template, valueAt(node, 'PolicyDocument')));
  const managed = template
    .items(valueAt(role.properties, 'ManagedPolicyArns'), role.when)
    .flatMap(({ node }) => template.resources.get(referenceOf(node)?.ref ?? '') ?? []);
  const attached = template
    .ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy')
    .filter((policy) => attachedTo(template, policy, role));
  return [
    ...inline,
    ...[...managed, ...attached].flatMap((one) =>
      statementsIn(template, valueAt(one.properties, 'PolicyDocument')),
    ),
  ];
}

function attachedTo(template: Template, policy: Resource, role: Resource): boolean {
  const roles = template.items(valueAt(policy.properties, 'Roles'), policy.when).map(({ node }) => node);
  return [...roles, valueAt(policy.properties, 'RoleName')].some(
    (node) => referenceOf(node)?.ref === role.id,
  );
}

/** The AWS-managed policies that a role has, by their names; `?` for one that cannot be known. */
export function managedPolicies(template: Template, role: Resource): string[] {
  return template.items(valueAt(role.properties, 'ManagedPolicyArns'), role.when).flatMap(({ node }) => {
    if (template.resources.has(referenceOf(node)?.ref ?? '')) return [];
    const text = textOf(node);
    const written = text ? keyOf(text) : '?';
    return [/:policy\/(.+)$/.exec(written)?.[1] ?? '?'];
  });
}

/** Whether a statement allows the action on that resource. */
export function permits(
  template: Template,
  statement: Statement,
  action: string,
  target: Resource | undefined,
): boolean {
  return (
    statement.allows &&
    statement.actions.some((pattern) => like(pattern, action.toLowerCase())) &&
    (target === undefined || statement.resources.some((node) => covers(template, node, target)))
  );
}

/** Whether a role may do it. What cannot be known counts as allowed, unless it must be certain. */
export function roleMay(
  template: Template,
  role: Resource,
  action: string,
  target: Resource | undefined,
  certain = false,
): boolean {
  const named = managedPolicies(template, role).filter((name) => !certain || name !== '?');
  if (named.some((name) => grants(name, action))) return true;
  return statementsOfRole(template, role).some((statement) => permits(template, statement, action, target));
}

/** What AWS's own policies give, as far as handlers have them. */
function grants(name: string, action: string): boolean {
  const service = action.split(':')[0] ?? '';
  if (name === '?' || /AdministratorAccess|PowerUserAccess/.test(name)) return true;
  if (service === 'sqs') return /AmazonSQSFullAccess/.test(name);
  if (service === 'xray') return /AWSXray(FullAccess|WriteOnlyAccess)|AWSXRayDaemonWriteAccess/i.test(name);
  if (service === 'logs')
    return /AWSLambda(BasicExecution|VPCAccessExecution|SQSQueueExecution|DynamoDBExecution|KinesisExecution)|CloudWatchLogsFullAccess/.test(
      name,
    );
  return false;
}

function covers(template: Template, node: TemplateNode, target: Resource): boolean {
  if (template.denoted(node, target.type)?.resource.id === target.id) return true;
  const text = textOf(node);
  if (!text || referenceOf(node) !== undefined) return false;
  const written = template.canonical(text);
  if (written === '*') return true;
  // `${AWS::Region}` holds colons too.
  const parts = written.replace(/\$\{AWS::(\w+)\}/g, '$$$1').split(':');
  const service = SERVICES[target.type];
  if (service === undefined || parts[0] !== 'arn' || !like(parts[2] ?? '*', service)) return false;
  if (parts.length < 6) return written.endsWith('*');
  const pattern = parts.slice(5).join(':');
  const name = physicalName(template, target);
  const own = service === 'logs' ? [`log-group:${name}`, `log-group:${name}:*`] : [name];
  return own.some((each) => like(pattern, each));
}

const SERVICES: Record<string, string> = { 'AWS::SQS::Queue': 'sqs', 'AWS::Logs::LogGroup': 'logs' };

/** As it is written; else as CloudFormation makes it: the stack's name, the logical id, and something random. */
function physicalName(template: Template, target: Resource): string {
  const key = template.nameKey(target).replace(/\$\{AWS::(\w+)\}/g, '$$$1');
  return key === `\${${target.id}}` ? `$StackName-${target.id}-0123456789AB` : key;
}

/** IAM's wildcards. */
export function like(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
