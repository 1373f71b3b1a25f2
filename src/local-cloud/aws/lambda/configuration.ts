import { invalidMember, invalidParameter, unsupported } from './errors.js';
import type { FunctionRecord, LoggingConfig, VpcConfig } from './function-record.js';

/** The members that CreateFunction and UpdateFunctionConfiguration share. */
export interface ConfigurationInput {
  FunctionName: string;
  Role?: string;
  Runtime?: string;
  Handler?: string;
  Description?: string;
  Timeout?: number;
  MemorySize?: number;
  VpcConfig?: Partial<VpcConfig>;
  DeadLetterConfig?: { TargetArn?: string };
  Environment?: { Variables?: Record<string, string> };
  KMSKeyArn?: string;
  TracingConfig?: { Mode?: string };
  Layers?: string[];
  FileSystemConfigs?: unknown[];
  ImageConfig?: unknown;
  EphemeralStorage?: { Size: number };
  SnapStart?: { ApplyOn?: string };
  LoggingConfig?: Partial<LoggingConfig>;
  RevisionId?: string;
}

/** What Lambda sets itself; a function may not override it (developer guide, "Defined runtime environment variables"). */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);
const MAXIMUM_VARIABLES_BYTES = 4096;

/** Checks everything but role, runtime and dead-letter target, which need the cloud. Throws what AWS throws. */
export function checkConfiguration(input: ConfigurationInput, operation: string): void {
  checkRange('timeout', input.Timeout, 1, 900);
  checkRange('memorySize', input.MemorySize, 128, 10_240);
  checkRange('ephemeralStorage.size', input.EphemeralStorage?.Size, 512, 10_240);
  if (input.Handler !== undefined && (/\s/.test(input.Handler) || input.Handler.length > 128))
    throw invalidMember('handler', input.Handler, 'Member must satisfy regular expression pattern: [^\\s]+');
  if (input.TracingConfig?.Mode !== undefined)
    checkOneOf('tracingConfig.mode', input.TracingConfig.Mode, ['Active', 'PassThrough']);
  checkLogging(input.LoggingConfig);
  checkVariables(input.Environment?.Variables);
  for (const member of ['Layers', 'FileSystemConfigs'] as const)
    if ((input[member]?.length ?? 0) > 0) throw unsupported(operation, member);
  if (input.ImageConfig !== undefined) throw unsupported(operation, 'ImageConfig');
  if ((input.SnapStart?.ApplyOn ?? 'None') !== 'None') throw unsupported(operation, 'SnapStart');
}

function checkRange(member: string, value: unknown, minimum: number, maximum: number): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum)
    throw invalidMember(member, value, `Member must have value greater than or equal to ${minimum}`);
  if (value > maximum)
    throw invalidMember(member, value, `Member must have value less than or equal to ${maximum}`);
}

function checkOneOf(member: string, value: unknown, allowed: string[]): void {
  if (!allowed.includes(String(value)))
    throw invalidMember(member, value, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

function checkLogging(logging: Partial<LoggingConfig> | undefined): void {
  if (!logging) return;
  const { LogFormat, LogGroup, ApplicationLogLevel, SystemLogLevel } = logging;
  if (LogFormat !== undefined) checkOneOf('loggingConfig.logFormat', LogFormat, ['Text', 'JSON']);
  if (LogGroup !== undefined && !/^[a-zA-Z0-9_\-/.#]{1,512}$/.test(LogGroup))
    throw invalidMember(
      'loggingConfig.logGroup',
      LogGroup,
      'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
    );
  if (ApplicationLogLevel !== undefined)
    checkOneOf('loggingConfig.applicationLogLevel', ApplicationLogLevel, [
      'TRACE',
      'DEBUG',
      'INFO',
      'WARN',
      'ERROR',
      'FATAL',
    ]);
  if (SystemLogLevel !== undefined)
    checkOneOf('loggingConfig.systemLogLevel', SystemLogLevel, ['DEBUG', 'INFO', 'WARN']);
  if (LogFormat === 'Text' && (ApplicationLogLevel !== undefined || SystemLogLevel !== undefined))
    throw invalidParameter('To use log level filtering, set the log format to JSON.');
}

function checkVariables(variables: Record<string, string> | undefined): void {
  if (!variables) return;
  const names = Object.keys(variables);
  const reserved = names.filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  for (const name of names)
    if (!/^[a-zA-Z][a-zA-Z0-9_]+$/.test(name))
      throw invalidMember(
        'environment.variables',
        `{${name}}`,
        'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
      );
  if (Buffer.byteLength(JSON.stringify(variables)) > MAXIMUM_VARIABLES_BYTES)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.`,
    );
}

/** A function's logging settings from what was asked and what was before. */
export function loggingConfig(
  name: string,
  asked: Partial<LoggingConfig> | undefined,
  before?: LoggingConfig,
): LoggingConfig {
  const LogFormat = asked?.LogFormat ?? before?.LogFormat ?? 'Text';
  const LogGroup = asked?.LogGroup ?? before?.LogGroup ?? `/aws/lambda/${name}`;
  if (LogFormat === 'Text') return { LogFormat, LogGroup };
  return {
    LogFormat,
    LogGroup,
    ApplicationLogLevel: asked?.ApplicationLogLevel ?? before?.ApplicationLogLevel ?? 'INFO',
    SystemLogLevel: asked?.SystemLogLevel ?? before?.SystemLogLevel ?? 'INFO',
  };
}

/** `+0000` instead of `Z`: Lambda's own timestamp text. */
function lambdaTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}

/** The API's `FunctionConfiguration`. */
export function toConfiguration(
  record: FunctionRecord,
  variables: Record<string, string>,
): Record<string, unknown> {
  const pending = record.state === 'Pending';
  return {
    FunctionName: record.name,
    FunctionArn: record.arn,
    Runtime: record.runtime,
    Role: record.role,
    Handler: record.handler,
    CodeSize: record.code.size,
    Description: record.description,
    Timeout: record.timeout,
    MemorySize: record.memorySize,
    LastModified: lambdaTime(record.lastModified),
    CodeSha256: record.code.sha256,
    Version: '$LATEST',
    ...(record.vpcConfig && {
      VpcConfig: { ...record.vpcConfig, VpcId: 'vpc-0local', Ipv6AllowedForDualStack: false },
    }),
    ...(record.deadLetterTargetArn !== undefined && {
      DeadLetterConfig: { TargetArn: record.deadLetterTargetArn },
    }),
    ...(Object.keys(variables).length > 0 && { Environment: { Variables: variables } }),
    ...(record.kmsKeyArn !== undefined && { KMSKeyArn: record.kmsKeyArn }),
    TracingConfig: { Mode: record.tracingMode },
    RevisionId: record.revisionId,
    State: record.state,
    ...(pending && { StateReason: 'The function is being created.', StateReasonCode: 'Creating' }),
    ...(!pending && { LastUpdateStatus: record.lastUpdateStatus }),
    ...(record.lastUpdateStatus === 'InProgress' && {
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    }),
    PackageType: 'Zip',
    Architectures: record.architectures,
    EphemeralStorage: { Size: record.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: record.logging,
  };
}
