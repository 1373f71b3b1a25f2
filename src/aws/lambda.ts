import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { unlessAbsent } from './errors.js';
import { allPages, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import type { Tags } from './tags.js';

const ABSENT = 'ResourceNotFoundException';

export interface LambdaFunction {
  name: string;
  arn: string;
  /** `Active`, `Pending`, `Inactive`, `Failed`. */
  state: string;
  stateReason: string | null;
  lastUpdateStatus: string;
  lastUpdateReason: string | null;
  runtime: string | null;
  handler: string | null;
  roleArn: string;
  /** SHA-256 of the zip, base64. */
  codeSha256: string;
  codeSizeBytes: number;
  memoryMb: number;
  timeoutSeconds: number;
  /** ISO 8601. */
  modifiedAt: string | null;
  environment: Record<string, string>;
  /** Set when AWS could not decrypt the environment. */
  environmentError: string | null;
  tracing: string;
  deadLetterArn: string | null;
  logGroup: string;
  logFormat: string;
  vpcSubnetIds: string[];
}

/** A function with what only `GetFunction` tells. */
export interface LambdaFunctionDetail extends LambdaFunction {
  tags: Tags;
  /** Null: none reserved. */
  reservedConcurrency: number | null;
}

export interface EventInvokeConfig {
  /** Null: Lambda's default, 2. */
  maximumRetryAttempts: number | null;
  /** Null: Lambda's default, 21600. */
  maximumEventAgeSeconds: number | null;
  onFailureArn: string | null;
  onSuccessArn: string | null;
}

export interface EventSourceMapping {
  uuid: string;
  state: string;
  eventSourceArn: string;
  functionArn: string;
}

export interface AccountConcurrency {
  limit: number;
  unreserved: number;
}

export function lambdaReads(session: AwsSession) {
  return {
    /** By name or ARN. */
    function(name: string): Promise<LambdaFunctionDetail | undefined> {
      return session.call('lambda', 'lambda:GetFunction', async (client) => {
        const answer = await unlessAbsent(client.getFunction({ FunctionName: name }), ABSENT);
        if (!answer?.Configuration) return undefined;
        return {
          ...readFunction(answer.Configuration),
          tags: answer.Tags ?? {},
          reservedConcurrency: answer.Concurrency?.ReservedConcurrentExecutions ?? null,
        };
      });
    },

    listFunctions(): Promise<LambdaFunction[]> {
      return session.call('lambda', 'lambda:ListFunctions', (client) =>
        allPages(async (token) => {
          const page = await client.listFunctions(tokenAs('Marker', token));
          return { items: page.Functions?.map(readFunction), next: page.NextMarker };
        }),
      );
    },

    /** The function's resource policy as JSON text; undefined when nothing was allowed. */
    policy(name: string): Promise<string | undefined> {
      return session.call('lambda', 'lambda:GetPolicy', async (client) => {
        const answer = await unlessAbsent(client.getPolicy({ FunctionName: name }), ABSENT);
        return answer?.Policy;
      });
    },

    /** Each version and alias has its own; without a qualifier it is that of the unpublished version. */
    eventInvokeConfig(name: string, qualifier?: string): Promise<EventInvokeConfig | undefined> {
      return session.call('lambda', 'lambda:GetFunctionEventInvokeConfig', async (client) => {
        const answer = await unlessAbsent(
          client.getFunctionEventInvokeConfig({
            FunctionName: name,
            ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
          }),
          ABSENT,
        );
        return (
          answer && {
            maximumRetryAttempts: answer.MaximumRetryAttempts ?? null,
            maximumEventAgeSeconds: answer.MaximumEventAgeInSeconds ?? null,
            onFailureArn: answer.DestinationConfig?.OnFailure?.Destination ?? null,
            onSuccessArn: answer.DestinationConfig?.OnSuccess?.Destination ?? null,
          }
        );
      });
    },

    accountConcurrency(): Promise<AccountConcurrency> {
      return session.call('lambda', 'lambda:GetAccountSettings', async (client) => {
        const { AccountLimit } = await client.getAccountSettings({});
        return {
          limit: AccountLimit?.ConcurrentExecutions ?? 0,
          unreserved: AccountLimit?.UnreservedConcurrentExecutions ?? 0,
        };
      });
    },

    eventSourceMappings(eventSourceArn: string): Promise<EventSourceMapping[]> {
      return session.call('lambda', 'lambda:ListEventSourceMappings', (client) =>
        allPages(async (token) => {
          const page = await client.listEventSourceMappings({
            EventSourceArn: eventSourceArn,
            ...tokenAs('Marker', token),
          });
          return {
            items: page.EventSourceMappings?.map((mapping) => ({
              uuid: mapping.UUID ?? '',
              state: mapping.State ?? '',
              eventSourceArn: mapping.EventSourceArn ?? '',
              functionArn: mapping.FunctionArn ?? '',
            })),
            next: page.NextMarker,
          };
        }),
      );
    },
  };
}

function readFunction(found: FunctionConfiguration): LambdaFunction {
  return {
    name: found.FunctionName ?? '',
    arn: found.FunctionArn ?? '',
    // Lists leave the state out.
    state: found.State ?? 'Unknown',
    stateReason: found.StateReason ?? null,
    lastUpdateStatus: found.LastUpdateStatus ?? 'Unknown',
    lastUpdateReason: found.LastUpdateStatusReason ?? null,
    runtime: found.Runtime ?? null,
    handler: found.Handler ?? null,
    roleArn: found.Role ?? '',
    codeSha256: found.CodeSha256 ?? '',
    codeSizeBytes: found.CodeSize ?? 0,
    memoryMb: found.MemorySize ?? 128,
    timeoutSeconds: found.Timeout ?? 3,
    modifiedAt: found.LastModified ? new Date(found.LastModified).toISOString() : null,
    environment: found.Environment?.Variables ?? {},
    environmentError: found.Environment?.Error?.Message ?? null,
    tracing: found.TracingConfig?.Mode ?? 'PassThrough',
    deadLetterArn: found.DeadLetterConfig?.TargetArn || null,
    logGroup: found.LoggingConfig?.LogGroup ?? `/aws/lambda/${found.FunctionName ?? ''}`,
    logFormat: found.LoggingConfig?.LogFormat ?? 'Text',
    vpcSubnetIds: found.VpcConfig?.SubnetIds ?? [],
  };
}
