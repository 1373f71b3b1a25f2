import type { Principal } from '../../../kernel/service.js';
import type { KeepPolicy } from '../template/model.js';

/** Everything that is asked for in one deployment of a stack: what `ExecuteChangeSet` or `UpdateStack` makes true. */
export interface Configuration {
  /** Blob hash of the template text as submitted. */
  template: string;
  /** Parameter texts, sealed: some are NoEcho. Name to text. */
  parameters: string;
  /** For SSM parameter types: the value that was read. */
  resolvedParameters: Record<string, string>;
  tags: Record<string, string>;
  capabilities: string[];
  notificationArns: string[];
  roleArn?: string;
}

export interface Output {
  key: string;
  value: string;
  description?: string;
  exportName?: string;
}

export interface Stack {
  id: string;
  name: string;
  region: string;
  status: string;
  statusReason?: string;
  created: number;
  updated?: number;
  deleted?: number;
  description?: string;
  configuration: Configuration;
  outputs: Output[];
  disableRollback: boolean;
  terminationProtection: boolean;
  changeSetId?: string;
  lastOperations: { type: string; id: string }[];
  driftStatus: 'NOT_CHECKED' | 'IN_SYNC' | 'DRIFTED';
  driftChecked?: number;
  /** The configuration to return to while an update has failed and was not rolled back. */
  stable?: Configuration;
  retainExceptOnCreate?: boolean;
  deletionMode?: string;
}

export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

/**
 * The work under way on a stack. Where each resource stands is read from its own record, so a process that was
 * killed goes on with the phase it finds here.
 */
export interface StackOperation {
  id: string;
  stackId: string;
  type: 'CREATE_STACK' | 'UPDATE_STACK' | 'DELETE_STACK' | 'ROLLBACK' | 'CONTINUE_ROLLBACK';
  phase:
    | 'create'
    | 'update'
    | 'update-cleanup'
    | 'rollback'
    | 'update-rollback'
    | 'update-rollback-cleanup'
    | 'delete';
  token?: string;
  principal: Principal;
  onFailure: OnFailure;
  retainExceptOnCreate: boolean;
  /** DeleteStack's RetainResources, or ContinueUpdateRollback's ResourcesToSkip. */
  leave: string[];
  forceDelete: boolean;
  /** Why it is to stop: CancelUpdateStack, or DeleteStack during creation. */
  cancelled?: string;
  started: number;
}

/** One physical thing and what it was made from. */
export interface PhysicalState {
  type: string;
  physicalId: string;
  ref?: string;
  attributes: Record<string, string>;
  /** Resolved properties as JSON, sealed. */
  properties: string;
  tags: Record<string, string>;
  deletionPolicy: KeepPolicy;
  updateReplacePolicy: KeepPolicy;
  dependencies: string[];
  metadata?: string;
}

export interface StackResource {
  stackId: string;
  logicalId: string;
  type: string;
  status: string;
  statusReason?: string;
  /** Kept for display after the thing is gone. */
  physicalId: string;
  timestamp: number;
  state?: PhysicalState;
  /** What stood here before the running update touched it. */
  earlier?: PhysicalState;
  change?: 'created' | 'updated' | 'replaced' | 'reverted';
  /** Sealed properties of an in-place update that failed: the thing may have any part of them. */
  attempted?: string;
  /** Physical things that an update or its rollback left behind; its cleanup deletes them. */
  leftovers?: PhysicalState[];
  attempt?: Attempt;
  drift?: ResourceDrift;
}

/** An unfinished create, update or delete: what is needed to go on with it in another process. */
export interface Attempt {
  kind: 'create' | 'update' | 'delete';
  nameSuffix: string;
  requestToken: string;
  /** Outputs of the calls already made, in order, each sealed: they are not made a second time. */
  calls: string[];
}

export interface ResourceDrift {
  status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED';
  checked: number;
  /** Sealed JSON. */
  expected: string;
  actual?: string;
  differences: { path: string; expected: string; actual: string; type: 'ADD' | 'REMOVE' | 'NOT_EQUAL' }[];
}

export interface StackEvent {
  id: string;
  stackId: string;
  stackName: string;
  operationId?: string;
  logicalId: string;
  physicalId: string;
  type: string;
  timestamp: number;
  status: string;
  reason?: string;
  token?: string;
  /** Sealed JSON of the properties. */
  properties?: string;
}

export interface ValidationFailure {
  name: 'PROPERTY_VALIDATION' | 'RESOURCE_NAME_CONFLICT';
  reason: string;
  path: string;
  logicalId: string;
  type: string;
  physicalId?: string;
}

export interface ChangeSet {
  id: string;
  name: string;
  stackId: string;
  stackName: string;
  region: string;
  type: 'CREATE' | 'UPDATE';
  status: string;
  statusReason?: string;
  executionStatus: string;
  description?: string;
  created: number;
  configuration: Configuration;
  onStackFailure?: OnFailure;
  clientToken?: string;
  executionToken?: string;
  disableValidation: boolean;
  deploymentMode?: string;
  disableRollback?: boolean;
  /** Compares with what is really there, not with the last deployment. */
  revertsDrift?: boolean;
  /** Sealed `ActualStates` of what had drifted when it was worked out. */
  actual?: string;
  operationId: string;
  principal: Principal;
  /** Sealed JSON of `ResourceChange[]`. */
  changes?: string;
  failures: ValidationFailure[];
  /** Executed or discarded: found by its ARN only. */
  closed: boolean;
}

export interface DriftDetection {
  id: string;
  stackId: string;
  status: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE' | 'DETECTION_FAILED';
  reason?: string;
  logicalIds?: string[];
  drifted: number;
  stackDrift: 'IN_SYNC' | 'DRIFTED' | 'NOT_CHECKED';
  started: number;
  principal: Principal;
}
