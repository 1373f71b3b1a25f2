import { randomUUID } from 'node:crypto';
import type { Call } from '../../../kernel/service.js';
import { detectLater } from '../engine/drift.js';
import { validationError } from '../errors.js';
import { page, type QueryInput, requiredText, text, texts } from '../input.js';
import type { ResourceDrift, StackResource } from '../state/records.js';
import type { State } from '../state/state.js';

const DETECTABLE = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
];

/** DetectStackDrift: answers with an id; the comparison runs afterwards. */
export function detectStackDrift(state: State, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  if (!DETECTABLE.includes(stack.status))
    throw validationError(
      `Drift detection cannot be performed on stack [${stack.id}] while it is in ${stack.status} state.`,
    );
  const id = randomUUID();
  const logicalIds = texts(input, 'LogicalResourceIds');
  state.detections.set(id, {
    id,
    stackId: stack.id,
    status: 'DETECTION_IN_PROGRESS',
    ...(logicalIds.length > 0 ? { logicalIds } : {}),
    drifted: 0,
    stackDrift: 'NOT_CHECKED',
    started: state.cloud.clock.now(),
    principal: call.principal,
  });
  detectLater(state, id);
  return { StackDriftDetectionId: id };
}

/** DescribeStackDriftDetectionStatus. */
export function describeDetection(state: State, input: QueryInput): object {
  const id = requiredText(input, 'StackDriftDetectionId');
  const detection = state.detections.get(id);
  if (!detection) throw validationError(`Drift detection with id ${id} does not exist`);
  return {
    StackId: detection.stackId,
    StackDriftDetectionId: detection.id,
    StackDriftStatus: detection.stackDrift,
    DetectionStatus: detection.status,
    DetectionStatusReason: detection.reason,
    DriftedStackResourceCount: detection.drifted,
    Timestamp: new Date(detection.started),
  };
}

/** DescribeStackResourceDrifts: of the last detection, without the resources that could not be checked. */
export function describeResourceDrifts(state: State, input: QueryInput, call: Call): object {
  const stack = state.stack(call.region, requiredText(input, 'StackName'));
  const wanted = texts(input, 'StackResourceDriftStatusFilters');
  const drifts = state
    .resourcesOf(stack.id)
    .filter(({ drift }) => drift !== undefined && drift.status !== 'NOT_CHECKED')
    .filter(({ drift }) => wanted.length === 0 || wanted.includes(drift?.status ?? ''));
  const { items, next } = page(drifts, text(input, 'NextToken'), 100);
  return { StackResourceDrifts: items.map((resource) => shownDrift(state, resource)), NextToken: next };
}

function shownDrift(state: State, resource: StackResource): object {
  const drift = resource.drift as ResourceDrift;
  return {
    StackId: resource.stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ExpectedProperties: JSON.stringify(state.open(drift.expected)),
    ActualProperties: drift.actual === undefined ? undefined : JSON.stringify(state.open(drift.actual)),
    PropertyDifferences: drift.differences.map(({ path, expected, actual, type }) => ({
      PropertyPath: path,
      ExpectedValue: expected,
      ActualValue: actual,
      DifferenceType: type,
    })),
    StackResourceDriftStatus: drift.status,
    Timestamp: new Date(drift.checked),
  };
}
