/** A function as the store keeps it, under its ARN. */
export interface FunctionRecord {
  arn: string;
  name: string;
  region: string;
  role: string;
  runtime: string;
  handler: string;
  description: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memorySize: number;
  ephemeralStorage: number;
  architectures: string[];
  /** `Variables` as sealed JSON: programs put secrets there. */
  environment?: string;
  deadLetterTargetArn?: string;
  tracingMode: 'Active' | 'PassThrough';
  vpcConfig?: VpcConfig;
  kmsKeyArn?: string;
  logging: LoggingConfig;
  code: CodeRecord;
  tags: Record<string, string>;
  reservedConcurrency?: number;
  /** Changes with every change of code or configuration: execution environments belong to one. */
  deploymentId: string;
  revisionId: string;
  /** Milliseconds. */
  lastModified: number;
  state: 'Pending' | 'Active';
  lastUpdateStatus: 'Successful' | 'InProgress';
}

export interface CodeRecord {
  /** Of the zip in the store: SHA-256 in hex. */
  blob: string;
  /** The same in base64, as the API shows it. */
  sha256: string;
  size: number;
}

export interface LoggingConfig {
  LogFormat: 'Text' | 'JSON';
  LogGroup: string;
  ApplicationLogLevel?: string;
  SystemLogLevel?: string;
}

export interface VpcConfig {
  SubnetIds: string[];
  SecurityGroupIds: string[];
}

/** Under `<function ARN>`. `$LATEST` is the only qualifier. */
export interface EventInvokeConfigRecord {
  maximumRetryAttempts?: number;
  /** Seconds. */
  maximumEventAge?: number;
  onSuccess?: string;
  onFailure?: string;
  /** Milliseconds. */
  lastModified: number;
}

/** A function's resource policy, under its ARN. */
export interface PolicyRecord {
  statements: PolicyStatement[];
  revisionId: string;
}

export interface PolicyStatement {
  Sid: string;
  Effect: 'Allow';
  Principal: '*' | { Service: string } | { AWS: string };
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

/** Region-wide settings, under the region's name; an admin may set them. */
export interface AccountRecord {
  /** The account's quota of concurrent executions: 1000, or 10 for a new account. */
  concurrentExecutions: number;
}
