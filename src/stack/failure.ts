import type { OperationFailure, StackEvent } from '../aws/cloudformation.js';
import { CachaoError } from '../core/errors.js';

/** Consequences of another resource's failure, never its cause. */
const CONSEQUENCE = /^Resource (creation|update|deletion) cancelled|^The following resource\(s\) failed/i;

/** A deployment that CloudFormation could not finish. */
export class StackFailedError extends CachaoError {
  constructor(
    readonly stackName: string,
    /** The stack's status afterwards. */
    readonly status: string,
    /** The resource that failed first; null when the stack's own reason is all there is. */
    readonly resource: { logicalId: string; type: string; reason: string } | null,
    reason: string,
    next: string[],
  ) {
    super({
      code: 'STACK_FAILED',
      message: resource
        ? `The stack ${stackName} failed at ${resource.logicalId} (${resource.type}): ${resource.reason}`
        : `The stack ${stackName} failed: ${reason}`,
      why: `It was the first failure; the stack is now in ${status}.`,
      next,
    });
    this.name = 'StackFailedError';
  }
}

/** The first failure that is nobody else's consequence. Events may come in any order; times decide. */
export function rootCause(events: readonly StackEvent[], stackId: string): StackEvent | undefined {
  return [...events]
    .sort((a, b) => a.time.localeCompare(b.time))
    .find(
      (event) =>
        event.status.endsWith('_FAILED') &&
        event.physicalId !== stackId &&
        !CONSEQUENCE.test(event.reason ?? '') &&
        Boolean(event.reason),
    );
}

/** The error for a stack that ended badly, from its events. */
export function stackFailed(
  stack: { name: string; id: string; status: string; statusReason: string | null },
  events: readonly StackEvent[],
): StackFailedError {
  const cause = rootCause(events, stack.id);
  const resource = cause
    ? { logicalId: cause.logicalId, type: cause.resourceType, reason: cause.reason ?? '' }
    : null;
  const own = events.find((event) => event.physicalId === stack.id && event.reason)?.reason;
  const reason = stack.statusReason ?? own ?? 'CloudFormation gives no reason';
  return new StackFailedError(stack.name, stack.status, resource, reason, [
    ...adviceFor(resource),
    'Then run the command again: it recovers the stack and goes on.',
  ]);
}

/** The error for a change set that CloudFormation's validation refused. */
export function changeSetRefused(
  stackName: string,
  statusReason: string | null,
  failures: readonly OperationFailure[],
): CachaoError {
  const stopping = failures.filter((failure) => failure.stops && failure.reason);
  const reasons = stopping.map(
    ({ logicalId, path, reason }) => `${path ?? logicalId ?? stackName}: ${reason}`,
  );
  const first = stopping[0];
  const advice = adviceFor(
    first ? { logicalId: first.logicalId ?? '', type: first.resourceType ?? '', reason: first.reason } : null,
  );
  return new CachaoError({
    code: 'STACK_REFUSED',
    message: `CloudFormation refuses the change of the stack ${stackName}: ${reasons.length > 0 ? reasons.join('; ') : (statusReason ?? 'it gives no reason')}`,
    why: 'The stack was not changed: the change set was checked before it ran.',
    next: [...advice, advice.length > 0 ? 'Then run the command again.' : 'Run the command again.'],
  });
}

/** What to do about causes that are known from the field. */
function adviceFor(resource: { logicalId: string; type: string; reason: string } | null): string[] {
  if (!resource) return [];
  const { reason, type } = resource;
  if (/UnreservedConcurrentExecution/.test(reason))
    return [
      'Set reservedConcurrency to null in cachao.config.json, or ask AWS for a higher Lambda concurrency quota.',
    ];
  if (type === 'AWS::Logs::LogGroup' && /exist/i.test(reason))
    return ['A log group with this name already exists: delete it, if it is not needed.'];
  if (/already exists|RESOURCE_NAME_CONFLICT/i.test(reason))
    return ['A resource with this name already exists: remove it, or choose another stack name.'];
  if (/not authorized|AccessDenied/i.test(reason))
    return ['Ask for the missing permission for the user or role that deploys.'];
  return [];
}
