import type { Operation } from '../../../kernel/service.js';
import { invalidParameter, invalidValue, missingParameter, resourceNotFound } from '../errors.js';
import type { MoveTasks } from '../move-tasks.js';
import type { Queues } from '../queues.js';
import type { MoveTaskRecord } from '../records.js';
import { checkRange } from './queues.js';

interface StartInput {
  SourceArn?: string;
  DestinationArn?: string;
  MaxNumberOfMessagesPerSecond?: number;
}

const missing = (parameter: string) =>
  resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);

/** Dead-letter queue redrive. Error texts are those recorded from AWS. */
export function moveTaskOperations(queues: Queues, tasks: MoveTasks): Record<string, Operation> {
  const { queues: table } = queues.tables;
  const bySource = (input: { SourceArn?: string }) => input.SourceArn ?? '*';
  return {
    StartMessageMoveTask: {
      resource: bySource,
      handle: (input: StartInput, call) => {
        const sourceArn = input.SourceArn;
        if (!sourceArn) throw missingParameter('SourceArn');
        const source = table.get(sourceArn);
        if (!source) throw missing('SourceArn');
        const perSecond = input.MaxNumberOfMessagesPerSecond;
        checkRange(
          perSecond,
          'MaxNumberOfMessagesPerSecond',
          1,
          500,
          'Must be between 1 and 500, if provided.',
        );
        // A queue that EventBridge, Lambda or SNS feeds is nobody's dead-letter queue in this sense.
        if (queues.sourcesOf(sourceArn).length === 0)
          throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
        if (input.DestinationArn !== undefined && !table.has(input.DestinationArn))
          throw missing('DestinationArn');
        if (tasks.running(sourceArn))
          throw invalidParameter(
            'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
          );
        const task = tasks.begin({
          region: call.region,
          sourceArn,
          toMove: queues.open(source).counts().visible,
          ...(input.DestinationArn === undefined ? {} : { destinationArn: input.DestinationArn }),
          ...(perSecond === undefined ? {} : { perSecond }),
        });
        return { TaskHandle: task.handle };
      },
    },
    ListMessageMoveTasks: {
      resource: bySource,
      handle: (input: { SourceArn?: string; MaxResults?: number }) => {
        if (!input.SourceArn) throw missingParameter('SourceArn');
        if (!table.has(input.SourceArn)) throw missing('SourceArn');
        checkRange(input.MaxResults, 'MaxResults', 1, 10, 'Must be between 1 and 10, if provided.');
        return {
          Results: tasks
            .of(input.SourceArn)
            .slice(0, input.MaxResults ?? 1)
            .map(present),
        };
      },
    },
    CancelMessageMoveTask: {
      resource: (input: { TaskHandle?: string }) => readHandle(input.TaskHandle)?.sourceArn ?? '*',
      handle: (input: { TaskHandle?: string }) => {
        const named = readHandle(input.TaskHandle);
        if (!named) throw invalidParameter('Value for parameter TaskHandle is invalid.');
        if (!table.has(named.sourceArn)) throw missing('SourceArn');
        const task = queues.tables.moveTasks.get(named.taskId);
        if (!task) throw resourceNotFound('Task does not exist.');
        if (task.status !== 'RUNNING')
          throw invalidValue(input.TaskHandle, 'TaskHandle', 'Only active tasks can be cancelled.');
        tasks.cancel(task);
        return { ApproximateNumberOfMessagesMoved: task.moved };
      },
    },
  };
}

function readHandle(handle: string | undefined): { taskId: string; sourceArn: string } | undefined {
  try {
    const read = JSON.parse(Buffer.from(handle ?? '', 'base64').toString('utf8')) as {
      taskId?: unknown;
      sourceArn?: unknown;
    };
    if (typeof read.taskId !== 'string' || typeof read.sourceArn !== 'string') return undefined;
    return { taskId: read.taskId, sourceArn: read.sourceArn };
  } catch {
    return undefined;
  }
}

function present(task: MoveTaskRecord): object {
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}
