import type { LocalCloud } from '../../../kernel/cloud.js';
import type { DeliveryRecord } from '../records.js';
import { DeliveryError } from './failure.js';

interface LogPolicies {
  resourcePolicies?: { policyDocument?: string }[];
}

/** Writes to a CloudWatch Logs group, which needs a log resource policy that names events.amazonaws.com. */
export async function sendToLogGroup(
  cloud: LocalCloud,
  delivery: DeliveryRecord,
  payload: string,
): Promise<void> {
  const arn = delivery.target.Arn.replace(/:\*$/, '');
  const region = arn.split(':')[3] ?? delivery.region;
  const group = arn.split(':log-group:')[1] ?? '';
  const as = { principal: { kind: 'service', service: 'events.amazonaws.com' } as const, region };
  const { logGroups } = (await cloud.call(
    'logs',
    'DescribeLogGroups',
    { logGroupNamePrefix: group },
    as,
  )) as {
    logGroups?: { logGroupName?: string }[];
  };
  if (!logGroups?.some(({ logGroupName }) => logGroupName === group))
    throw new DeliveryError('NO_RESOURCE', `Log group ${group} does not exist.`);
  const { resourcePolicies } = (await cloud.call('logs', 'DescribeResourcePolicies', {}, as)) as LogPolicies;
  const allowed = (resourcePolicies ?? []).some(({ policyDocument }) =>
    cloud.port('iam').allows({
      principal: as.principal,
      action: 'logs:PutLogEvents',
      resource: `${arn}:log-stream:${delivery.id}`,
      context: { 'aws:SourceArn': delivery.ruleArn },
      ...(policyDocument === undefined ? {} : { resourcePolicy: policyDocument }),
    }),
  );
  if (!allowed)
    throw new DeliveryError(
      'NO_PERMISSIONS',
      `No log resource policy lets events.amazonaws.com write to ${group}.`,
    );
  cloud.port('logs').write(region, group, delivery.id, [{ timestamp: cloud.clock.now(), message: payload }]);
}
