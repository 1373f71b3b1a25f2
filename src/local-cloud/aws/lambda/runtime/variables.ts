import type { FunctionRecord } from '../function-record.js';

/** The environment variables of an execution environment: Lambda's own and the function's, nothing of this process. */
export function environmentVariables(made: {
  record: FunctionRecord;
  variables: Record<string, string>;
  keys: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  endpoint: string;
  taskRoot: string;
  logStream: string;
}): Record<string, string> {
  const { record, variables, keys, endpoint, taskRoot, logStream } = made;
  return {
    // Windows cannot start a process without it.
    ...(process.platform === 'win32' && { SystemRoot: process.env.SystemRoot ?? 'C:\\Windows' }),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    ...(endpoint !== '' && { AWS_ENDPOINT_URL: endpoint }),
    ...variables,
    _HANDLER: record.handler,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_EXECUTION_ENV: `AWS_Lambda_${record.runtime}`,
    AWS_REGION: record.region,
    AWS_DEFAULT_REGION: record.region,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: record.logging.LogGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: record.logging.LogFormat,
    ...(record.logging.ApplicationLogLevel !== undefined && {
      AWS_LAMBDA_LOG_LEVEL: record.logging.ApplicationLogLevel,
    }),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  };
}
