import { Pending } from '../core/pending.js';
import { proxyAgent } from '../core/proxy-agent.js';
import { CLIENTS, type ClientOf, ENDPOINT_NAMES, type ServiceName } from './clients.js';
import { type AwsKeys, type CredentialSource, credentialsOf, type KeysProvider } from './credentials.js';
import { configuredEndpoint } from './endpoint.js';
import { explain } from './errors.js';
import { logCallsOf } from './log-calls.js';

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;
/** An invocation answers when the function does: its longest time-out, and a margin. */
const INVOCATION_MS = 180_000;
const ATTEMPTS = 5;

export interface AwsSessionOptions {
  region: string;
  /** A profile that was named; null: as the environment says. */
  profile: string | null;
  /** Another AWS than amazonaws.com, for every service; else AWS_ENDPOINT_URL(_<SERVICE>) decides. */
  endpoint?: string;
  /** Fixed keys, with an `endpoint`, or those of another session; else they are found as the AWS CLI finds them. */
  credentials?: AwsKeys | KeysProvider;
  /** Asks for the code of the profile's MFA device. */
  mfaCode?: (serial: string) => Promise<string>;
  environment?: NodeJS.ProcessEnv;
  /** Of each call, the first included; else AWS_MAX_ATTEMPTS or five. */
  attempts?: number;
  /** For the user agent. */
  version?: string;
}

/** AWS as one identity sees it in one region. Each SDK client is imported and made at its first call, then kept. */
export class AwsSession {
  readonly region: string;
  readonly profile: string | null;
  /** IAM actions of calls without an answer. */
  readonly pending = new Pending();
  private readonly clients: { [S in ServiceName]?: Promise<ClientOf<S>> } = {};
  private readonly environment: NodeJS.ProcessEnv;
  /** Keys for every client of this session, and of others as the same identity. */
  readonly keys: KeysProvider;

  constructor(private readonly options: AwsSessionOptions) {
    this.region = options.region;
    this.profile = options.profile;
    this.environment = options.environment ?? process.env;
    const source: CredentialSource = {
      region: options.region,
      profile: options.profile,
      environment: this.environment,
      requestHandler: this.handler(ANSWER_MS),
      ...(options.mfaCode ? { mfaCode: options.mfaCode } : {}),
    };
    const { credentials } = options;
    this.keys =
      typeof credentials === 'function'
        ? credentials
        : credentials
          ? async () => credentials
          : credentialsOf(source);
  }

  /**
   * Makes a call. `action` is its IAM action (`events:DescribeRule`), for messages.
   * @throws AccessDeniedError, CannotLookError, AwsRefusedError: what an SDK error means for the user.
   */
  async call<S extends ServiceName, T>(
    service: S,
    action: string,
    make: (client: ClientOf<S>) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.pending.during(action, async () => make(await this.client(service)));
    } catch (error) {
      throw explain(error, { action, region: this.region, profile: this.profile });
    }
  }

  /** Finds the keys now. Throws, as `call` does, what is wrong with them. */
  async signIn(): Promise<void> {
    try {
      await this.keys();
    } catch (error) {
      throw explain(error, { action: 'sts:AssumeRole', region: this.region, profile: this.profile });
    }
  }

  /** Where a service (`EXECUTE_API`) stands when it is not at amazonaws.com. */
  endpointOf(service: string): string | undefined {
    return this.options.endpoint ?? configuredEndpoint(service, this.environment);
  }

  private client<S extends ServiceName>(service: S): Promise<ClientOf<S>> {
    const known = this.clients[service] as Promise<ClientOf<S>> | undefined;
    if (known) return known;
    // On Node 20 every first client would warn about versions of 2027.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const created = CLIENTS[service](this.configuration(service)).then((client) =>
      logCallsOf(client, service),
    ) as Promise<ClientOf<S>>;
    this.clients[service] = created as (typeof this.clients)[S];
    return created;
  }

  private configuration(service: ServiceName): object {
    const { version, attempts } = this.options;
    // Said here too, because the SDK knows the environment of the process, but not the profile that was named.
    const endpoint = this.endpointOf(ENDPOINT_NAMES[service]);
    const environment = this.environment;
    return {
      region: this.region,
      credentials: this.keys,
      ...(endpoint ? { endpoint } : {}),
      ...(attempts === undefined && environment.AWS_MAX_ATTEMPTS
        ? {}
        : { maxAttempts: attempts ?? ATTEMPTS }),
      ...(environment.AWS_RETRY_MODE ? {} : { retryMode: 'standard' }),
      requestHandler: this.handler(service === 'lambda' ? INVOCATION_MS : ANSWER_MS),
      userAgentAppId: 'cachao',
      ...(version ? { customUserAgent: [['cachao', version]] } : {}),
      // The SDK would follow the host of a queue's URL, past any configured endpoint.
      ...(service === 'sqs' ? { useQueueUrlAsEndpoint: false } : {}),
      ...(service === 's3' && this.endpointOf('S3') ? { forcePathStyle: true } : {}),
    };
  }

  private handler(answerMs: number): object {
    const agent = proxyAgent(this.environment, { maxSockets: 50 });
    return {
      connectionTimeout: CONNECT_MS,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      ...(agent ? { httpsAgent: agent } : {}),
    };
  }
}
