import type { LocalCloud } from '../../kernel/cloud.js';
import type { Table } from '../../kernel/store.js';

/** A partner event source in this account, keyed by its ARN (which has no account). Its state follows from its bus. */
export interface SourceRecord {
  arn: string;
  region: string;
  account: string;
  name: string;
  createdAt: number;
  /** It shows in the region only once this is set. */
  appeared: boolean;
  appearsAt: number;
  /** When it dies unless it is ACTIVE by then. */
  expiresAt: number;
  /** DeactivateEventSource was called. */
  deactivated: boolean;
  /** The partner deleted it while it had a bus. */
  deleted: boolean;
}

export interface BusRecord {
  arn: string;
  region: string;
  name: string;
  eventSourceName?: string;
  description?: string;
  kmsKeyIdentifier?: string;
  deadLetterConfig?: { Arn?: string };
  logConfig?: { IncludeDetail?: string; Level?: string };
  /** Policy document, JSON text. */
  policy?: string;
  tags: Record<string, string>;
  createdAt: number;
  modifiedAt: number;
}

export interface Target {
  Id: string;
  Arn: string;
  RoleArn?: string;
  Input?: string;
  InputPath?: string;
  InputTransformer?: { InputPathsMap?: Record<string, string>; InputTemplate: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
  DeadLetterConfig?: { Arn?: string };
  SqsParameters?: { MessageGroupId?: string };
}

export interface RuleRecord {
  arn: string;
  region: string;
  bus: string;
  name: string;
  pattern: string;
  state: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
  description?: string;
  roleArn?: string;
  managedBy?: string;
  tags: Record<string, string>;
  targets: Target[];
}

/** The envelope that rules match and targets receive. Member order is that of real captures. */
export interface EventEnvelope {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  'replay-name'?: string;
  resources: string[];
  detail: unknown;
}

/** One event on its way to one target: kept until it was delivered, dead-lettered or lost. */
export interface DeliveryRecord {
  id: string;
  region: string;
  bus: string;
  rule: string;
  ruleArn: string;
  target: Target;
  event: EventEnvelope;
  ingestedAt: number;
  /** Attempts made. */
  attempts: number;
  /** Milliseconds of back-off, in the cloud's time: with hastened time more than the clock shows. */
  waited: number;
  dueAt: number;
  /** Buses that the event was forwarded over. */
  hops: number;
}

export interface ArchiveRecord {
  arn: string;
  region: string;
  name: string;
  /** The bus's ARN. */
  sourceArn: string;
  bus: string;
  description?: string;
  pattern?: string;
  /** 0: for ever. */
  retentionDays: number;
  createdAt: number;
  kmsKeyIdentifier?: string;
}

export interface ArchivedEvent {
  archiveArn: string;
  at: number;
  size: number;
  event: EventEnvelope;
}

export interface ReplayRecord {
  arn: string;
  region: string;
  name: string;
  archiveArn: string;
  busArn: string;
  bus: string;
  filterArns: string[];
  description?: string;
  from: number;
  to: number;
  state: 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  stateReason?: string;
  startedAt: number;
  endedAt?: number;
  /** Start of the next one-minute bucket to replay. */
  cursor: number;
  lastReplayedAt?: number;
}

/** What `PUT /_cachao/events/unkindness` sets. */
export interface Unkindness {
  /** 0 to 1: how often an event is delivered twice. */
  duplicateRate: number;
  /** Deliver in any order. */
  reorder: boolean;
}

export interface EventsTables {
  sources: Table<SourceRecord>;
  buses: Table<BusRecord>;
  rules: Table<RuleRecord>;
  deliveries: Table<DeliveryRecord>;
  archives: Table<ArchiveRecord>;
  archived: Table<ArchivedEvent>;
  replays: Table<ReplayRecord>;
  unkindness: Table<Unkindness>;
}

export function eventsTables(cloud: LocalCloud): EventsTables {
  return {
    sources: cloud.store.table('events.sources'),
    buses: cloud.store.table('events.buses'),
    rules: cloud.store.table('events.rules'),
    deliveries: cloud.store.table('events.deliveries'),
    archives: cloud.store.table('events.archives'),
    archived: cloud.store.table('events.archivedEvents', { onDisk: true }),
    replays: cloud.store.table('events.replays'),
    unkindness: cloud.store.table('events.unkindness'),
  };
}
