import type { AwsSession } from './session.js';

export interface CallerIdentity {
  account: string;
  /** The principal: a user's or an assumed role's ARN. */
  arn: string;
  userId: string;
}

export interface ClockComparison {
  serverTime: string;
  localTime: string;
  /** Positive: AWS is ahead of this machine. Precise to a second or two. */
  offsetMs: number;
}

export function stsReads(session: AwsSession) {
  return {
    callerIdentity(): Promise<CallerIdentity> {
      return session.call('sts', 'sts:GetCallerIdentity', async (client) => {
        const answer = await client.getCallerIdentity({});
        return { account: answer.Account ?? '', arn: answer.Arn ?? '', userId: answer.UserId ?? '' };
      });
    },

    /** Compares this machine's clock with the Date header of an answer; null when there was none. */
    clock(): Promise<ClockComparison | null> {
      return session.call('sts', 'sts:GetCallerIdentity', async (client) => {
        let date: string | undefined;
        client.middlewareStack.add(
          (next) => async (args) => {
            const result = await next(args);
            const response = result.response as { headers?: Record<string, string> } | undefined;
            date = response?.headers?.date;
            return result;
          },
          { step: 'deserialize', priority: 'low', name: 'readDate', override: true },
        );
        const before = Date.now();
        await client.getCallerIdentity({});
        const local = (before + Date.now()) / 2;
        if (date === undefined) return null;
        // The header is cut to whole seconds: its middle is the better guess.
        const server = Date.parse(date) + 500;
        return {
          serverTime: new Date(server).toISOString(),
          localTime: new Date(local).toISOString(),
          offsetMs: Math.round(server - local),
        };
      });
    },
  };
}
