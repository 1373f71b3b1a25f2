import { checkAlso } from '../../kernel/access-denied.js';
import { ACCOUNT } from '../../kernel/cloud.js';
import type { Call, Operation } from '../../kernel/service.js';
import { createChangeSet } from './change-sets/create.js';
import { deleteChangeSet, describeChangeSet, listChangeSets } from './change-sets/describe.js';
import { executeChangeSet } from './change-sets/execute.js';
import type { Engine } from './engine/engine.js';
import { notSupported } from './errors.js';
import type { QueryInput } from './input.js';
import { describeDetection, describeResourceDrifts, detectStackDrift } from './operations/drift.js';
import { listExports, listImports } from './operations/exports.js';
import { describeEvents } from './operations/operation-events.js';
import * as reads from './operations/reads.js';
import * as recovery from './operations/recovery.js';
import { createStack, deleteStack, updateStack } from './operations/stacks.js';
import { getTemplate, getTemplateSummary, validate } from './operations/templates.js';
import type { State } from './state/state.js';

type Handle = (input: QueryInput, call: Call) => object | Promise<object>;

/** Every operation of CloudFormation that the local cloud answers. */
export function operationsOf(state: State, engine: Engine): Record<string, Operation> {
  const onStack: Record<string, Handle> = {
    CancelUpdateStack: (input, call) => recovery.cancelUpdateStack(state, input, call),
    ContinueUpdateRollback: (input, call) => recovery.continueUpdateRollback(state, engine, input, call),
    CreateChangeSet: (input, call) => createChangeSet(state, input, call),
    CreateStack: (input, call) => createStack(state, engine, input, call),
    DeleteChangeSet: (input, call) => deleteChangeSet(state, input, call),
    DeleteStack: (input, call) => deleteStack(state, engine, input, call),
    DescribeChangeSet: (input, call) => describeChangeSet(state, input, call),
    DescribeEvents: (input, call) => describeEvents(state, input, call),
    DescribeStackEvents: (input, call) => reads.describeStackEvents(state, input, call),
    DescribeStackResource: (input, call) => reads.describeStackResource(state, input, call),
    DescribeStackResourceDrifts: (input, call) => describeResourceDrifts(state, input, call),
    DescribeStackResources: (input, call) => reads.describeStackResources(state, input, call),
    DescribeStacks: (input, call) => {
      // Who asks for all of them lists them, and must be allowed to.
      if (input.StackName === undefined) checkAlso(call, 'cloudformation:ListStacks', '*');
      return reads.describeStacks(state, input, call);
    },
    DetectStackDrift: (input, call) => detectStackDrift(state, input, call),
    ExecuteChangeSet: (input, call) => executeChangeSet(state, engine, input, call),
    GetTemplate: (input, call) => getTemplate(state, input, call),
    ListChangeSets: (input, call) => listChangeSets(state, input, call),
    ListStackResources: (input, call) => reads.listStackResources(state, input, call),
    RollbackStack: (input, call) => recovery.rollbackStack(state, engine, input, call),
    SetStackPolicy: () => {
      throw notSupported('SetStackPolicy');
    },
    UpdateStack: (input, call) => updateStack(state, engine, input, call),
    UpdateTerminationProtection: (input, call) => recovery.updateTerminationProtection(state, input, call),
  };
  const onAccount: Record<string, Handle> = {
    DescribeStackDriftDetectionStatus: (input) => describeDetection(state, input),
    GetTemplateSummary: (input, call) => getTemplateSummary(state, input, call),
    ListExports: (input, call) => listExports(state, input, call),
    ListImports: (input, call) => listImports(state, input, call),
    ListStacks: (input, call) => reads.listStacks(state, input, call),
    ValidateTemplate: (input, call) => validate(state, input, call),
  };
  const operations: Record<string, Operation> = {};
  for (const [name, handle] of Object.entries(onAccount)) operations[name] = { handle };
  for (const [name, handle] of Object.entries(onStack))
    operations[name] = { handle, resource: (input, call) => stackArn(state, input, call) };
  return operations;
}

/** The stack that a call is about, for authorisation: its ARN, or the ARN a new one would match. */
function stackArn(state: State, input: QueryInput, call: Call): string {
  const name = typeof input.StackName === 'string' ? input.StackName : '';
  if (name.startsWith('arn:')) return name;
  if (name !== '')
    return (
      state.findStack(call.region, name)?.id ??
      `arn:aws:cloudformation:${call.region}:${ACCOUNT}:stack/${name}/*`
    );
  const changeSet =
    typeof input.ChangeSetName === 'string' ? state.changeSets.get(input.ChangeSetName) : undefined;
  return changeSet?.stackId ?? '*';
}
