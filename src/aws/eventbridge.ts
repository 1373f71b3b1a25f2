import type { ArchiveState, EventSourceState } from '@aws-sdk/client-eventbridge';
import { unlessAbsent } from './errors.js';
import { allPages, iso, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagsOf } from './tags.js';

const ABSENT = 'ResourceNotFoundException';

/** A partner's source of events, as the customer sees it. */
export interface EventSource {
  /** `aws.partner/stripe.com/ed_…`: also the name that its bus must bear. */
  name: string;
  arn: string;
  /** PENDING: no active bus bears its name. DELETED: the partner deleted it. */
  state: EventSourceState;
  createdBy: string | null;
  createdAt: string | null;
  /** When it dies unless a bus is made. */
  expiresAt: string | null;
}

export interface EventBus {
  name: string;
  arn: string;
  description: string | null;
  policy: string | null;
}

export interface Rule {
  name: string;
  arn: string;
  busName: string;
  state: string;
  description: string | null;
  /** JSON text. */
  eventPattern: string | null;
  scheduleExpression: string | null;
  /** The AWS service that owns it, for example for an archive. */
  managedBy: string | null;
}

export interface Target {
  id: string;
  arn: string;
  retryPolicy: { maximumRetryAttempts: number | null; maximumEventAgeSeconds: number | null } | null;
  deadLetterArn: string | null;
  roleArn: string | null;
  /** Whether the event is changed on its way. */
  transformed: boolean;
}

export interface Replay {
  /** `STARTING`, `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED`, `FAILED`. */
  state: string;
  reason: string | null;
  /** ISO 8601: how far into the window it has come. */
  lastReplayedAt: string | null;
}

export interface Archive {
  name: string;
  arn: string | null;
  sourceArn: string;
  state: ArchiveState | string;
  stateReason: string | null;
  /** 0: for ever. */
  retentionDays: number;
  eventPattern: string | null;
  eventCount: number;
  createdAt: string | null;
}

interface SdkSource {
  Name?: string | undefined;
  Arn?: string | undefined;
  State?: EventSourceState | undefined;
  CreatedBy?: string | undefined;
  CreationTime?: Date | undefined;
  ExpirationTime?: Date | undefined;
}

const readSource = (source: SdkSource): EventSource => ({
  name: source.Name ?? '',
  arn: source.Arn ?? '',
  state: source.State ?? 'PENDING',
  createdBy: source.CreatedBy ?? null,
  createdAt: iso(source.CreationTime),
  expiresAt: iso(source.ExpirationTime),
});

interface SdkRule {
  Name?: string | undefined;
  Arn?: string | undefined;
  EventBusName?: string | undefined;
  State?: string | undefined;
  Description?: string | undefined;
  EventPattern?: string | undefined;
  ScheduleExpression?: string | undefined;
  ManagedBy?: string | undefined;
}

const readRule = (rule: SdkRule): Rule => ({
  name: rule.Name ?? '',
  arn: rule.Arn ?? '',
  busName: rule.EventBusName ?? 'default',
  state: rule.State ?? 'UNKNOWN',
  description: rule.Description ?? null,
  eventPattern: rule.EventPattern ?? null,
  scheduleExpression: rule.ScheduleExpression ?? null,
  managedBy: rule.ManagedBy ?? null,
});

