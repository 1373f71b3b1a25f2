import { randomBytes } from 'node:crypto';
import type { ChangeSet, OperationFailure, ResourceChange } from '../aws/cloudformation.js';
import { AwsRefusedError } from '../aws/errors.js';
import type { Settings } from '../config/settings.js';
import type { Change } from '../core/check.js';
import { AccessDeniedError } from '../core/errors.js';
import { artifactBucketName, ensureArtifactBucket, uploadArtifacts } from './artifact-bucket.js';
import { readChanges } from './changes.js';
import { changeSetRefused } from './failure.js';
import { type StackInputs, stackParameters } from './parameters.js';
import { pollUntil } from './poll.js';
import { recoverStack } from './recover.js';
import type { StackRun, StackServices } from './services.js';

/** Names of our change sets begin so: what an interrupted run left is known by it, and replaced. */
const OURS = 'cachao-';
/** Both wordings that AWS has (FACTS-AWS §6). */
const NO_CHANGES = /didn't contain changes|No updates are to be performed/;
/** A change set is not found for a moment after it was asked for. */
const LOOKS_UNTIL_LOST = 15;

export interface PreparedChangeSet {
  stackName: string;
  /** Undefined: the stack is already as it should be, and there is nothing to execute. */
  changeSetName: string | undefined;
  type: 'CREATE' | 'UPDATE';
  changes: Change[];
  /** Something is deleted or replaced. */
  destructive: boolean;
}

/**
 * Uploads what is new and lets CloudFormation work out what would change. Changes no resource. Safe to repeat after
 * an interruption at any point: an older change set of ours is replaced, a stack in a failed state is recovered.
 * @throws CachaoError STACK_REFUSED, STACK_FAILED, STACK_RECOVERY_DECLINED, ARTIFACT_BUCKET_TAKEN, HANDLERS_NOT_BUILT
 */
export async function prepareChangeSet(
  services: StackServices,
  settings: Settings,
  inputs: StackInputs,
  run: StackRun,
  check = 'stack.current',
): Promise<PreparedChangeSet> {
  const stackName = settings.stack.name;
  const parameters = stackParameters(settings, inputs);
  const stack = await recoverStack(services, stackName, run);
  const bucket = artifactBucketName(inputs.account, settings.region);
  await ensureArtifactBucket(services, bucket, inputs.account);
  await uploadArtifacts(services, bucket, inputs.artifacts, run.progress);
  await discardOurs(services, stackName);
  const type = stack ? 'UPDATE' : 'CREATE';
  const name = `${OURS}${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
  run.progress.note('asking CloudFormation what would change');
  await services.cloudformationWrites.createChangeSet({
    stackName,
    name,
    type,
    templateBody: inputs.templateBody,
    parameters,
    // The change set's tags become the stack's: what others put there must be among them.
    tags: { ...foreignTags(stack?.tags ?? {}), ...inputs.tags },
    description: `cachao, stage ${settings.stage}`,
    roleArn: settings.deployRole,
    revertDrift: inputs.revertDrift ?? false,
  });
  const changeSet = await finished(services, stackName, name, run);
  if (changeSet.status === 'FAILED') {
    const failures = await failuresOf(services, changeSet);
    await services.cloudformationWrites.deleteChangeSet(stackName, name);
    if (!NO_CHANGES.test(changeSet.statusReason ?? ''))
      throw changeSetRefused(stackName, changeSet.statusReason, failures);
    return { stackName, changeSetName: undefined, type, changes: [], destructive: false };
  }
  return {
    stackName,
    changeSetName: name,
    type,
    changes: readChanges(check, changeSet.changes),
    destructive: changeSet.changes.some(isDestructive),
  };
}

/** Takes a change set away that was declined; the empty stack that a first one had made goes with it. */
export async function discardChangeSet(services: StackServices, prepared: PreparedChangeSet): Promise<void> {
  if (!prepared.changeSetName) return;
  await services.cloudformationWrites.deleteChangeSet(prepared.stackName, prepared.changeSetName);
  const stack = await services.cloudformation.stack(prepared.stackName);
  if (stack?.status === 'REVIEW_IN_PROGRESS')
    await services.cloudformationWrites.deleteStack(stack.id, `${prepared.changeSetName}-discard`);
}

/** AWS's own tags cannot be given. */
function foreignTags(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')));
}

function isDestructive(change: ResourceChange): boolean {
  return change.action === 'Remove' || (change.action === 'Modify' && change.replacement === 'True');
}

async function discardOurs(services: StackServices, stackName: string): Promise<void> {
  const names = await services.cloudformation.changeSetNames(stackName);
  for (const name of names.filter((candidate) => candidate.startsWith(OURS))) {
    try {
      await services.cloudformationWrites.deleteChangeSet(stackName, name);
    } catch (error) {
      // One that is still being worked out cannot be deleted; executing ours makes it obsolete.
      if (!(error instanceof AwsRefusedError) || !/InvalidChangeSetStatus/.test(error.awsCode)) throw error;
    }
  }
}

async function finished(
  services: StackServices,
  stackName: string,
  name: string,
  run: StackRun,
): Promise<ChangeSet> {
  let missing = 0;
  return pollUntil(run, async () => {
    const changeSet = await services.cloudformation.changeSet(stackName, name);
    if (!changeSet) {
      missing += 1;
      if (missing > LOOKS_UNTIL_LOST)
        throw changeSetRefused(
          stackName,
          `the change set ${name} disappeared; another deployment may be running`,
          [],
        );
      return undefined;
    }
    return /_(PENDING|IN_PROGRESS)$/.test(changeSet.status) ? undefined : changeSet;
  });
}

/** The reasons are an addition: where AWS does not give them, the change set's own must do. */
async function failuresOf(services: StackServices, changeSet: ChangeSet): Promise<OperationFailure[]> {
  if (NO_CHANGES.test(changeSet.statusReason ?? '')) return [];
  try {
    return await services.cloudformation.changeSetFailures(changeSet.stackId, changeSet.id);
  } catch (error) {
    if (error instanceof AwsRefusedError || error instanceof AccessDeniedError) return [];
    throw error;
  }
}
