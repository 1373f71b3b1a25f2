import type { Json } from './model.js';

/** What stands in a change set where a value will only be known once the stack has changed. AWS's own marker. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** `AWS::NoValue`: the property or item that has it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

export type Resolved = Json | typeof NO_VALUE;

/** What names mean while functions are resolved. Each method throws `ValidationError` for what it does not know. */
export interface Scope {
  region: string;
  account: string;
  stackName: string;
  stackId: string;
  notificationArns: string[];
  parameters: Record<string, Json>;
  mappings: Record<string, Record<string, Record<string, Json>>>;
  condition(name: string): boolean;
  /** What `Ref` of a resource returns. */
  ref(logicalId: string): Json;
  attribute(logicalId: string, name: string): Json;
  importValue(name: string): string;
}

/** A `Ref`: parameter, pseudo parameter or resource. */
export function refValue(name: string, scope: Scope): Resolved {
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name] as Json;
  switch (name) {
    case 'AWS::AccountId':
      return scope.account;
    case 'AWS::NoValue':
      return NO_VALUE;
    case 'AWS::NotificationARNs':
      return scope.notificationArns;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::Region':
      return scope.region;
    case 'AWS::StackId':
      return scope.stackId;
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    default:
      return scope.ref(name);
  }
}
