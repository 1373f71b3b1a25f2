import { randomBytes, randomUUID } from 'node:crypto';
import { ACCOUNT, type LocalCloud } from '../../kernel/cloud.js';
import { AwsError } from '../../kernel/service.js';
import type { Table } from '../../kernel/store.js';
import type { Mail, Subscription, Topic } from './records.js';

/** An unconfirmed subscription is deleted after about two days (CHECKS, alarm.actions). */
const CONFIRMATION_MS = 2 * 86_400_000;
/** The inbox keeps the newest. */
const INBOX_LIMIT = 200;

/** The state of SNS: topics, subscriptions, and the mails it would have sent. */
export class Topics {
  readonly topics: Table<Topic>;
  private readonly kept: Table<Subscription>;
  private readonly mails: Table<Mail>;

  constructor(readonly cloud: LocalCloud) {
    this.topics = cloud.store.table('sns.topics');
    this.kept = cloud.store.table('sns.subscriptions');
    this.mails = cloud.store.table('sns.mails');
  }

  topic(arn: string): Topic {
    const topic = this.topics.get(arn);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return topic;
  }

  /** Those that still stand: what nobody confirmed in time is gone. */
  subscriptions(): Subscription[] {
    const expired = (one: Subscription) =>
      one.pending && this.cloud.clock.now() - one.created > CONFIRMATION_MS;
    for (const one of this.kept.values()) if (expired(one)) this.kept.delete(one.arn);
    return this.kept.values();
  }

  subscription(arn: string): Subscription {
    const found = this.subscriptions().find((one) => one.arn === arn);
    if (!found) throw new AwsError('NotFound', 'Subscription does not exist', 404);
    return found;
  }

  keep(subscription: Subscription): Subscription {
    return this.kept.set(subscription.arn, subscription);
  }

  forget(subscription: Subscription): void {
    this.kept.delete(subscription.arn);
  }

  /** Subscribing twice to the same endpoint gives the same subscription. */
  subscribe(topicArn: string, protocol: string, endpoint: string): Subscription {
    const same = this.subscriptions().find(
      (one) => one.topicArn === topicArn && one.protocol === protocol && one.endpoint === endpoint,
    );
    if (same && !same.pending) return same;
    // A queue or function of the same account needs no confirmation.
    const pending = ['email', 'email-json', 'http', 'https'].includes(protocol);
    const subscription = this.keep(
      same ?? {
        arn: `${topicArn}:${randomUUID()}`,
        topicArn,
        protocol,
        endpoint,
        pending,
        token: randomBytes(32).toString('hex'),
        created: this.cloud.clock.now(),
        rawDelivery: false,
        filterPolicy: '',
      },
    );
    if (pending && protocol.startsWith('email')) this.askToConfirm(subscription);
    return subscription;
  }

  confirm(topicArn: string, token: string): Subscription {
    const found = this.subscriptions().find((one) => one.topicArn === topicArn && one.token === token);
    if (!found) throw new AwsError('InvalidParameter', 'Invalid parameter: Token', 400);
    this.cloud.tell('sns', `subscription of ${topicArn.split(':').at(-1)} confirmed`);
    return this.keep({ ...found, pending: false });
  }

  mail(mail: Omit<Mail, 'id' | 'time'>): void {
    const id = randomUUID();
    this.mails.set(id, { ...mail, id, time: this.cloud.clock.now() });
    for (const old of this.inbox().slice(INBOX_LIMIT)) this.mails.delete(old.id);
  }

  /** Newest first. */
  inbox(): Mail[] {
    return this.mails.values().sort((a, b) => b.time - a.time);
  }

  private askToConfirm(subscription: Subscription): void {
    this.mail({
      to: subscription.endpoint,
      subject: 'AWS Notification - Subscription Confirmation',
      body: `You have chosen to subscribe to the topic ${subscription.topicArn}. To confirm, open the link in this mail.`,
      topicArn: subscription.topicArn,
      token: subscription.token,
    });
    this.cloud.tell(
      'sns',
      `asked by mail to confirm a subscription of ${subscription.topicArn.split(':').at(-1)}`,
    );
  }
}

/** Like AWS: the owner may do everything, nobody else anything. */
export function defaultPolicy(topicArn: string): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
      },
    ],
  });
}
