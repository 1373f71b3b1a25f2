import type { Principal } from './service.js';

/**
 * What services ask of each other inside the cloud, apart from their public operations.
 * A service provides its port with `cloud.provide('sqs', {...})` and uses another's with `cloud.port('sqs')`.
 */
export interface Ports {
  iam: IamPort;
  metrics: MetricsPort;
  logs: LogsPort;
  sqs: SqsPort;
  sns: SnsPort;
  lambda: LambdaPort;
  partnerEvents: PartnerEventsPort;
  httpFront: HttpFrontPort;
}

export interface AuthorizationRequest {
  principal: Principal;
  action: string;
  resource: string;
  /** Condition keys, for example `aws:SourceArn`. */
  context?: Record<string, string | string[]>;
  /** The resource's own policy document (JSON text), when it has one. */
  resourcePolicy?: string;
}

export interface IamPort {
  /**
   * AWS's evaluation: an explicit deny wins; within the account an allow from either side is enough; a service
   * principal needs the resource policy. An operator user without attached policies is an administrator, unless
   * enforcement is switched on for it.
   */
  allows(request: AuthorizationRequest): boolean;
  /** The same, telling a deny that a policy states from the absence of an allow. */
  decide?(request: AuthorizationRequest): 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Whether a role can be assumed by a service (`lambda.amazonaws.com`): its trust policy is read. */
  assumableBy(roleArn: string, service: string): boolean;
  /** Temporary keys for a role; calls signed with them act as the role. */
  session(
    roleArn: string,
    sessionName: string,
  ): { accessKeyId: string; secretAccessKey: string; sessionToken: string };
  /**
   * sts:AssumeRole: the trust policy must name the caller, who must also be allowed where it names only the account.
   * Gives keys that expire; undefined when the caller may not.
   */
  assumeRole?(request: {
    principal: Principal;
    roleArn: string;
    sessionName: string;
    durationSeconds: number;
    context?: Record<string, string>;
  }): AssumedRole | undefined;
  /** Unique id of who calls: `AIDA…`, or `AROA…:session`. */
  userId?(principal: Principal): string;
  /** The principal that an access key stands for; undefined when the key is unknown, 'expired' when it was. */
  principalOf(accessKeyId: string): Principal | 'expired' | undefined;
}

export interface AssumedRole {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Milliseconds since the epoch. */
  expires: number;
  arn: string;
  /** `AROA…:session`. */
  id: string;
}

export interface MetricsPort {
  /** Records one datum now (or at `time`, ms). Dimensions are matched exactly by alarms and GetMetricData. */
  put(
    region: string,
    namespace: string,
    name: string,
    value: number,
    dimensions: Record<string, string>,
    unit?: string,
    time?: number,
  ): void;
}

export interface LogsPort {
  hasStream(region: string, group: string, stream: string): boolean;
  /** Appends lines, to a new stream where there is none; lines for a group that does not exist are lost. */
  write(
    region: string,
    group: string,
    stream: string,
    messages: { timestamp: number; message: string }[],
  ): void;
}

export interface SqsAttribute {
  DataType: 'String' | 'Number' | 'Binary' | 'String.Array';
  StringValue?: string;
  BinaryValue?: string;
}

export interface SqsPort {
  /**
   * Sends as `principal`. Throws `AwsError` `AWS.SimpleQueueService.NonExistentQueue` or `AccessDenied` (a service
   * principal needs the queue's policy; a role needs its own).
   */
  send(request: {
    queueArn: string;
    body: string;
    attributes?: Record<string, SqsAttribute>;
    principal: Principal;
    sourceArn?: string;
  }): void;
  /** For event source mappings. */
  receive(queueArn: string, maximum: number, visibilitySeconds: number): ReceivedMessage[];
  delete(queueArn: string, receiptHandle: string): void;
  /** Runs when a message becomes available on the queue; returns the unsubscribe. */
  onArrival(queueArn: string, wake: () => void): () => void;
  /** Puts the region's queue metrics (depth, age, counts) as they are now, ahead of the once-a-minute emission. */
  sample?(region: string): void;
}

export interface ReceivedMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  attributes: Record<string, string>;
  messageAttributes: Record<string, SqsAttribute>;
}

export interface SnsPort {
  publish(request: {
    topicArn: string;
    subject: string;
    message: string;
    attributes?: Record<string, SqsAttribute>;
    principal: Principal;
    sourceArn?: string;
  }): void;
}

export interface InvokeResult {
  statusCode: number;
  functionError?: 'Handled' | 'Unhandled';
  payload: string;
  requestId: string;
  /** Last 4 KB of the log, base64. */
  logTail: string;
}

export interface LambdaPort {
  /**
   * Synchronous invoke by another service. Throws `AwsError`: ResourceNotFoundException, TooManyRequestsException,
   * AccessDeniedException (resource policy: `sourceArn` is compared with ArnLike).
   */
  invoke(request: {
    functionArn: string;
    payload: string;
    principal: Principal;
    sourceArn?: string;
  }): Promise<InvokeResult>;
  /** Queues an asynchronous invocation (202), durably; throws as `invoke` does where the front refuses. */
  invokeAsync(request: {
    functionArn: string;
    payload: string;
    principal: Principal;
    sourceArn?: string;
  }): void;
}

export interface PartnerEventsPort {
  /** Makes a PENDING source appear in the region after its delay. Returns its ARN at once. */
  createSource(region: string, account: string, name: string): string;
  /** The partner deletes the source: an ACTIVE one reads DELETED, a PENDING one is gone. */
  deleteSource(arn: string): void;
  /** 'gone' once it expired or was never there. */
  sourceStatus(arn: string): 'pending' | 'active' | 'deleted' | 'gone';
  /** Accepted even while PENDING; then dropped, as AWS does. */
  putEvent(arn: string, event: { detailType: string; detail: unknown; time: number }): void;
  /** Runs when a source expires or its bus appears or goes. */
  onChange(listener: (arn: string) => void): void;
}

export interface HttpFrontPort {
  /** Serves a request for a deployed REST API stage, as `execute-api` would. */
  handle(request: {
    apiId: string;
    region: string;
    method: string;
    /** Includes the stage: `/prod/webhooks/stripe`. */
    path: string;
    query: string;
    headers: Record<string, string>;
    body: Buffer;
    sourceIp: string;
  }): Promise<{ status: number; headers: Record<string, string>; body: Buffer }>;
}
