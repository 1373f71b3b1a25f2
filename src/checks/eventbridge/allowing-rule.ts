import type { Queue } from '../../aws/sqs.js';

type Raw = Record<string, unknown>;

/**
 * A queue's policy with one more rule let in: named in a statement of its own, and excepted from every denial that
 * shuts out whoever it does not name. All that is there stays.
 */
export function allowingRule(queue: Queue, ruleArn: string): string {
  const policy = read(queue.policy);
  const statements = (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]).filter(
    Boolean,
  ) as Raw[];
  const kept = statements.map((statement) => excepting(statement, ruleArn));
  return JSON.stringify({
    Version: '2012-10-17',
    ...policy,
    Statement: [...kept, allowance(freeSid(kept), queue.arn, ruleArn)],
  });
}

function read(policy: string | null): Raw {
  return policy ? (JSON.parse(policy) as Raw) : {};
}

function allowance(sid: string, queueArn: string, ruleArn: string): Raw {
  return {
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
  };
}

/** `RuleSends` as in our template; where that is taken, the next that is free. */
function freeSid(statements: readonly Raw[]): string {
  const taken = new Set(statements.map((statement) => statement.Sid));
  for (let n = 1; ; n++) {
    const sid = n === 1 ? 'RuleSends' : `RuleSends${n}`;
    if (!taken.has(sid)) return sid;
  }
}

/** A denial of all but some sources, with this one among them; any other statement as it is. */
function excepting(statement: Raw, ruleArn: string): Raw {
  const condition = statement.Condition as Record<string, Record<string, string | string[]>> | undefined;
  const operator = ['ArnNotEquals', 'ArnNotLike', 'StringNotEquals', 'StringNotLike'].find(
    (name) => condition?.[name] && sourceKey(condition[name]) !== undefined,
  );
  if (statement.Effect !== 'Deny' || !condition || !operator) return statement;
  const keys = condition[operator] ?? {};
  const key = sourceKey(keys) as string;
  const sources = [...new Set([keys[key] ?? [], ruleArn].flat())];
  const excepted = sources.length === 1 ? (sources[0] as string) : sources;
  return { ...statement, Condition: { ...condition, [operator]: { ...keys, [key]: excepted } } };
}

const sourceKey = (keys: object) => Object.keys(keys).find((key) => key.toLowerCase() === 'aws:sourcearn');
