import type { LocalCloud } from '../../../kernel/cloud.js';
import { AwsError, type Principal } from '../../../kernel/service.js';
import { underFaults } from '../../../kernel/under-faults.js';
import type { Buses } from '../buses.js';
import type { IngestOptions } from '../ingest.js';
import { looseBusName } from '../names.js';
import type { BusRecord, DeliveryRecord, EventEnvelope } from '../records.js';
import { DeliveryError } from './failure.js';
import { targetInput } from './input.js';
import { sendToLogGroup } from './log-group.js';

const EVENTS: Principal = { kind: 'service', service: 'events.amazonaws.com' };

/** How each kind of target takes an event. Throws `AwsError` or `DeliveryError` where it is not taken. */
export class Senders {
  /** Set by the service: events that a bus target takes in. */
  ontoBus: (bus: BusRecord, event: EventEnvelope, options: IngestOptions) => void = () => {};

  constructor(
    private readonly cloud: LocalCloud,
    private readonly buses: Buses,
  ) {}

  async send(delivery: DeliveryRecord): Promise<void> {
    await this.underInjectedFaults(delivery, () => this.dispatch(delivery));
  }

  private async dispatch(delivery: DeliveryRecord): Promise<void> {
    const arn = delivery.target.Arn;
    const service = arn.split(':')[2];
    if (service === 'events') return this.toBus(delivery);
    const from = { principal: EVENTS, sourceArn: delivery.ruleArn };
    const payload = targetInput(delivery);
    if (service === 'lambda') this.cloud.port('lambda').invokeAsync({ functionArn: arn, payload, ...from });
    else if (service === 'sqs') this.cloud.port('sqs').send({ queueArn: arn, body: payload, ...from });
    else if (service === 'sns')
      this.cloud.port('sns').publish({ topicArn: arn, subject: '', message: payload, ...from });
    else if (service === 'logs') await sendToLogGroup(this.cloud, delivery, payload);
    else throw new DeliveryError('SDK_CLIENT_ERROR', `The local cloud has no deliveries to ${arn}.`);
  }

  private toBus(delivery: DeliveryRecord): void {
    const { target, event } = delivery;
    const bus = this.buses.find(target.Arn.split(':')[3] ?? delivery.region, looseBusName(target.Arn));
    if (!bus) throw new DeliveryError('NO_RESOURCE', `Event bus ${target.Arn} does not exist.`);
    // An event that was forwarded once goes no further, whatever the rules say.
    if (delivery.hops >= 1)
      throw new DeliveryError(
        'THIRD_ACCOUNT_HOP_DETECTED',
        'The event was already forwarded between event buses once.',
      );
    this.authorizeBus(delivery, bus);
    this.ontoBus(bus, event, { hops: delivery.hops + 1 });
  }

  private authorizeBus({ target, ruleArn }: DeliveryRecord, bus: BusRecord): void {
    const iam = this.cloud.port('iam');
    const request = {
      action: 'events:PutEvents',
      resource: bus.arn,
      ...(bus.policy === undefined ? {} : { resourcePolicy: bus.policy }),
    };
    if (target.RoleArn === undefined) {
      if (iam.allows({ ...request, principal: EVENTS, context: { 'aws:SourceArn': ruleArn } })) return;
      throw new DeliveryError(
        'NO_PERMISSIONS',
        `events.amazonaws.com may not put events on ${bus.arn}: the target has no role and the bus no policy for it.`,
      );
    }
    if (!iam.assumableBy(target.RoleArn, 'events.amazonaws.com'))
      throw new DeliveryError(
        'FAILED_TO_ASSUME_ROLE',
        `events.amazonaws.com cannot assume ${target.RoleArn}.`,
      );
    const role: Principal = { kind: 'role', arn: target.RoleArn, roleArn: target.RoleArn };
    if (!iam.allows({ ...request, principal: role }))
      throw new DeliveryError(
        'NO_PERMISSIONS',
        `${target.RoleArn} is not authorized to perform: events:PutEvents on resource: ${bus.arn}`,
      );
  }

  /** `PUT /_cachao/faults` with service `events`, operation `InvokeTarget` makes targets answer badly. */
  private async underInjectedFaults(delivery: DeliveryRecord, effect: () => Promise<void>): Promise<void> {
    // Wildcards are meant for calls that clients make; a delivery must not use them up.
    const named = this.cloud.faults
      .list()
      .some((fault) => fault.service === 'events' && fault.operation === 'InvokeTarget');
    if (!named) return effect();
    const drawn = this.cloud.faults.draw('events', 'InvokeTarget', {
      rule: delivery.rule,
      target: delivery.target.Arn,
    });
    await underFaults(
      drawn,
      {
        throttle: () => new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429),
        error: (fault) =>
          new AwsError(
            fault.code ?? 'ServiceException',
            'The local cloud was told to fail here.',
            fault.status ?? 500,
          ),
        deny: () => new AwsError('AccessDeniedException', 'An explicit fault denies the invocation.', 403),
      },
      effect,
    );
  }
}
