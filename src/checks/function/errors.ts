import { fail, pass, skipped } from '../../core/finding.js';
import type { World } from '../../world/world.js';
import type { PathCheck } from '../types.js';
import { deployedFunctions, FUNCTION_ACTIONS, functionEvidence } from './path-functions.js';

/** What each metric counts, as a person would say it. */
const LOSSES: readonly [string, string, string][] = [
  ['Errors', 'error', 'errors'],
  ['Throttles', 'throttle', 'throttles'],
  ['AsyncEventsDropped', 'dropped event', 'dropped events'],
  ['DeadLetterErrors', 'failure to reach the dead-letter queue', 'failures to reach the dead-letter queue'],
  ['DestinationDeliveryFailures', 'failure to reach the queue', 'failures to reach the queue'],
];

export const errors: PathCheck = {
  id: 'function.errors',
  title: 'The handlers ran without errors, throttles or dropped events lately',
  area: 'function',
  severity: 'fail',
  item: 5,
  needs: ['function.state'],
  iam: [...FUNCTION_ACTIONS, 'cloudwatch:GetMetricData'],
  operational: true,
  why: 'An error that its retry made good is still a warning; a dropped event is a payment that nobody will hear of.',
  async inspect(world) {
    const functions = await deployedFunctions(world, 'event', 'webhook', 'drain');
    if (functions.length === 0) return skipped('no handler is deployed');
    const counted = await Promise.all(
      functions.map(async ({ name, deployed }) => ({
        name,
        logGroup: deployed.logGroup,
        losses: await lossesOf(world, name),
      })),
    );
    const hours = Math.round(world.choices.windowMs / 3_600_000);
    const bad = counted.filter(({ losses }) => losses.length > 0);
    if (bad.length === 0) return pass(`none in ${hours} h`, { evidence: functionEvidence(world, functions) });
    return fail(
      `${bad.map(({ name, losses }) => `${name}: ${losses.join(', ')}`).join('; ')} in ${hours} h`,
      {
        expected: 'none',
        actual: bad.map(({ losses }) => losses.join(', ')).join('; '),
        evidence: [
          ...functionEvidence(world, bad),
          ...bad.map(({ logGroup }) => ({
            label: 'log group',
            value: logGroup,
            url: world.links.logGroup(logGroup),
          })),
        ],
        remedy: {
          text: 'The log group shows why. What was retried in vain waits in the dead-letter queue.',
          commands: ['cachao replay-dlq --list'],
          fixable: false,
        },
      },
    );
  },
};

async function lossesOf(world: World, name: string): Promise<string[]> {
  const counts = await Promise.all(LOSSES.map(([metric]) => total(world, name, metric)));
  return LOSSES.flatMap(([, one, many], index) => {
    const count = counts[index] ?? 0;
    return count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
  });
}

async function total(world: World, functionName: string, name: string): Promise<number> {
  const windowSeconds = Math.ceil(world.choices.windowMs / 60_000) * 60;
  const points = await world.cloudwatch.metric({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: functionName },
    statistic: 'Sum',
    windowSeconds,
    // One point for the whole window would cut it where AWS aligns its periods.
    periodSeconds: 300,
  });
  return points.reduce((sum, point) => sum + point.value, 0);
}
