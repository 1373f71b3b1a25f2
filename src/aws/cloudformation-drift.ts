import { setTimeout as sleep } from 'node:timers/promises';
import { CannotLookError } from '../core/errors.js';
import { allPages, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';

const POLL_MS = 2_000;
const PATIENCE_MS = 10 * 60_000;

export interface DriftedResource {
  logicalId: string;
  physicalId: string | null;
  type: string;
  status: 'MODIFIED' | 'DELETED' | string;
  /** `/Properties/Timeout`, expected and actual as AWS gives them. */
  differences: { path: string; expected: string; actual: string; kind: string }[];
}

export interface Drift {
  resources: DriftedResource[];
  /** Why some resources could not be looked at, as AWS says it; null when all were. */
  unseen: string | null;
}

export function driftReads(session: AwsSession, pollMs: number = POLL_MS) {
  return {
    /** What was changed by hand since the last deployment. AWS looks at every resource: takes from seconds to minutes. */
    async detect(stackName: string): Promise<Drift> {
      const detection = await session.call('cloudformation', 'cloudformation:DetectStackDrift', (client) =>
        client.detectStackDrift({ StackName: stackName }),
      );
      const unseen = await finished(session, detection.StackDriftDetectionId ?? '', pollMs);
      return { resources: await driftedResources(session, stackName), unseen };
    },
  };
}

function driftedResources(session: AwsSession, stackName: string): Promise<DriftedResource[]> {
  return session.call('cloudformation', 'cloudformation:DescribeStackResourceDrifts', (client) =>
    allPages(async (token) => {
      const page = await client.describeStackResourceDrifts({
        StackName: stackName,
        StackResourceDriftStatusFilters: ['MODIFIED', 'DELETED'],
        ...tokenAs('NextToken', token),
      });
      return {
        items: page.StackResourceDrifts?.map((drift) => ({
          logicalId: drift.LogicalResourceId ?? '',
          physicalId: drift.PhysicalResourceId ?? null,
          type: drift.ResourceType ?? '',
          status: drift.StackResourceDriftStatus ?? '',
          differences: (drift.PropertyDifferences ?? []).map((difference) => ({
            path: difference.PropertyPath ?? '',
            expected: difference.ExpectedValue ?? '',
            actual: difference.ActualValue ?? '',
            kind: difference.DifferenceType ?? '',
          })),
        })),
        next: page.NextToken,
      };
    }),
  );
}

/** Undisturbed: null; else why a detection that FAILED for some resources could not look at them. */
async function finished(session: AwsSession, detectionId: string, pollMs: number): Promise<string | null> {
  for (let waited = 0; waited <= PATIENCE_MS; waited += pollMs) {
    const status = await session.call(
      'cloudformation',
      'cloudformation:DescribeStackDriftDetectionStatus',
      (client) => client.describeStackDriftDetectionStatus({ StackDriftDetectionId: detectionId }),
    );
    if (status.DetectionStatus === 'DETECTION_FAILED')
      return status.DetectionStatusReason ?? 'AWS gives no reason';
    if (status.DetectionStatus !== 'DETECTION_IN_PROGRESS') return null;
    await sleep(pollMs);
  }
  throw new CannotLookError({
    code: 'AWS_TIMEOUT',
    message: `AWS did not finish looking for drift within ${PATIENCE_MS / 60_000} minutes.`,
    next: ['Run the command again later.'],
  });
}
