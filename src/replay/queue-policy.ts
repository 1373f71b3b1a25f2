interface Statement {
  Effect?: unknown;
  Principal?: unknown;
  Action?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

const NOT = /^(Arn|String)Not(Equals|Like)$/;
const SENDER = /^aws:(sourcearn|principalarn)$/i;
const SENDING = /^sqs:(\*|sendmessage)$/i;

/**
 * Whether a queue's policy denies sending to everybody but named senders. Without that, whoever may send in the
 * account can put an event in, and an identity policy alone is enough for it.
 */
export function isSealed(policy: string | null): boolean {
  return statementsOf(policy).some(
    ({ Effect, Principal, Action, Condition }) =>
      Effect === 'Deny' &&
      isEverybody(Principal) &&
      listOf(Action).some((action) => SENDING.test(String(action))) &&
      Object.entries(Condition ?? {}).some(
        ([operator, keys]) => NOT.test(operator) && Object.keys(keys).some((key) => SENDER.test(key)),
      ),
  );
}

function statementsOf(policy: string | null): Statement[] {
  try {
    return listOf((JSON.parse(policy ?? '{}') as { Statement?: unknown }).Statement) as Statement[];
  } catch {
    return [];
  }
}

function isEverybody(principal: unknown): boolean {
  if (principal === '*') return true;
  return listOf((principal as { AWS?: unknown } | undefined)?.AWS).includes('*');
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
