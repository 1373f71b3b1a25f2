import { isCode, unlessAbsent } from './errors.js';
import { allPages, tokenAs } from './pages.js';
import type { AwsSession } from './session.js';
import type { Tags } from './tags.js';

const ABSENT = 'ResourceNotFoundException';
const MOST_SEARCHES = 20;

export interface LogGroup {
  name: string;
  arn: string;
  /** Null: kept for ever. */
  retentionDays: number | null;
  storedBytes: number;
}

export interface LogEvent {
  /** ISO 8601 with milliseconds. */
  time: string;
  stream: string;
  message: string;
}

export interface LogQuery {
  group: string;
  /** CloudWatch Logs' filter pattern: `"evt_123"`. */
  pattern?: string;
  /** ISO 8601. */
  since: string;
  until?: string;
  /** At most so many events. */
  most: number;
}

export function logsReads(session: AwsSession) {
  return {
    /** Groups whose name begins so. */
    logGroups(namePrefix: string): Promise<LogGroup[]> {
      return session.call('logs', 'logs:DescribeLogGroups', (client) =>
        allPages(async (token) => {
          const page = await client.describeLogGroups({
            ...(namePrefix ? { logGroupNamePrefix: namePrefix } : {}),
            ...tokenAs('nextToken', token),
          });
          return {
            items: page.logGroups?.map((group) => ({
              name: group.logGroupName ?? '',
              arn: (group.logGroupArn ?? group.arn ?? '').replace(/:\*$/, ''),
              retentionDays: group.retentionInDays ?? null,
              storedBytes: group.storedBytes ?? 0,
            })),
            next: page.nextToken,
          };
        }),
      );
    },

    /** Events that match, oldest first; none when the group does not exist. */
    filterEvents(query: LogQuery): Promise<LogEvent[]> {
      return session.call('logs', 'logs:FilterLogEvents', async (client) => {
        const found: LogEvent[] = [];
        let token: string | undefined;
        // A page may be empty and yet have a next: each searches only a part of the group.
        for (let search = 0; search < MOST_SEARCHES && found.length < query.most; search++) {
          const page = await unlessAbsent(
            client.filterLogEvents({
              logGroupName: query.group,
              startTime: Date.parse(query.since),
              ...(query.until ? { endTime: Date.parse(query.until) } : {}),
              ...(query.pattern ? { filterPattern: query.pattern } : {}),
              limit: Math.min(10_000, query.most - found.length),
              ...tokenAs('nextToken', token),
            }),
            ABSENT,
          );
          for (const event of page?.events ?? [])
            found.push({
              time: new Date(event.timestamp ?? 0).toISOString(),
              stream: event.logStreamName ?? '',
              message: event.message ?? '',
            });
          token = page?.nextToken;
          if (!token) break;
        }
        return found;
      });
    },
  };
}

export function logsWrites(session: AwsSession) {
  return {
    /** One that is there already is fine. */
    async createLogGroup(group: string, tags: Tags): Promise<void> {
      await session.call('logs', 'logs:CreateLogGroup', async (client) => {
        try {
          await client.createLogGroup({ logGroupName: group, tags });
        } catch (error) {
          if (!isCode(error, 'ResourceAlreadyExistsException')) throw error;
        }
      });
    },

    async setRetention(group: string, days: number): Promise<void> {
      await session.call('logs', 'logs:PutRetentionPolicy', (client) =>
        client.putRetentionPolicy({ logGroupName: group, retentionInDays: days }),
      );
    },

    async tag(groupArn: string, tags: Tags): Promise<void> {
      await session.call('logs', 'logs:TagResource', (client) =>
        client.tagResource({ resourceArn: groupArn, tags }),
      );
    },

    async deleteLogGroup(group: string): Promise<void> {
      await session.call('logs', 'logs:DeleteLogGroup', (client) =>
        unlessAbsent(client.deleteLogGroup({ logGroupName: group }), ABSENT),
      );
    },
  };
}
