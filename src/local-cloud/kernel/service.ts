import type { LocalCloud } from './cloud.js';
import type { ResourceType } from './resource-type.js';

/** Who makes a call: a person or program with keys, a role's session, or an AWS service itself. */
export type Principal =
  | { kind: 'user'; arn: string }
  | { kind: 'role'; arn: string; roleArn: string }
  | { kind: 'service'; service: string };

/** What an operation knows of the call besides its input. */
export interface Call {
  readonly cloud: LocalCloud;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly account: string;
  readonly principal: Principal;
  readonly requestId: string;
  /** Lower-cased HTTP headers; empty when another service makes the call in process. */
  readonly headers: Record<string, string>;
}

/**
 * An error in AWS's own terms. `code` is the wire code; `headers` and `fields` are added to the response where a
 * service sends more than a code and a message.
 */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly fields: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** A response that is not the protocol's ordinary encoding of a structure (an invoke's payload, an object's bytes). */
export class RawResponse {
  constructor(
    readonly status: number,
    readonly headers: Record<string, string>,
    readonly body: Uint8Array | string,
  ) {}
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds operations of every input and output type
type AnyInput = any;

export interface Operation<Input = AnyInput, Output = unknown> {
  handle(input: Input, call: Call): Output | Promise<Output>;
  /** IAM action; `<prefix>:<Operation>` unless given. `null`: no permission is needed (sts:GetCallerIdentity). */
  action?: string | null;
  /** ARNs that the action is authorised on; `*` unless given. Must not throw: it runs before validation. */
  resource?(input: Input, call: Call): string | string[];
  /** The resource's own policy document, where the service has such policies: it can allow, and it can deny. */
  resourcePolicy?(input: Input, call: Call): string | undefined;
  /** Condition keys of this call beside the global ones, for example `iam:PassedToService`. Must not throw. */
  conditions?(input: Input, call: Call): Record<string, string | string[]>;
}

/** For `rest-json` and `rest-xml`: `GET /2015-03-31/functions/{FunctionName}`. `{Key+}` takes the rest of the path. */
export interface Route {
  method: string;
  path: string;
  operation: string;
  /** Query parameters (by presence, or by value) that tell operations on one path apart. */
  query?: Record<string, string | true>;
  /** The input member that receives the raw request body as bytes instead of parsed JSON. */
  payload?: string;
  /** HTTP status of success; 200 unless given. */
  status?: number;
}

interface ServiceBase {
  /** SigV4 credential-scope name: `events`, `sqs`, `monitoring`, … */
  name: string;
  /** IAM prefix where it differs from `name` (`monitoring` → `cloudwatch`, `apigateway` uses `apigateway`). */
  iamPrefix?: string;
  operations: Record<string, Operation>;
  /** CloudFormation resource types of this service, by type name. */
  resourceTypes?: Record<string, ResourceType>;
  /** Called once all services exist: take up timers and pending work again from what the store holds. */
  start?(): void;
  stop?(): void | Promise<void>;
}

export type AwsService = ServiceBase &
  (
    | { protocol: 'json'; jsonVersion: '1.0' | '1.1'; targetPrefix: string; queryCompatible?: boolean }
    | { protocol: 'query'; apiVersion: string; namespace: string }
    | { protocol: 'rest-json' | 'rest-xml'; routes: Route[] }
  );

/** Every service module exports one of these, named `<service>Service`. */
export type ServiceFactory = (cloud: LocalCloud) => AwsService;

/** Operations that only look. Everything else counts as a write for faults and journals. */
export function isRead(operation: string): boolean {
  return /^(Get|List|Describe|Test|Head|Filter|Simulate|Validate|Detect|Lookup|Estimate)/.test(operation);
}
