import type { LocalCloud } from '../../kernel/cloud.js';
import { DEFAULT_BUS } from './names.js';

export type RuleMetric =
  | 'MatchedEvents'
  | 'TriggeredRules'
  | 'Invocations'
  | 'InvocationAttempts'
  | 'SuccessfulInvocationAttempts'
  | 'FailedInvocations'
  | 'RetryInvocationAttempts'
  | 'InvocationsSentToDlq'
  | 'InvocationsFailedToBeSentToDlq';

interface OfRule {
  region: string;
  bus: string;
  rule: string;
}

/** RuleName alone means the default bus; on any other bus both names are dimensions, and an alarm needs both. */
function dimensions({ bus, rule }: OfRule): Record<string, string> {
  return bus === DEFAULT_BUS ? { RuleName: rule } : { EventBusName: bus, RuleName: rule };
}

export function countRule(cloud: LocalCloud, of: OfRule, metric: RuleMetric): void {
  cloud.port('metrics').put(of.region, 'AWS/Events', metric, 1, dimensions(of), 'Count');
}

export function measureLatency(cloud: LocalCloud, of: OfRule, milliseconds: number): void {
  cloud
    .port('metrics')
    .put(
      of.region,
      'AWS/Events',
      'IngestionToInvocationStartLatency',
      milliseconds,
      dimensions(of),
      'Milliseconds',
    );
}

/** Partner events that AWS took in, whether or not anybody listens. */
export function countPartnerEvent(cloud: LocalCloud, region: string, sourceName: string): void {
  cloud.port('metrics').put(region, 'AWS/Events', 'Events', 1, { EventSourceName: sourceName }, 'Count');
}
