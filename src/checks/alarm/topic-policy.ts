import { glob, isForEverybody, type Statement, speaksOf, statementsOf } from '../../world/policy-document.js';

const PUBLISH = 'sns:Publish';
const CLOUDWATCH = 'cloudwatch.amazonaws.com';

/** Whether CloudWatch may publish an alarm's message, as far as the topic's policy can be read from here. */
export function letsCloudWatchPublish(policy: string | null, alarmArn: string): boolean {
  const statements = statementsOf(policy).filter(
    (statement) => speaksOf(statement, PUBLISH) && speaksToCloudWatch(statement),
  );
  const applies = (statement: Statement) => conditionsHold(statement, alarmArn);
  return (
    statements.some((one) => one.effect === 'Allow' && applies(one) !== false) &&
    !statements.some((one) => one.effect === 'Deny' && applies(one) === true)
  );
}

function speaksToCloudWatch(statement: Statement): boolean {
  return (
    isForEverybody(statement) ||
    statement.principals.some(({ kind, value }) => kind === 'Service' && value === CLOUDWATCH)
  );
}

/** Undefined where a condition is about something that cannot be told from here. */
function conditionsHold(statement: Statement, alarmArn: string): boolean | undefined {
  const account = alarmArn.split(':')[4] ?? '';
  const facts: Record<string, string> = {
    'aws:sourcearn': alarmArn,
    'aws:sourceaccount': account,
    'aws:sourceowner': account,
    // CloudWatch always comes over TLS.
    'aws:securetransport': 'true',
  };
  const held = Object.entries(statement.conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => holds(operator, facts[key], values)),
  );
  if (held.includes(false)) return false;
  return held.includes(undefined) ? undefined : true;
}

function holds(operator: string, fact: string | undefined, values: string[]): boolean | undefined {
  const [, kind, negated] = /^(Arn|String|Bool)(Not)?(?:Equals|Like)?(?:IfExists)?$/.exec(operator) ?? [];
  if (fact === undefined || kind === undefined) return undefined;
  const matches = values.some((value) => glob(value, fact));
  return negated ? !matches : matches;
}
