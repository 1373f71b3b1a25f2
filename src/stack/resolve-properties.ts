import { decided } from './conditions.js';
import type { Template, TemplateResource } from './template.js';

/** A stack as it was deployed: what its template's references stand for. */
export interface DeployedScope {
  template: Template;
  parameters: Record<string, string>;
  /** Logical to physical ids. */
  physicalIds: Record<string, string>;
  stackName: string;
  stackId: string;
  account: string;
  region: string;
}

/** What a reference that cannot be told resolves to; a value that holds one is not to be used. */
const UNKNOWN = Symbol('unknown');
/** `AWS::NoValue`: the member is left out. */
const ABSENT = Symbol('absent');

/**
 * A resource's properties as the deployed template declares them, every reference resolved. Undefined where the
 * template does not declare it under these parameters, or something in it cannot be told from here.
 */
export function declaredProperties(
  scope: DeployedScope,
  logicalId: string,
): Record<string, unknown> | undefined {
  const resource: TemplateResource | undefined = scope.template.Resources[logicalId];
  if (!resource || (typeof resource.Condition === 'string' && holds(scope, resource.Condition) === false))
    return undefined;
  const properties = resolve(resource.Properties ?? {}, scope);
  return containsUnknown(properties) ? undefined : (properties as Record<string, unknown>);
}

function resolve(node: unknown, scope: DeployedScope): unknown {
  if (Array.isArray(node)) return node.map((item) => resolve(item, scope)).filter((item) => item !== ABSENT);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name && (name === 'Ref' || name.startsWith('Fn::')))
    return call(name, argument, scope);
  return Object.fromEntries(
    entries
      .map(([key, value]) => [key, resolve(value, scope)] as const)
      .filter(([, value]) => value !== ABSENT),
  );
}

function call(name: string, argument: unknown, scope: DeployedScope): unknown {
  switch (name) {
    case 'Ref':
      return reference(argument as string, scope);
    case 'Fn::GetAtt': {
      const [logicalId = '', attribute = ''] = argument as string[];
      return attributeOf(scope, logicalId, attribute);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::If': {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      const held = holds(scope, condition);
      return held === undefined ? UNKNOWN : resolve(held ? yes : no, scope);
    }
    case 'Fn::Join': {
      const [separator, list] = argument as [string, unknown];
      const items = resolve(list, scope);
      return Array.isArray(items) && !containsUnknown(items) ? items.join(separator) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

function reference(name: string, scope: DeployedScope): unknown {
  const pseudo: Record<string, unknown> = {
    'AWS::NoValue': ABSENT,
    'AWS::AccountId': scope.account,
    'AWS::Region': scope.region,
    'AWS::Partition': partitionOf(scope.region),
    'AWS::StackName': scope.stackName,
    'AWS::StackId': scope.stackId,
  };
  return pseudo[name] ?? scope.parameters[name] ?? scope.physicalIds[name] ?? UNKNOWN;
}

function substitute(argument: unknown, scope: DeployedScope): unknown {
  if (typeof argument !== 'string') return UNKNOWN;
  let whole = true;
  const text = argument.replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    const dot = name.indexOf('.');
    const value =
      dot < 0 ? reference(name, scope) : attributeOf(scope, name.slice(0, dot), name.slice(dot + 1));
    if (typeof value === 'string') return value;
    whole = false;
    return '';
  });
  return whole ? text : UNKNOWN;
}

/** The attributes that follow from a physical id alone. */
function attributeOf(scope: DeployedScope, logicalId: string, attribute: string): unknown {
  const id = scope.physicalIds[logicalId];
  const type = scope.template.Resources[logicalId]?.Type;
  if (!id || !type) return UNKNOWN;
  const at = (service: string) =>
    `arn:${partitionOf(scope.region)}:${service}:${scope.region}:${scope.account}`;
  switch (`${type}.${attribute}`) {
    case 'AWS::SQS::Queue.QueueName':
      return id.split('/').at(-1);
    case 'AWS::SQS::Queue.Arn':
      return `${at('sqs')}:${id.split('/').at(-1)}`;
    case 'AWS::Lambda::Function.Arn':
      return `${at('lambda')}:function:${id}`;
    case 'AWS::Logs::LogGroup.Arn':
      return `${at('logs')}:log-group:${id}:*`;
    case 'AWS::SNS::Topic.TopicName':
      return id.split(':').at(-1);
    case 'AWS::IAM::Role.Arn':
      return `arn:${partitionOf(scope.region)}:iam::${scope.account}:role/${id}`;
    default:
      return UNKNOWN;
  }
}

function holds(scope: DeployedScope, condition: string): boolean | undefined {
  return decided(condition, scope.template, scope.parameters);
}

function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsUnknown);
}
