import { apiGatewayWrites } from '../aws/api-gateway.js';
import { cloudformationWrites } from '../aws/cloudformation-writes.js';
import { cloudwatchWrites } from '../aws/cloudwatch.js';
import { eventbridgeWrites } from '../aws/eventbridge-writes.js';
import { lambdaWrites } from '../aws/lambda-writes.js';
import { logsWrites } from '../aws/logs.js';
import { s3Writes } from '../aws/s3-writes.js';
import type { AwsSession } from '../aws/session.js';
import { snsWrites } from '../aws/sns.js';
import { sqsWrites } from '../aws/sqs-writes.js';
import { ssmWrites } from '../aws/ssm.js';
import type { Change } from '../core/check.js';
import { type StackServices, stackServices } from '../stack/services.js';
import { checkoutSessionWrites } from '../stripe/checkout-sessions.js';
import { eventDestinationWrites } from '../stripe/event-destinations.js';
import type { StripeSession } from '../stripe/session.js';
import { webhookEndpointWrites } from '../stripe/webhook-endpoints.js';
import type { ForgettableService, World } from './world.js';

/** What a change needs agreement to, beyond the plan. Answers false where the user declines. */
export interface Consent {
  /**
   * The change set, as CloudFormation itself describes it. `besides`: what else it undoes, which needs the same
   * consent as deleting.
   */
  changeSet(changes: readonly Change[], destructive: boolean, besides?: string): Promise<boolean>;
  /** Deleting a stack that failed to be created, or skipping what blocks a rollback. */
  recoverStack(what: string): Promise<boolean>;
}

/** Where things are changed: the write side, beside the world that it changes. Each write forgets what it touched. */
export class Bench {
  readonly apiGateway;
  readonly cloudformation;
  readonly cloudwatch;
  readonly eventbridge;
  readonly lambda;
  readonly logs;
  readonly s3;
  readonly sns;
  readonly sqs;
  readonly ssm;
  readonly stack: StackServices;
  private stripeSide: StripeWrites | undefined;

  constructor(
    readonly world: World,
    readonly aws: AwsSession,
    /** Throws when there is no usable key. */
    private readonly stripeSession: () => StripeSession,
    readonly consent: Consent,
    readonly signal: AbortSignal,
  ) {
    const touching = <T extends object>(writes: T, ...services: ForgettableService[]) =>
      forgetting(writes, world, services);
    this.apiGateway = touching(apiGatewayWrites(aws), 'apiGateway');
    this.cloudformation = touching(cloudformationWrites(aws), 'cloudformation');
    this.cloudwatch = touching(cloudwatchWrites(aws), 'cloudwatch');
    this.eventbridge = touching(eventbridgeWrites(aws), 'eventbridge');
    this.lambda = touching(lambdaWrites(aws), 'lambda');
    this.logs = touching(logsWrites(aws), 'logs');
    this.s3 = touching(s3Writes(aws), 's3');
    this.sns = touching(snsWrites(aws), 'sns');
    this.sqs = touching(sqsWrites(aws), 'sqs');
    this.ssm = touching(ssmWrites(aws), 'ssm');
    this.stack = stackServices(aws);
  }

  get stripe(): StripeWrites {
    this.stripeSide ??= stripeWrites(this.stripeSession(), this.world);
    return this.stripeSide;
  }
}

type StripeWrites = ReturnType<typeof stripeWrites>;

function stripeWrites(session: StripeSession, world: World) {
  return {
    // A destination makes a source appear on AWS, and its end makes one go.
    destinations: forgetting(eventDestinationWrites(session), world, ['stripe', 'eventbridge']),
    webhookEndpoints: forgetting(webhookEndpointWrites(session), world, ['stripe']),
    checkoutSessions: forgetting(checkoutSessionWrites(session), world, ['stripe']),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: any async method, whatever its arguments
type Writes = Record<string, (...args: any[]) => Promise<unknown>>;

/** A write that fails may have had its effect all the same, so what it touches is forgotten either way. */
function forgetting<T extends object>(writes: T, world: World, services: ForgettableService[]): T {
  return new Proxy(writes, {
    get(target, name) {
      const method = (target as Writes)[name as string];
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        try {
          return await method.apply(target, args);
        } finally {
          world.forget(...services);
        }
      };
    },
  });
}
