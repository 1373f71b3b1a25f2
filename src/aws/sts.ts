import type { AwsSession } from './session.js';

export interface CallerIdentity {
  account: string;
  /** The principal: a user's or an assumed role's ARN. */
  arn: string;
  userId: string;
  /** How far this machine's clock is ahead of AWS's, to a second or two; null when the answer bore no date. */
  clockAheadMs: number | null;
}

export function stsReads(session: AwsSession) {
  return {
    callerIdentity(): Promise<CallerIdentity> {
      return session.call('sts', 'sts:GetCallerIdentity', async (client) => {
        let clockAheadMs: number | null = null;
        client.middlewareStack.add(
          (next) => async (args) => {
            const result = await next(args);
            const response = result.response as { headers?: Record<string, string> } | undefined;
            const date = Date.parse(response?.headers?.date ?? '');
            // The header is cut to whole seconds: its middle is the better guess.
            if (!Number.isNaN(date)) clockAheadMs = Date.now() - (date + 500);
            return result;
          },
          { step: 'deserialize', priority: 'low', name: 'readDate', override: true },
        );
        const answer = await client.getCallerIdentity({});
        return {
          account: answer.Account ?? '',
          arn: answer.Arn ?? '',
          userId: answer.UserId ?? '',
          clockAheadMs,
        };
      });
    },
  };
}
