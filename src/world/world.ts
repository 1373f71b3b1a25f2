import { apiGatewayReads, apiOfUrl, webhookUrl } from '../aws/api-gateway.js';
import { cloudformationReads } from '../aws/cloudformation.js';
import { driftReads } from '../aws/cloudformation-drift.js';
import { cloudwatchReads } from '../aws/cloudwatch.js';
import { consoleLinks } from '../aws/console-links.js';
import { eventbridgeReads } from '../aws/eventbridge.js';
import { iamReads } from '../aws/iam.js';
import { lambdaReads } from '../aws/lambda.js';
import { type Invocation, lambdaInvocations } from '../aws/lambda-writes.js';
import { logsReads } from '../aws/logs.js';
import { s3Reads } from '../aws/s3.js';
import type { AwsSession } from '../aws/session.js';
import { snsReads } from '../aws/sns.js';
import { sqsReads } from '../aws/sqs.js';
import { ssmReads } from '../aws/ssm.js';
import { stsReads } from '../aws/sts.js';
import type { Settings } from '../config/settings.js';
import { type Memoised, memoise } from '../core/memo.js';
import type { Secret } from '../core/secret.js';
import { readOutputs, type StackOutputs } from '../stack/outputs.js';
import type { StripeSession } from '../stripe/session.js';
import { type StripeReads, stripeReads } from './stripe-reads.js';

/** What the user decided for this run, beyond the settings. */
export interface Choices {
  /** A destination that a person made and that this stage takes over. */
  adoptDestination: string | null;
  createShopTables: boolean;
  /** How long to wait for a new partner event source; null: as long as is usual. */
  sourcePatienceMs: number | null;
  /** How far back checks of what happened lately look. */
  windowMs: number;
  /** Whether this run may repair what it finds, and so needs the permissions for it. */
  repairs: boolean;
  /** Whether a probe may be the first run ever of a function that is not ours, which makes its log group. */
  wakes: boolean;
}

/** What holds where nobody decided otherwise. */
export const DEFAULT_CHOICES: Choices = {
  adoptDestination: null,
  createShopTables: false,
  sourcePatienceMs: null,
  windowMs: 24 * 3_600_000,
  repairs: false,
  wakes: true,
};

export interface WorldInputs {
  settings: Settings;
  choices: Choices;
  aws: AwsSession;
  /** Throws when there is no usable key: then every check that asks Stripe could not look. */
  stripe: () => StripeSession;
  databasePassword: Secret | undefined;
  /** Where the build put the functions' zips, and the template. */
  handlersDirectory: string;
  templateFile: string;
}

/** The read side: one typed, lazily memoised view of Stripe, AWS and the settings. Checks ask it, never a client. */
export class World {
  readonly settings: Settings;
  readonly choices: Choices;
  readonly databasePassword: Secret | undefined;
  readonly handlersDirectory: string;
  readonly templateFile: string;
  readonly sts;
  readonly eventbridge;
  readonly ssm;
  readonly lambda;
  readonly cloudformation;
  readonly drift;
  readonly cloudwatch;
  readonly iam;
  readonly sns;
  readonly sqs;
  readonly s3;
  readonly logs;
  readonly apiGateway;
  readonly links;
  private readonly invocations;
  /** Destinations made by this process: Stripe's list may not show them yet, but they can be retrieved. */
  readonly madeDestinations = new Set<string>();
  private readonly kept = new Map<string, Promise<unknown>>();
  private stripeSide: StripeReads | undefined;

  constructor(private readonly inputs: WorldInputs) {
    this.settings = inputs.settings;
    this.choices = inputs.choices;
    this.databasePassword = inputs.databasePassword;
    this.handlersDirectory = inputs.handlersDirectory;
    this.templateFile = inputs.templateFile;
    this.sts = memoise(stsReads(inputs.aws));
    this.eventbridge = memoise(eventbridgeReads(inputs.aws));
    this.ssm = memoise(ssmReads(inputs.aws));
    this.lambda = memoise(lambdaReads(inputs.aws));
    this.cloudformation = memoise(cloudformationReads(inputs.aws));
    this.drift = memoise(driftReads(inputs.aws));
    this.cloudwatch = memoise(cloudwatchReads(inputs.aws));
    this.iam = memoise(iamReads(inputs.aws));
    this.sns = memoise(snsReads(inputs.aws));
    this.sqs = memoise(sqsReads(inputs.aws));
    this.s3 = memoise(s3Reads(inputs.aws));
    this.logs = memoise(logsReads(inputs.aws));
    this.apiGateway = memoise(apiGatewayReads(inputs.aws));
    this.invocations = lambdaInvocations(inputs.aws);
    this.links = consoleLinks(inputs.settings.region);
  }

  get stripe(): StripeReads {
    this.stripeSide ??= stripeReads(this.inputs.stripe());
    return this.stripeSide;
  }

  /** Invokes a function and waits for its answer. Never kept: the same question may have another answer. */
  invoke(functionName: string, payload: string): Promise<Invocation> {
    return this.invocations.invoke(functionName, payload);
  }

  /** Where a deployed REST API answers. */
  executeApiUrl(apiId: string, stage: string, path: string): string {
    return webhookUrl(
      { apiId, region: this.settings.region, stage, path },
      this.inputs.aws.endpointOf('EXECUTE_API'),
    );
  }

  /** The API that a URL names, at the AWS that is in use; undefined for any other URL. */
  apiOfUrl(url: string): ReturnType<typeof apiOfUrl> {
    return apiOfUrl(url, this.inputs.aws.endpointOf('EXECUTE_API'));
  }

  /** What the deployed stack says of itself; undefined until it was deployed. */
  async stackOutputs(): Promise<StackOutputs | undefined> {
    const stack = await this.cloudformation.stack(this.settings.stack.name);
    return stack && readOutputs(stack);
  }

  /** Calls that have no answer yet. */
  waitingFor(): string[] {
    const stripe = this.stripeSide ? this.inputs.stripe().pending.names : [];
    return [...this.inputs.aws.pending.names, ...stripe];
  }

  /** Keeps what is not one service's read (a probe, a request to the webhook) until something is forgotten. */
  once<T>(key: string, look: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key) as Promise<T> | undefined;
    if (known) return known;
    const looked = look();
    this.kept.set(key, looked);
    looked.catch(() => this.kept.delete(key));
    return looked;
  }

  /** Forgets what depends on the named services; everything when none is named. */
  forget(...services: ForgettableService[]): void {
    this.kept.clear();
    for (const service of services.length > 0 ? services : FORGETTABLE) {
      if (service === 'stripe') this.stripeSide?.forget();
      else (this[service] as Memoised<object>).forget();
    }
  }
}

const FORGETTABLE = [
  'eventbridge',
  'ssm',
  'lambda',
  'cloudformation',
  'drift',
  'cloudwatch',
  'iam',
  'sns',
  'sqs',
  's3',
  'logs',
  'apiGateway',
  'stripe',
] as const;
export type ForgettableService = (typeof FORGETTABLE)[number];
