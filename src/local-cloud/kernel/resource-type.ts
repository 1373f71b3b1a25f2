import type { Principal } from './service.js';

export type Properties = Record<string, unknown>;

/** What a resource type may do while a stack changes: call operations as the stack's caller, like CloudFormation. */
export interface ResourceContext {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** Stack tags plus `aws:cloudformation:*`, to be merged with the resource's own. */
  readonly tags: Record<string, string>;
  readonly principal: Principal;
  /** Calls an operation in process, authorised as the caller. Throws that service's own `AwsError`. */
  // biome-ignore lint/suspicious/noExplicitAny: outputs differ by operation
  call(service: string, operation: string, input: object): Promise<any>;
  /** `<stack>-<logicalId>-<12 random capitals and digits>`, the first two cut to fit: AWS's generated physical names. */
  generatedName(maximumLength: number): string;
}

export interface CreatedResource {
  /** What `Ref` returns unless `ref` says otherwise, and what DescribeStackResources shows. */
  physicalId: string;
  /** `Fn::GetAtt` values. */
  attributes: Record<string, string>;
  /** `Ref`, where it is not the physical id. */
  ref?: string;
}

/** One CloudFormation resource type. Properties arrive with intrinsics resolved and `AWS::NoValue` removed. */
export interface ResourceType {
  /** Properties it knows; any other fails validation as CloudFormation does ("Encountered unsupported property X"). */
  properties: readonly string[];
  required?: readonly string[];
  /** A change of one of these replaces the resource. */
  createOnly?: readonly string[];
  /**
   * The first property of its primary identifier, where that is not what Ref returns: a change set that reverts drift
   * takes a Ref for it (cloudformation-coverage-roadmap#2505).
   */
  identifiedBy?: string;
  create(properties: Properties, context: ResourceContext): Promise<CreatedResource>;
  /** Changes it in place; never called when a `createOnly` property differs. */
  update?(
    physicalId: string,
    next: Properties,
    previous: Properties,
    context: ResourceContext,
  ): Promise<CreatedResource>;
  delete(physicalId: string, properties: Properties, context: ResourceContext): Promise<void>;
  /** The live properties, in template shape, of those the template states: drift detection compares them. `undefined`: gone. */
  read?(
    physicalId: string,
    properties: Properties,
    context: ResourceContext,
  ): Promise<Properties | undefined>;
}