export function eventbridgeReads(session: AwsSession) {
  return {
    /** The partner sources of this account and region. */
    listEventSources(namePrefix: string): Promise<EventSource[]> {
      return session.call('events', 'events:ListEventSources', (client) =>
        allPages(async (token) => {
          const page = await client.listEventSources({
            NamePrefix: namePrefix,
            ...tokenAs('NextToken', token),
          });
          return { items: page.EventSources?.map(readSource), next: page.NextToken };
        }),
      );
    },

    describeEventSource(name: string): Promise<EventSource | undefined> {
      return session.call('events', 'events:DescribeEventSource', async (client) => {
        const source = await unlessAbsent(client.describeEventSource({ Name: name }), ABSENT);
        return source && readSource(source);
      });
    },

    listEventBuses(namePrefix?: string): Promise<EventBus[]> {
      return session.call('events', 'events:ListEventBuses', (client) =>
        allPages(async (token) => {
          const page = await client.listEventBuses({
            ...(namePrefix ? { NamePrefix: namePrefix } : {}),
            ...tokenAs('NextToken', token),
          });
          return { items: page.EventBuses?.map(readBus), next: page.NextToken };
        }),
      );
    },

    describeEventBus(name: string): Promise<EventBus | undefined> {
      return session.call('events', 'events:DescribeEventBus', async (client) => {
        const bus = await unlessAbsent(client.describeEventBus({ Name: name }), ABSENT);
        return bus && readBus(bus);
      });
    },

    /** Rules of one bus; none when the bus does not exist. */
    listRules(busName: string): Promise<Rule[]> {
      return session.call('events', 'events:ListRules', async (client) => {
        const rules = allPages(async (token) => {
          const page = await client.listRules({ EventBusName: busName, ...tokenAs('NextToken', token) });
          return { items: page.Rules?.map(readRule), next: page.NextToken };
        });
        return (await unlessAbsent(rules, ABSENT)) ?? [];
      });
    },

    describeRule(busName: string, name: string): Promise<Rule | undefined> {
      return session.call('events', 'events:DescribeRule', async (client) => {
        const rule = await unlessAbsent(client.describeRule({ EventBusName: busName, Name: name }), ABSENT);
        return rule && readRule(rule);
      });
    },

    /** Targets of one rule; none when the rule does not exist. */
    listTargets(busName: string, rule: string): Promise<Target[]> {
      return session.call('events', 'events:ListTargetsByRule', async (client) => {
        const targets = allPages(async (token) => {
          const page = await client.listTargetsByRule({
            EventBusName: busName,
            Rule: rule,
            ...tokenAs('NextToken', token),
          });
          return { items: page.Targets, next: page.NextToken };
        });
        return ((await unlessAbsent(targets, ABSENT)) ?? []).map((target) => ({
          id: target.Id ?? '',
          arn: target.Arn ?? '',
          retryPolicy: target.RetryPolicy
            ? {
                maximumRetryAttempts: target.RetryPolicy.MaximumRetryAttempts ?? null,
                maximumEventAgeSeconds: target.RetryPolicy.MaximumEventAgeInSeconds ?? null,
              }
            : null,
          deadLetterArn: target.DeadLetterConfig?.Arn ?? null,
          roleArn: target.RoleArn ?? null,
          transformed: Boolean(target.Input || target.InputPath || target.InputTransformer),
        }));
      });
    },

    /** Asks AWS itself whether a pattern matches an event (an envelope as JSON text). Touches nothing. */
    testEventPattern(pattern: string, event: string): Promise<boolean> {
      return session.call('events', 'events:TestEventPattern', async (client) => {
        const answer = await client.testEventPattern({ EventPattern: pattern, Event: event });
        return answer.Result === true;
      });
    },

    /** Archives of one bus. */
    listArchives(busArn: string): Promise<Archive[]> {
      return session.call('events', 'events:ListArchives', (client) =>
        allPages(async (token) => {
          const page = await client.listArchives({ EventSourceArn: busArn, ...tokenAs('NextToken', token) });
          return { items: page.Archives?.map((archive) => readArchive(archive)), next: page.NextToken };
        }),
      );
    },

    replay(name: string): Promise<Replay | undefined> {
      return session.call('events', 'events:DescribeReplay', async (client) => {
        const replay = await unlessAbsent(client.describeReplay({ ReplayName: name }), ABSENT);
        return (
          replay && {
            state: replay.State ?? 'UNKNOWN',
            reason: replay.StateReason ?? null,
            lastReplayedAt: iso(replay.EventLastReplayedTime),
          }
        );
      });
    },

    describeArchive(name: string): Promise<Archive | undefined> {
      return session.call('events', 'events:DescribeArchive', async (client) => {
        const archive = await unlessAbsent(client.describeArchive({ ArchiveName: name }), ABSENT);
        return archive && readArchive(archive);
      });
    },

    /** Tags of a bus or a rule; undefined when it does not exist. */
    listTags(arn: string): Promise<Tags | undefined> {
      return session.call('events', 'events:ListTagsForResource', async (client) => {
        const answer = await unlessAbsent(client.listTagsForResource({ ResourceARN: arn }), ABSENT);
        return answer && tagsOf(answer.Tags);
      });
    },
  };
}

function readBus(bus: {
  Name?: string | undefined;
  Arn?: string | undefined;
  Description?: string | undefined;
  Policy?: string | undefined;
}): EventBus {
  return {
    name: bus.Name ?? '',
    arn: bus.Arn ?? '',
    description: bus.Description ?? null,
    policy: bus.Policy ?? null,
  };
}

function readArchive(archive: {
  ArchiveName?: string | undefined;
  ArchiveArn?: string | undefined;
  EventSourceArn?: string | undefined;
  State?: ArchiveState | undefined;
  StateReason?: string | undefined;
  RetentionDays?: number | undefined;
  EventPattern?: string | undefined;
  EventCount?: number | undefined;
  CreationTime?: Date | undefined;
}): Archive {
  return {
    name: archive.ArchiveName ?? '',
    arn: archive.ArchiveArn ?? null,
    sourceArn: archive.EventSourceArn ?? '',
    state: archive.State ?? 'UNKNOWN',
    stateReason: archive.StateReason ?? null,
    retentionDays: archive.RetentionDays ?? 0,
    eventPattern: archive.EventPattern ?? null,
    eventCount: archive.EventCount ?? 0,
    createdAt: iso(archive.CreationTime),
  };
}
