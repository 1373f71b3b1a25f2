import type { Target as SdkTarget } from '@aws-sdk/client-eventbridge';
import { CachaoError } from '../core/errors.js';
import { isCode, unlessAbsent } from './errors.js';
import { allPages, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import { type Tags, tagList } from './tags.js';

const ABSENT = 'ResourceNotFoundException';

/** What a target gets; what is not named stays as it is. */
export interface TargetChange {
  deadLetterArn?: string;
  retryPolicy?: { maximumRetryAttempts: number; maximumEventAgeSeconds: number };
}

export function eventbridgeWrites(session: AwsSession) {
  return {
    /** The bus of a partner source: it bears the source's exact name. One that exists already is left as it is. */
    async createPartnerEventBus(
      sourceName: string,
      description: string,
      tags: Tags,
    ): Promise<{ created: boolean }> {
      return session.call('events', 'events:CreateEventBus', async (client) => {
        try {
          await client.createEventBus({
            Name: sourceName,
            EventSourceName: sourceName,
            Description: description,
            Tags: tagList(tags),
          });
          return { created: true };
        } catch (error) {
          // A repeated request whose first answer was lost finds its own bus.
          if (isCode(error, 'ResourceAlreadyExistsException')) return { created: false };
          throw error;
        }
      });
    },

    /** Its rules must be gone. */
    async deleteEventBus(name: string): Promise<void> {
      await session.call('events', 'events:DeleteEventBus', (client) =>
        client.deleteEventBus({ Name: name }),
      );
    },

    async activateEventSource(name: string): Promise<void> {
      await session.call('events', 'events:ActivateEventSource', (client) =>
        client.activateEventSource({ Name: name }),
      );
    },

    async enableRule(busName: string, name: string): Promise<void> {
      await session.call('events', 'events:EnableRule', (client) =>
        client.enableRule({ EventBusName: busName, Name: name }),
      );
    },

    async disableRule(busName: string, name: string): Promise<void> {
      await session.call('events', 'events:DisableRule', (client) =>
        client.disableRule({ EventBusName: busName, Name: name }),
      );
    },

    /** Changes one target, keeping all else that a person or a stack put there: PutTargets replaces the whole target. */
    async changeTarget(busName: string, rule: string, targetId: string, change: TargetChange): Promise<void> {
      const targets = await session.call('events', 'events:ListTargetsByRule', (client) =>
        allPages(async (token) => {
          const page = await client.listTargetsByRule({
            EventBusName: busName,
            Rule: rule,
            ...tokenAs('NextToken', token),
          });
          return { items: page.Targets, next: page.NextToken };
        }),
      );
      const target = targets.find((candidate) => candidate.Id === targetId);
      if (!target) throw refusal(`the rule ${rule} has no target ${targetId}`);
      await session.call('events', 'events:PutTargets', async (client) => {
        const answer = await client.putTargets({
          EventBusName: busName,
          Rule: rule,
          Targets: [merged(target, change)],
        });
        const failed = answer.FailedEntries?.[0];
        if (failed) throw refusal(`${failed.ErrorMessage} (${failed.ErrorCode})`);
      });
    },

    /** Deletes a rule with its targets; one that is gone is fine. */
    async deleteRule(busName: string, name: string, targetIds: readonly string[]): Promise<void> {
      await session.call('events', 'events:RemoveTargets', async (client) => {
        if (targetIds.length > 0)
          await unlessAbsent(
            client.removeTargets({ EventBusName: busName, Rule: name, Ids: [...targetIds] }),
            ABSENT,
          );
      });
      await session.call('events', 'events:DeleteRule', (client) =>
        client.deleteRule({ EventBusName: busName, Name: name }),
      );
    },

    /** Makes sure that an archive of this name keeps the bus's events for so many days. */
    async putArchive(
      name: string,
      busArn: string,
      description: string,
      retentionDays: number,
    ): Promise<void> {
      await session.call('events', 'events:CreateArchive', async (client) => {
        try {
          await client.createArchive({
            ArchiveName: name,
            EventSourceArn: busArn,
            Description: description,
            RetentionDays: retentionDays,
          });
        } catch (error) {
          if (!isCode(error, 'ResourceAlreadyExistsException')) throw error;
          await client.updateArchive({ ArchiveName: name, RetentionDays: retentionDays });
        }
      });
    },

    /** Sends what the archive holds of a window to some of the bus's rules once more. */
    async startReplay(replay: {
      name: string;
      archiveArn: string;
      busArn: string;
      ruleArns: string[];
      from: Date;
      to: Date;
    }): Promise<void> {
      await session.call('events', 'events:StartReplay', async (client) => {
        try {
          await client.startReplay({
            ReplayName: replay.name,
            EventSourceArn: replay.archiveArn,
            EventStartTime: replay.from,
            EventEndTime: replay.to,
            Destination: { Arn: replay.busArn, FilterArns: replay.ruleArns },
          });
        } catch (error) {
          // A repeated request whose first answer was lost finds its own replay: the name is its alone.
          if (!isCode(error, 'ResourceAlreadyExistsException')) throw error;
        }
      });
    },

    /** One that has ended meanwhile is fine. */
    async cancelReplay(name: string): Promise<void> {
      await session.call('events', 'events:CancelReplay', (client) =>
        unlessAbsent(client.cancelReplay({ ReplayName: name }), 'IllegalStatusException', ABSENT),
      );
    },

    async deleteArchive(name: string): Promise<void> {
      await session.call('events', 'events:DeleteArchive', (client) =>
        unlessAbsent(client.deleteArchive({ ArchiveName: name }), ABSENT),
      );
    },

    /** Adds tags; others stay. */
    async tag(arn: string, tags: Tags): Promise<void> {
      await session.call('events', 'events:TagResource', (client) =>
        client.tagResource({ ResourceARN: arn, Tags: tagList(tags) }),
      );
    },
  };
}

function merged(target: SdkTarget, change: TargetChange): SdkTarget {
  return {
    ...target,
    ...(change.deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: change.deadLetterArn } }),
    ...(change.retryPolicy === undefined
      ? {}
      : {
          RetryPolicy: {
            MaximumRetryAttempts: change.retryPolicy.maximumRetryAttempts,
            MaximumEventAgeInSeconds: change.retryPolicy.maximumEventAgeSeconds,
          },
        }),
  };
}

function refusal(reason: string): CachaoError {
  return new CachaoError({
    code: 'AWS_REFUSED',
    message: `EventBridge did not change the target: ${reason}.`,
    next: ['Look at the rule in the EventBridge console, then run the command again.'],
  });
}
