import { setTimeout as sleep } from 'node:timers/promises';
import { isCode, unlessAbsent } from './errors.js';
import type { AwsSession } from './session.js';
import type { Tags } from './tags.js';

const UPDATE_POLL_MS = 500;
const UPDATE_PATIENCE_MS = 60_000;
const ABSENT = 'ResourceNotFoundException';

export interface Invocation {
  /** What the function returned, or Lambda's `{errorType, errorMessage, …}` when `functionError` is set. */
  payload: string;
  /** Set when the function failed, although the call answered 200 (FACTS-AWS §4). */
  functionError: string | null;
  /** The last 4 KB of its log; empty unless asked for. */
  logTail: string;
  requestId: string;
}

export interface EventInvokeChange {
  maximumRetryAttempts?: number;
  maximumEventAgeSeconds?: number;
  onFailureArn?: string;
}

/** Invoking is neither a read nor a write of Lambda's: what it does is the function's own affair. */
export function lambdaInvocations(session: AwsSession) {
  return {
    /** Runs the function and waits for its answer. */
    invoke(name: string, payload: string, options: { logTail?: boolean } = {}): Promise<Invocation> {
      return session.call('lambda', 'lambda:InvokeFunction', async (client) => {
        const answer = await client.invoke({
          FunctionName: name,
          InvocationType: 'RequestResponse',
          LogType: options.logTail ? 'Tail' : 'None',
          Payload: Buffer.from(payload),
        });
        return {
          payload: answer.Payload ? Buffer.from(answer.Payload).toString('utf8') : '',
          functionError: answer.FunctionError ?? null,
          logTail: answer.LogResult ? Buffer.from(answer.LogResult, 'base64').toString('utf8') : '',
          requestId: answer.$metadata.requestId ?? '',
        };
      });
    },
  };
}

export function lambdaWrites(session: AwsSession) {
  return {
    /** Adds tags; others stay. */
    async tag(arn: string, tags: Tags): Promise<void> {
      await session.call('lambda', 'lambda:TagResource', (client) =>
        client.tagResource({ Resource: arn, Tags: tags }),
      );
    },

    /** Takes code from a bucket, and waits until the function runs it. */
    async updateCode(name: string, bucket: string, key: string): Promise<void> {
      await session.call('lambda', 'lambda:UpdateFunctionCode', async (client) => {
        await client.updateFunctionCode({ FunctionName: name, S3Bucket: bucket, S3Key: key });
        for (let waitedMs = 0; waitedMs < UPDATE_PATIENCE_MS; waitedMs += UPDATE_POLL_MS) {
          const found = await client.getFunctionConfiguration({ FunctionName: name });
          if (found.LastUpdateStatus !== 'InProgress') return;
          await sleep(UPDATE_POLL_MS);
        }
      });
    },

    /** Null: none reserved. */
    async setReservedConcurrency(name: string, reserved: number | null): Promise<void> {
      if (reserved === null)
        await session.call('lambda', 'lambda:DeleteFunctionConcurrency', (client) =>
          client.deleteFunctionConcurrency({ FunctionName: name }),
        );
      else
        await session.call('lambda', 'lambda:PutFunctionConcurrency', (client) =>
          client.putFunctionConcurrency({ FunctionName: name, ReservedConcurrentExecutions: reserved }),
        );
    },

    /** Merges into what is configured; makes it where nothing was. */
    async changeEventInvokeConfig(name: string, change: EventInvokeChange): Promise<void> {
      const input = {
        FunctionName: name,
        ...(change.maximumRetryAttempts === undefined
          ? {}
          : { MaximumRetryAttempts: change.maximumRetryAttempts }),
        ...(change.maximumEventAgeSeconds === undefined
          ? {}
          : { MaximumEventAgeInSeconds: change.maximumEventAgeSeconds }),
        ...(change.onFailureArn === undefined
          ? {}
          : { DestinationConfig: { OnFailure: { Destination: change.onFailureArn } } }),
      };
      const updated = await session.call('lambda', 'lambda:UpdateFunctionEventInvokeConfig', (client) =>
        unlessAbsent(client.updateFunctionEventInvokeConfig(input), ABSENT),
      );
      if (updated) return;
      await session.call('lambda', 'lambda:PutFunctionEventInvokeConfig', (client) =>
        client.putFunctionEventInvokeConfig(input),
      );
    },

    /** Lets a service invoke the function for one source. Without SourceAccount: EventBridge sends none. */
    async addPermission(
      name: string,
      statementId: string,
      service: string,
      sourceArn: string,
    ): Promise<void> {
      await session.call('lambda', 'lambda:AddPermission', async (client) => {
        try {
          await client.addPermission({
            FunctionName: name,
            StatementId: statementId,
            Action: 'lambda:InvokeFunction',
            Principal: service,
            SourceArn: sourceArn,
          });
        } catch (error) {
          // The statement id is made from what it allows: the same id is the same permission.
          if (!isCode(error, 'ResourceConflictException')) throw error;
        }
      });
    },

    async removePermission(name: string, statementId: string): Promise<void> {
      await session.call('lambda', 'lambda:RemovePermission', (client) =>
        unlessAbsent(client.removePermission({ FunctionName: name, StatementId: statementId }), ABSENT),
      );
    },

    async setEventSourceMapping(uuid: string, enabled: boolean): Promise<void> {
      await session.call('lambda', 'lambda:UpdateEventSourceMapping', (client) =>
        client.updateEventSourceMapping({ UUID: uuid, Enabled: enabled }),
      );
    },
  };
}
